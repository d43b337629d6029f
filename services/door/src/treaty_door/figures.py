"""Count what Prometheus asks for: cheaply while requests are answered, written out when it asks."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds for how long something took."""

OTHER = "other"
"""What stands for every route and method there is not: labels must not grow with what clients invent."""

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Spread:
    """Count values by size: a histogram without locks, for one event loop."""

    __slots__ = ("_bounds", "_counts", "_sum")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0

    def note(self, value: float) -> None:
        """Count one value."""
        self._counts[bisect_left(self._bounds, value)] += 1
        self._sum += value

    def add_to(self, family: HistogramMetricFamily, labels: Sequence[str] = ()) -> None:
        """Write it out as one sample of a metric."""
        names = [*(str(bound) for bound in self._bounds), "+Inf"]
        family.add_metric(labels, buckets=list(zip(names, accumulate(self._counts), strict=True)), sum_value=self._sum)

    def metric(self, name: str, text: str) -> HistogramMetricFamily:
        """Write it out as a metric of its own."""
        family = HistogramMetricFamily(name, text)
        self.add_to(family)
        return family


class RequestFigures(Collector):
    """Count the requests of one service, whose metrics begin with `prefix`."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._counts: dict[tuple[str, str, int], int] = {}
        self._seconds: dict[str, Spread] = {}
        self._answering: dict[str, int] = {}
        self.in_flight = 0
        """How many requests were let in and are not ended."""

    def begun(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request whose answer begins now."""
        key = (method if method in _METHODS else OTHER, route, status)
        counts = self._counts
        counts[key] = counts.get(key, 0) + 1
        spread = self._seconds.get(route)
        if spread is None:
            spread = self._seconds[route] = Spread()
        spread.note(seconds)
        self._answering[route] = self._answering.get(route, 0) + 1

    def ended(self, route: str) -> None:
        """Note that an answer that had begun is over."""
        self._answering[route] -= 1

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        name = f"{self._prefix}_http"
        requests = CounterMetricFamily(
            f"{name}_requests", "Requests by method, route and status.", labels=["method", "route", "status"]
        )
        for (method, route, status), number in self._counts.items():
            requests.add_metric([method, route, str(status)], number)
        yield requests
        seconds = HistogramMetricFamily(f"{name}_seconds", "Time until an answer began, by route.", labels=["route"])
        for route, spread in self._seconds.items():
            spread.add_to(seconds, [route])
        yield seconds
        answering = GaugeMetricFamily(f"{name}_answering", "Answers that have begun and not ended.", labels=["route"])
        for route, number in self._answering.items():
            answering.add_metric([route], number)
        yield answering
        yield GaugeMetricFamily(f"{name}_in_flight", "Requests that were let in and are not ended.", self.in_flight)
