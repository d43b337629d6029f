"""Connect to the projector's database: pools whose connections look where a generation lies."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import asyncpg
from sqlalchemy import event
from sqlalchemy.engine import AdaptedConnection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from treaty_projector import sql
from treaty_projector.errors import DatabaseUnavailable, NotReady
from treaty_projector.generations import Place

_CONNECT_SECONDS = 5.0
_SILENT_SECONDS = 10.0  # beyond the server's own limit: only a connection that died silently reaches it

DRIVER_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
"""What the driver raises where the database does not answer; the third where a connection ends while it is asked."""

PAUSE_TIMEOUT_MS = 60_000
"""How long a transaction outlasts the silence of its process: its locks keep others waiting."""


def connect(
    url: str,
    *,
    place: Place,
    size: int,
    statement_timeout_ms: int,
    only_reads: bool,
    pause_timeout_ms: int = PAUSE_TIMEOUT_MS,
) -> AsyncEngine:
    """Return a pool of connections to the projector's database, each lent one reading the generation at `place`.

    Reads need no transaction: each answer names the size of the log it rests on, and rows known at a size stay.
    A transaction whose process pauses for longer than `pause_timeout_ms` is taken back, with the locks it holds.
    """
    settings = {
        "application_name": "treaty-projector",
        "statement_timeout": str(statement_timeout_ms),
        "idle_in_transaction_session_timeout": str(pause_timeout_ms),
    }

    async def open_connection() -> asyncpg.Connection[asyncpg.Record]:
        return await asyncpg.connect(
            url,
            timeout=_CONNECT_SECONDS,
            command_timeout=statement_timeout_ms / 1_000 + _SILENT_SECONDS,
            server_settings=settings,
        )

    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=open_connection,
        pool_size=size,
        max_overflow=0,
        pool_timeout=2.0,
        isolation_level="AUTOCOMMIT" if only_reads else "READ COMMITTED",
    )
    _let_look_in(engine, place)
    return engine


def _let_look_in(engine: AsyncEngine, place: Place) -> None:
    """Let each connection that is lent find its tables where the generation lies by then."""

    @event.listens_for(engine.sync_engine, "checkout")
    def look_there(connection: AdaptedConnection, record: ConnectionPoolEntry, _proxy: object) -> None:
        if record.info.get("schema") != place.schema:
            wanted = place.schema
            connection.run_async(lambda driver: driver.fetchval(sql.read("look_in_schema"), wanted))
            record.info["schema"] = wanted


def lacks_migration(error: BaseException | None) -> bool:
    """Tell whether the database answered that it has no such table or column."""
    while error is not None:
        if isinstance(error, asyncpg.UndefinedTableError | asyncpg.UndefinedColumnError):
            return True
        error = error.__cause__
    return False


@asynccontextmanager
async def connected(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection for reading; raise DatabaseUnavailable when there is none, or it breaks."""
    with translated():
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def transaction(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Lend a connection for what is written as a whole or not at all; raise DatabaseUnavailable when it breaks."""
    with translated():
        async with engine.begin() as connection:
            yield connection


async def driver_of(connection: AsyncConnection) -> asyncpg.Connection[asyncpg.Record]:
    """Return the driver's own connection beneath one; raise DatabaseUnavailable when it is gone."""
    driver: asyncpg.Connection[asyncpg.Record] | None = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise DatabaseUnavailable("the connection is gone")
    return driver


@asynccontextmanager
async def listening(engine: AsyncEngine, channel: str, hear: Callable[..., None]) -> AsyncIterator[AsyncConnection]:
    """Lend a connection that hears of a channel from now on; raise DatabaseUnavailable when it breaks."""
    async with connected(engine) as connection:
        driver = await driver_of(connection)
        await driver.add_listener(channel, hear)
        try:
            yield connection
        finally:
            if not driver.is_closed():
                await driver.remove_listener(channel, hear)


async def find_active(engine: AsyncEngine, place: Place) -> None:
    """Find the generation that answers; raise NotReady, with what to do, when the database has none, or is away."""
    try:
        async with connected(engine) as connection:
            row = (await connection.execute(sql.statement("served"))).one()
            place.move_to(row.schema, row.number)
    except DatabaseUnavailable as error:
        raise NotReady(
            f"{error}; check TREATY_PROJECTOR_DATABASE_URL, and run "
            "alembic -c migrations/alembic.ini -n projector upgrade head"
        ) from error


@contextmanager
def translated() -> Iterator[None]:
    """Raise DatabaseUnavailable for whatever the driver raises."""
    try:
        yield
    except (SQLAlchemyError, *DRIVER_ERRORS) as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise DatabaseUnavailable(first_line) from error
