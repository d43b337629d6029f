"""Open connections, and translate what the driver raises into what the ledger means."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeAlias

import asyncpg
from sqlalchemy import AsyncAdaptedQueuePool, PoolProxiedConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from treaty_door.instruments import PoolState
from treaty_ledger.errors import DatabaseUnavailable, DatabaseUnreachable, NotMigrated, RefusedByDatabase
from treaty_ledger.sql import statement

Driver: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
"""The driver's own connection, which hot paths use without SQLAlchemy's statements around it."""

REQUIRED_REVISION = "0003"
"""The earliest migration this release works with."""

_CONNECT_SECONDS = 5.0
_COMMAND_SECONDS = 30.0  # longer than any limit of the server's: only a connection that died silently reaches it
_SETTINGS = {
    "lock_timeout": "4s",
    "statement_timeout": "20s",
    "idle_in_transaction_session_timeout": "10s",  # a paused process must not hold the lock that orders appends
    "jit": "off",  # compiling costs more than any statement here
}
_REFUSED_DATA = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)

_DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


def open_engine(url: str, *, name: str, size: int, wait_seconds: float) -> AsyncEngine:
    """Return an engine whose pool holds `size` connections to a libpq-style URL; no connection is made yet.

    A connection of several is asked for a sign of life before it is lent; the user of a single one tries again.
    """

    async def connect() -> Driver:
        return await asyncpg.connect(
            url,
            timeout=_CONNECT_SECONDS,
            command_timeout=_COMMAND_SECONDS,
            server_settings={**_SETTINGS, "application_name": name},
        )

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        pool_size=size,
        max_overflow=0,
        poolclass=_CountingPool,
        pool_timeout=wait_seconds,
        pool_pre_ping=size > 1,
    )


class _CountingPool(AsyncAdaptedQueuePool):
    """Know how many wait for a connection, which SQLAlchemy does not tell."""

    waiting = 0
    _sqla_logger_namespace = "sqlalchemy.pool"  # where SQLAlchemy's own pools write, and are silent by default

    def connect(self) -> PoolProxiedConnection:
        self.waiting += 1
        try:
            return super().connect()
        finally:
            self.waiting -= 1


def pool_state(engine: AsyncEngine) -> PoolState:
    """Return how busy the pool of an engine of ours is."""
    pool = engine.pool
    if not isinstance(pool, _CountingPool):
        raise TypeError(type(pool).__name__)
    return PoolState(pool.size(), pool.checkedout(), pool.waiting)


@asynccontextmanager
async def lent(engine: AsyncEngine) -> AsyncIterator[Driver]:
    """Lend a driver's connection; one that broke meanwhile is thrown away.

    Raises DatabaseUnavailable, or RefusedByDatabase for data that the server does not store.
    """
    with translated():
        async with engine.connect() as connection:
            driver = await driver_of(connection)
            try:
                yield driver
            except BaseException as error:
                if is_broken(driver, error):
                    await connection.invalidate()
                raise


async def driver_of(connection: AsyncConnection) -> Driver:
    """Return the driver's own connection under SQLAlchemy's."""
    pooled = await connection.get_raw_connection()
    driver: Driver = pooled.driver_connection  # type: ignore[assignment]  # SQLAlchemy types it as any driver's
    return driver


def is_broken(driver: Driver, error: BaseException) -> bool:
    """Tell whether a connection must not be used again after an error; an error of the server alone leaves it well."""
    return driver.is_closed() or driver.is_in_transaction() or not isinstance(error, asyncpg.PostgresError)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the errors of driver and pool into the ledger's own."""
    try:
        yield
    except _REFUSED_DATA as error:
        raise RefusedByDatabase(getattr(error, "constraint_name", None) or str(error)) from error
    except (*_DRIVER_ERRORS, SQLAlchemyError, OSError) as error:
        raise DatabaseUnavailable(f"{type(error).__name__}: {error}") from error


async def require_migrated(engine: AsyncEngine) -> None:
    """Raise DatabaseUnreachable or NotMigrated unless this release can work with the database."""
    try:
        async with lent(engine) as driver:
            await require_revision(driver)
    except DatabaseUnavailable as error:
        raise DatabaseUnreachable(error.reason) from error


async def require_revision(driver: Driver) -> None:
    """Raise NotMigrated unless the migrations have run that this release needs."""
    revision = await _revision(driver)
    if revision is None or revision < REQUIRED_REVISION:
        raise NotMigrated(revision)


async def _revision(driver: Driver) -> str | None:
    try:
        revision = await driver.fetchval(statement("schema_revision"))
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return None
    return str(revision) if revision is not None else None
