"""GET /metrics: what an operator watches (Prometheus)."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Response
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from treaty_door.instruments import METRICS_TYPE
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import NoQuery
from treaty_ledger.http.resources import FromInstruments, Resources

router = APIRouter(tags=["health"])


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {"content": {"text/plain": {"schema": {"type": "string"}}}, "description": "The metrics."},
        **problems(400),
    },
)
async def show_metrics(instruments: FromInstruments, _query: Annotated[NoQuery, Query()]) -> Response:
    """Show the metrics of this process."""
    return Response(instruments.exposition(), headers={"Content-Type": METRICS_TYPE, "Cache-Control": "no-store"})


class LedgerFigures(Collector):
    """Read the metrics off what they are about, when they are asked for."""

    def __init__(self, resources: Resources) -> None:
        self._resources = resources

    def collect(self) -> Iterator[Metric]:
        """Write the figures out."""
        yield from self._recording()
        live = self._resources.live
        yield GaugeMetricFamily("treaty_ledger_size", "Events recorded, as this process last heard.", live.size)
        yield GaugeMetricFamily("treaty_ledger_live_streams", "Live streams that are open.", live.open)
        published = self._resources.log.published
        yield GaugeMetricFamily("treaty_ledger_signed_size", "Events the published checkpoint covers.", published.size)
        yield GaugeMetricFamily(
            "treaty_ledger_unsigned", "Events that no published checkpoint covers.", max(0, live.size - published.size)
        )
        yield GaugeMetricFamily(
            "treaty_ledger_unsigned_seconds",
            "For how long, at least, events have waited for a checkpoint.",
            published.head.uncovered_seconds,
        )
        yield GaugeMetricFamily(
            "treaty_ledger_signing_stopped", "1 while nothing is signed.", published.trouble is not None
        )

    def _recording(self) -> Iterator[Metric]:
        appender = self._resources.appender
        counts = appender.counts
        yield GaugeMetricFamily("treaty_ledger_waiting", "Requests that wait to be recorded.", appender.waiting)
        yield GaugeMetricFamily(
            "treaty_ledger_waiting_bytes", "Bytes of events that wait to be recorded.", appender.waiting_bytes
        )
        requests = CounterMetricFamily("treaty_ledger_requests", "Requests to record, by outcome.", labels=["outcome"])
        requests.add_metric(["appended"], counts.appended)
        requests.add_metric(["replayed"], counts.replayed)
        requests.add_metric(["refused"], counts.refused)
        requests.add_metric(["failed"], counts.failed)
        yield requests
        yield CounterMetricFamily(
            "treaty_ledger_transactions", "Transactions that decided on requests to record.", counts.transactions
        )
        yield CounterMetricFamily(
            "treaty_ledger_transactions_at_once", "Those of them that took one exchange.", counts.at_once
        )
        yield CounterMetricFamily(
            "treaty_ledger_transaction_seconds", "Time spent in them.", counts.transaction_seconds
        )
        yield counts.groups.metric("treaty_ledger_group_events", "Events recorded in one transaction.")
        yield counts.seconds.metric(
            "treaty_ledger_commit_seconds", "Time from asking for the lock that orders events to the commit."
        )
