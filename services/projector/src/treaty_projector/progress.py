"""Show how the worker of a process is getting on, and let it stop between two batches."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, suppress

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_door.figures import Spread
from treaty_door.pulse import Loop
from treaty_projector.slices import PARTS


class Progress(Collector):
    """Count what is applied, time it, and tell of each batch in a trace that leads to those of its posts."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._entries = 0
        self._seconds = Spread()
        self._caught_up_at = time.monotonic()
        self._parts = PARTS
        self._stopping = False
        self._between = asyncio.Event()
        self._between.set()

    def turned(self) -> None:
        """Note that the worker looks at the ledger again."""
        self._loop.turned()

    def caught_up(self) -> None:
        """Note that everything the ledger showed is applied."""
        self._caught_up_at = time.monotonic()

    def holds(self, parts: int) -> None:
        """Note how many parts of the work are this worker's: all of them until it is said otherwise."""
        self._parts = parts

    @asynccontextmanager
    async def applying(self, entries: int, *, follows: Iterable[str] = ()) -> AsyncIterator[None]:
        """Watch how a batch is applied that follows some traces; once the worker is to stop, no other begins."""
        if self._stopping:
            await asyncio.Event().wait()  # until cancelled
        self._loop.turned()
        self._between.clear()
        began = time.monotonic()
        try:
            with self._loop.span("apply", follows=follows, events=entries):
                yield
        finally:
            self._between.set()
        self._seconds.note(time.monotonic() - began)
        self._entries += entries

    async def between_batches(self, *, patience: float) -> None:
        """Return once no batch is being applied, and let none begin; or after so many seconds."""
        self._stopping = True
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._between.wait()

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        yield CounterMetricFamily("treaty_projector_applied", "Entries this process applied.", self._entries)
        yield self._seconds.metric("treaty_projector_batch_seconds", "Time to apply a batch of entries.")
        yield GaugeMetricFamily("treaty_projector_parts", "Parts of the work that this worker has.", self._parts)
        yield GaugeMetricFamily(
            "treaty_projector_caught_up_seconds",
            "Time since the worker last had applied everything the ledger had.",
            time.monotonic() - self._caught_up_at,
        )
