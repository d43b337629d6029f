"""Follow the log from one position on, event by event, as it grows."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from treaty_ledger.errors import TooManyStreams
from treaty_ledger.feed.head import Head
from treaty_ledger.store.reads import Reads
from treaty_ledger.store.values import Filter, Recorded

_AT_ONCE = 500


class LiveFeed:
    """Give each follower what is recorded, in order and without a gap; nothing is buffered for slow ones."""

    def __init__(self, reads: Reads, head: Head, *, streams: int, heartbeat_seconds: float) -> None:
        self._reads = reads
        self._head = head
        self._streams = streams
        self.heartbeat_seconds = heartbeat_seconds
        """How long a stream is silent at most."""
        self._open = 0
        self._looking: dict[tuple[int, int], asyncio.Task[tuple[Recorded, ...]]] = {}

    @property
    def open(self) -> int:
        """Return how many streams are open."""
        return self._open

    @property
    def size(self) -> int:
        """Return how many events are known to be recorded."""
        return self._head.size

    def require_place(self) -> None:
        """Raise TooManyStreams when as many streams are open as may be."""
        if self._open >= self._streams:
            raise TooManyStreams(self._streams)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Count as an open stream while the block runs."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def follow(self, start: int) -> AsyncIterator[tuple[Recorded, ...]]:
        """Yield the events from `start` on, in portions; an empty portion is a sign of life. End when closed."""
        while not self._head.closed:
            events = await self._events(start, self._head.size)
            if events:
                start = events[-1].position + 1
                yield events
            elif not await self._head.beyond(start, patience=self.heartbeat_seconds):
                yield ()

    async def _events(self, start: int, end: int) -> tuple[Recorded, ...]:
        """Return the next portion; followers at the same place, as most are, share one look at the database."""
        if start >= end:
            return ()
        looking = self._looking.get((start, end))
        if looking is None:
            looking = asyncio.create_task(self._reads.events(Filter(), start=start, end=end, limit=_AT_ONCE))
            self._looking[start, end] = looking
            looking.add_done_callback(lambda done: self._looked((start, end), done))
        # A follower that leaves must not take the answer from the others.
        return await asyncio.shield(looking)

    def _looked(self, about: tuple[int, int], done: asyncio.Task[tuple[Recorded, ...]]) -> None:
        del self._looking[about]
        if not done.cancelled():
            done.exception()  # each follower gets it; when all have left, nobody needs it
