"""Hold what shows an operator how one process is doing, for both services alike."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, GCCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import ASGIApp

from treaty_door.figures import RequestFigures
from treaty_door.pulse import Pulse
from treaty_door.server import Server
from treaty_door.traces import Tracing, tracing_from_environment
from treaty_door.visits import Visits

METRICS_TYPE = CONTENT_TYPE_LATEST
"""The media type of Prometheus' text format."""


class PoolState(NamedTuple):
    """Tell how busy a pool of connections is."""

    size: int
    in_use: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Instruments:
    """Hold the metrics of one application, the pulse of its process, and its traces, if a collector wants them."""

    registry: CollectorRegistry
    requests: RequestFigures
    pulse: Pulse
    tracing: Tracing | None
    slow_seconds: float

    def watched(self, app: ASGIApp) -> ASGIApp:
        """Return an application whose requests are named, counted and, where they fail or are slow, told of."""
        return Visits(app, figures=self.requests, slow_seconds=self.slow_seconds, tracing=self.tracing)

    def exposition(self) -> bytes:
        """Return all metrics as Prometheus reads them."""
        return generate_latest(self.registry)

    def close(self) -> None:
        """Send what was not sent yet."""
        if self.tracing is not None:
            self.tracing.close()


def instruments(
    service: str, *, slow_seconds: float, blocked_seconds: float = 5.0, stalled_seconds: float = 120.0
) -> Instruments:
    """Return the instruments of a service, such as `treaty-ledger`; its metrics begin with that name."""
    prefix = service.replace("-", "_")
    tracing = tracing_from_environment(service)
    pulse = Pulse(prefix, blocked_seconds=blocked_seconds, stalled_seconds=stalled_seconds, tracing=tracing)
    requests, registry = RequestFigures(prefix), CollectorRegistry()
    registry.register(requests)
    registry.register(pulse)
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    return Instruments(registry, requests, pulse, tracing, slow_seconds)


class DoorFigures(Collector):
    """Show how many are connected, and how many were not let in."""

    def __init__(self, prefix: str, server: Server) -> None:
        self._prefix = prefix
        self._server = server

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        yield GaugeMetricFamily(
            f"{self._prefix}_connections", "Connections that are open.", len(self._server.server_state.connections)
        )
        refused = CounterMetricFamily(
            f"{self._prefix}_refused_connections", "Connections refused at the door.", labels=["problem"]
        )
        for problem, number in self._server.tally.refused.items():
            refused.add_metric([problem], number)
        yield refused


class PoolFigures(Collector):
    """Show how busy pools of connections are."""

    def __init__(self, prefix: str, pools: Mapping[str, Callable[[], PoolState]]) -> None:
        self._prefix = prefix
        self._pools = pools

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        states = {name: state() for name, state in self._pools.items()}
        for field, text in _POOL_TEXTS.items():
            family = GaugeMetricFamily(f"{self._prefix}_pool_{field}", text, labels=["pool"])
            for name, state in states.items():
                family.add_metric([name], getattr(state, field))
            yield family


_POOL_TEXTS = {
    "size": "Connections to the database that a pool may hold.",
    "in_use": "Connections of a pool that are lent out.",
    "waiting": "Who waits for a connection of a pool.",
}
