"""Tell whether the event loop turns, and the loops that work on it."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_door.figures import Spread
from treaty_door.traces import Tracing

_BEAT_SECONDS = 0.25
_LATE_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

_log = logging.getLogger(__name__)


class Loop:
    """Show how a loop is doing: since when it works on what it took up last, and what it did, in traces."""

    __slots__ = ("_clock", "_since", "_tracing", "name")

    def __init__(self, name: str, *, tracing: Tracing | None, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._tracing = tracing
        self._clock = clock
        self._since: float | None = None

    @property
    def traced(self) -> bool:
        """Tell whether anybody hears of spans."""
        return self._tracing is not None

    def span(self, name: str, *, follows: Iterable[str], events: int) -> AbstractContextManager[None]:
        """Tell in a trace, where traces are kept, how long a block took, and from which others it follows."""
        return nullcontext() if self._tracing is None else self._tracing.span(name, follows=follows, events=events)

    def turned(self) -> None:
        """Note that the loop takes something up."""
        self._since = self._clock()

    def rests(self) -> None:
        """Note that there is nothing to do, however long that lasts."""
        self._since = None

    @property
    def age(self) -> float:
        """Return for how many seconds the loop has been at it; 0 while it rests."""
        return 0.0 if self._since is None else self._clock() - self._since


class Pulse(Collector):
    """Watch one process; its metrics begin with `prefix`."""

    def __init__(
        self,
        prefix: str,
        *,
        blocked_seconds: float,
        stalled_seconds: float,
        tracing: Tracing | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._prefix = prefix
        self._blocked_seconds = blocked_seconds
        self._stalled_seconds = stalled_seconds
        self._tracing = tracing
        self._clock = clock
        self._loops: list[Loop] = []
        self._late = Spread(_LATE_SECONDS)
        self._beat = clock()
        self._blocked: tuple[float, float] | None = None

    def loop(self, name: str) -> Loop:
        """Return what a loop is to tell of its turns; it is watched from now on."""
        loop = Loop(name, tracing=self._tracing, clock=self._clock)
        self._loops.append(loop)
        return loop

    async def run(self) -> None:
        """Beat until cancelled; a beat that comes late tells that the event loop was blocked."""
        self._beat = self._clock()
        while True:
            await asyncio.sleep(_BEAT_SECONDS)
            now = self._clock()
            late, self._beat = max(0.0, now - self._beat - _BEAT_SECONDS), now
            self._late.note(late)
            if late > self._blocked_seconds:
                self._blocked = (now, late)
                _log.warning("the event loop was blocked for %.1f s", late)

    def faults(self) -> list[str]:
        """Return a line for everything that does not turn; a block is remembered for as long as one may last."""
        now, found = self._clock(), []
        if (since := now - self._beat - _BEAT_SECONDS) > self._blocked_seconds:
            found.append(f"The event loop has been blocked for {since:.1f} s.")
        elif self._blocked is not None and now - self._blocked[0] < self._blocked_seconds:
            found.append(f"The event loop was blocked for {self._blocked[1]:.1f} s just now.")
        return found + [
            f"The {loop.name} has not turned for {loop.age:.1f} s."
            for loop in self._loops
            if loop.age > self._stalled_seconds
        ]

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        ages = GaugeMetricFamily(
            f"{self._prefix}_loop_age_seconds",
            "How long a loop has been at what it took up last; 0 while it rests.",
            labels=["loop"],
        )
        for loop in self._loops:
            ages.add_metric([loop.name], loop.age)
        yield ages
        yield self._late.metric(f"{self._prefix}_event_loop_late_seconds", "How late the event loop turned.")
