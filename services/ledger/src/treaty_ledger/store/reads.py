"""Read recorded events, in short statements."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import lent, require_revision
from treaty_ledger.store.values import Filter, Recorded

STREAMED_AT_ONCE = 2_000
"""How many events one statement reads for an answer that streams."""


@dataclass(frozen=True, slots=True)
class StreamPage:
    """Hold some events of one stream, and the version it was at."""

    events: tuple[Recorded, ...]
    version: int


class Reads:
    """Answer what is recorded.

    Every method raises DatabaseUnavailable. Positions are committed in order, so that whoever sees a log of size n
    sees every event before n.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def require_ready(self) -> None:
        """Raise DatabaseUnavailable or NotMigrated unless there is something to read from."""
        async with lent(self._engine) as driver:
            await require_revision(driver)

    async def size(self) -> int:
        """Return how many events are recorded."""
        async with lent(self._engine) as driver:
            size: int = await driver.fetchval(statement("log_size"))
            return size

    async def event(self, position: int) -> Recorded | None:
        """Return the event at a position."""
        events = await self.events(Filter(), start=position, end=position + 1, limit=1)
        return events[0] if events else None

    async def events(self, chosen: Filter, *, start: int, end: int, limit: int) -> tuple[Recorded, ...]:
        """Return at most `limit` chosen events from position `start` on, before `end`, by position."""
        arguments: tuple[object, ...] = (start, end, limit)
        if chosen.treaty is not None:
            name = "matching_events_of_a_stream"
            arguments += (chosen.participant, chosen.type, chosen.treaty)
        elif chosen.participant is not None or chosen.type is not None:
            name = "matching_events"
            arguments += (chosen.participant, chosen.type)
        else:
            name = "recorded_events"
        return await self._fetch(name, *arguments)

    async def stream_of_events(self, chosen: Filter, *, start: int, end: int) -> AsyncIterator[tuple[Recorded, ...]]:
        """Yield every chosen event from `start` on, before `end`, in portions; no transaction stays open between."""
        while start < end:
            events = await self.events(chosen, start=start, end=end, limit=STREAMED_AT_ONCE)
            if events:
                yield events
            if len(events) < STREAMED_AT_ONCE:
                return
            start = events[-1].position + 1

    async def of_treaty(self, treaty: str, *, start: int, limit: int) -> StreamPage | None:
        """Return at most `limit` events of a stream from version `start` on; None when there is no such stream."""
        async with lent(self._engine) as driver:
            version: int | None = await driver.fetchval(statement("stream_version"), treaty)
            if version is None:
                return None
            rows = await driver.fetch(statement("stream_events"), treaty, start, limit)
        events = tuple(Recorded(*row) for row in rows if row["version"] <= version)
        return StreamPage(events, version)

    async def _fetch(self, name: str, *arguments: object) -> tuple[Recorded, ...]:
        async with lent(self._engine) as driver:
            rows = await driver.fetch(statement(name), *arguments)
        return tuple(Recorded(*row) for row in rows)
