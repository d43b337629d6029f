"""Count what this process delivers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_door.figures import Spread

_OUTCOMES: Final = ("delivered", "failed", "given_up", "gone")


class Attempts(Collector):
    """Count attempts by what became of them, and time them."""

    def __init__(self) -> None:
        self._counts = dict.fromkeys(_OUTCOMES, 0)
        self._seconds = Spread()

    def note(self, outcome: str, seconds: float) -> None:
        """Note that an attempt ended so, after so long."""
        self._counts[outcome] += 1
        self._seconds.note(seconds)

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        counts = CounterMetricFamily(
            "treaty_projector_webhook_attempts", "Attempts of this process to deliver.", labels=["outcome"]
        )
        for outcome, number in self._counts.items():
            counts.add_metric([outcome], number)
        yield counts
        yield self._seconds.metric("treaty_projector_webhook_seconds", "Time that receivers took to answer.")
