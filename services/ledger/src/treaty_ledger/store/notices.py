"""Hear when any process has recorded something."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import Driver, lent

_CHANNEL = "ledger_head"
_LONGEST_SIZE = 20  # digits: more than a position has


class Listening:
    """Hold a connection that hears of commits."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    async def size(self) -> int:
        """Return how many events are recorded; raise when the connection, and with it hearing, is lost."""
        size: int = await self._driver.fetchval(statement("log_size"))
        return size


class Notices:
    """Listen on a connection that nobody else uses."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def listening(self, heard: Callable[[int], None]) -> AsyncIterator[Listening]:
        """Call `heard` with a size after each commit, while the block runs; raise DatabaseUnavailable.

        Whoever may connect to the database can notify of any size: it is a reason to look, and nothing to rely on.
        """

        def hear(_connection: object, _pid: int, _channel: str, payload: object) -> None:
            said = str(payload)
            if said.isdecimal() and len(said) < _LONGEST_SIZE:
                heard(int(said))

        async with lent(self._engine) as driver:
            await driver.add_listener(_CHANNEL, hear)
            try:
                yield Listening(driver)
            finally:
                if not driver.is_closed():
                    await driver.remove_listener(_CHANNEL, hear)
