"""Append events under the one lock that orders them all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import Driver, driver_of, is_broken, translated
from treaty_ledger.store.values import Entry, Known, Prior, Target, Wanted


class AppendTransaction:
    """Read and append within one transaction, in this order: `lock_and_read`, then `append`."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def lock_and_read(self, wanted: Wanted) -> Prior:
        """Wait for the lock that orders all appends, then return what was recorded by then.

        The lock is held to the end of the transaction.
        """
        rows = await self._driver.fetch(
            statement("lock_and_read"), wanted.identities, wanted.streams, wanted.targets, wanted.codes
        )
        return _prior(rows)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Store entries whose positions follow the last one."""
        await _append(self._driver, entries)


class Appends:
    """Begin transactions that append, on one connection that nobody else uses and that stays open between them."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AppendTransaction]:
        """Give a transaction that is committed when the block ends well.

        Raises DatabaseUnavailable: then it is unknown whether it was committed. Raises RefusedByDatabase: it was not.
        """
        async with self._driver() as driver, driver.transaction(isolation="read_committed"):
            yield AppendTransaction(driver)

    async def append(self, entries: Sequence[Entry]) -> None:
        """Store entries in a transaction of their own, in one exchange.

        Raises DatabaseUnavailable: then it is unknown whether they are stored. Raises RefusedByDatabase: they are not,
        for instance because something else was recorded since.
        """
        async with self._driver() as driver:
            await _append(driver, entries)

    async def close(self) -> None:
        """Give the connection up; the next transaction opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    @asynccontextmanager
    async def _driver(self) -> AsyncIterator[Driver]:
        """Give the connection, and give it up when it breaks."""
        with translated():
            driver = await driver_of(await self._open())
            try:
                yield driver
            except BaseException as error:
                if is_broken(driver, error):
                    await self.close()
                raise

    async def _open(self) -> AsyncConnection:
        if self._connection is None:
            self._connection = await self._engine.connect()
        return self._connection


async def _append(driver: Driver, entries: Sequence[Entry]) -> None:
    columns = zip(*entries, strict=True)
    await driver.execute(statement("append_events"), *columns, entries[-1].position + 1)


def _prior(rows: Sequence[asyncpg.Record]) -> Prior:
    size, last = 0, None
    versions: dict[str, int] = {}
    known: dict[bytes, Known] = {}
    targets: dict[int, Target] = {}
    codes: set[str] = set()
    now, *others = rows
    for kind, identity, stream, position, version, at, content_hash, leaf_hash, superseded in others:
        match kind:
            case "head":
                size, last = position + 1, at
            case "known":
                known[identity] = Known(position, stream, version, at, content_hash, leaf_hash)
            case "stream":
                versions[stream] = version
            case "target":
                targets[position] = Target(stream, superseded)
            case "code":
                codes.add(stream)
    return Prior(
        size=size,
        now=now["recorded_at"],
        last_recorded_at=last,
        versions=versions,
        known=known,
        targets=targets,
        codes=frozenset(codes),
    )
