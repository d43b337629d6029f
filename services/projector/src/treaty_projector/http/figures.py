"""Write the figures of the projection and of its webhooks for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_contracts.canonical import JsonObject
from treaty_projector.queries.deliveries import Deliveries


class ProjectionFigures(Collector):
    """Write out what the database last said of the projection and of webhooks, whichever process works on them."""

    def __init__(self) -> None:
        self._answer: JsonObject | None = None
        self._deliveries: Deliveries | None = None

    def look(self, answer: JsonObject | None, deliveries: Deliveries | None) -> None:
        """Take what /v1/projection says, and how the webhooks are doing; None while the database is away."""
        self._answer, self._deliveries = answer, deliveries

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        yield GaugeMetricFamily(
            "treaty_projector_database_up", "1 while the database answers.", self._answer is not None
        )
        for name, text in _GAUGES.items():
            value = (self._answer or {}).get(name)
            if isinstance(value, int):
                yield GaugeMetricFamily(f"treaty_projector_{name.removesuffix('_count')}", text, value)
        if self._answer is not None:
            yield GaugeMetricFamily(
                "treaty_projector_trouble",
                "1 while something keeps the worker from going on.",
                bool(self._answer["trouble"]),
            )
        if self._deliveries is not None:
            yield from _of_webhooks(self._deliveries)


def _of_webhooks(deliveries: Deliveries) -> Iterator[Metric]:
    webhooks = GaugeMetricFamily("treaty_projector_webhooks", "Webhooks there are.", labels=["state"])
    for state, number in (
        ("active", deliveries.active),
        ("paused", deliveries.paused),
        ("gone", deliveries.gone),
    ):
        webhooks.add_metric([state], number)
    yield webhooks
    yield GaugeMetricFamily(
        "treaty_projector_webhook_dead_letters", "Deliveries that were given up.", deliveries.dead_letters
    )
    yield GaugeMetricFamily(
        "treaty_projector_webhook_behind_seconds",
        "How long the active webhook that is furthest behind has waited.",
        deliveries.behind_seconds,
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
