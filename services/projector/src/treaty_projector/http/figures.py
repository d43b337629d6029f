"""Write the projection's own figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_contracts.canonical import JsonObject


class ProjectionFigures(Collector):
    """Write out what the projection last said of itself."""

    def __init__(self) -> None:
        self.answer: JsonObject | None = None
        """What /v1/projection says; None while the database is away."""

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        yield GaugeMetricFamily(
            "treaty_projector_database_up", "1 while the database answers.", self.answer is not None
        )
        for name, text in _GAUGES.items():
            value = (self.answer or {}).get(name)
            if isinstance(value, int):
                yield GaugeMetricFamily(f"treaty_projector_{name.removesuffix('_count')}", text, value)
        if self.answer is not None:
            yield GaugeMetricFamily(
                "treaty_projector_trouble",
                "1 while something keeps the worker from going on.",
                bool(self.answer["trouble"]),
            )


_GAUGES = {
    "quarantined_count": "Treaties that cannot be folded.",
    "size": "Entries applied.",
    "ledger_size": "Entries the ledger is known to have.",
    "generation": "Number of the read model that answers.",
    "lag": "Entries waiting.",
    "lag_seconds": "Age of the last applied entry while others wait, in seconds.",
}
"""What a metric is made of, where /v1/projection has it as a number."""
