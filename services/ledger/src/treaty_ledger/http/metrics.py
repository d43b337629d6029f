"""GET /metrics: what an operator watches (Prometheus)."""

from collections.abc import Iterator

from fastapi import APIRouter, Response
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_ledger.http.resources import FromResources, Resources

PROMETHEUS = "text/plain; version=0.0.4"
"""The media type of Prometheus' text format."""

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The metrics."}},
)
async def show_metrics(resources: FromResources) -> Response:
    """Show the metrics of this process."""
    registry = CollectorRegistry()
    registry.register(_Ledger(resources))
    ProcessCollector(registry=registry)
    return Response(generate_latest(registry), headers={"Content-Type": PROMETHEUS})


class _Ledger(Collector):
    """Read the metrics off what they are about, when they are asked for."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def collect(self) -> Iterator[Metric]:
        appender, live = self._resources.appender, self._resources.live
        counts = appender.counts
        yield GaugeMetricFamily("treaty_ledger_size", "Events recorded, as this process last heard.", live.size)
        yield GaugeMetricFamily("treaty_ledger_waiting", "Requests that wait to be recorded.", appender.waiting)
        yield GaugeMetricFamily("treaty_ledger_live_streams", "Live streams that are open.", live.open)
        published = self._resources.log.published
        yield GaugeMetricFamily("treaty_ledger_signed_size", "Events the published checkpoint covers.", published.size)
        yield GaugeMetricFamily(
            "treaty_ledger_signing_stopped", "1 while nothing is signed.", published.trouble is not None
        )
        requests = CounterMetricFamily("treaty_ledger_requests", "Requests to record, by outcome.", labels=["outcome"])
        requests.add_metric(["appended"], counts.appended)
        requests.add_metric(["replayed"], counts.replayed)
        requests.add_metric(["refused"], counts.refused)
        requests.add_metric(["failed"], counts.failed)
        yield requests
        yield CounterMetricFamily("treaty_ledger_transactions", "Transactions that recorded.", counts.transactions)
        yield CounterMetricFamily(
            "treaty_ledger_transaction_seconds", "Time spent in them.", counts.transaction_seconds
        )
