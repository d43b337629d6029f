"""Tell an OpenTelemetry collector which request led to what, where one is named in the environment.

The SDK and its exporter are imported only then.
"""

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING

from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from treaty_door.request_ids import RequestIds

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""The variables that name a collector; the exporter reads them, and all others that OpenTelemetry defines."""

LINKS = 128
"""The most links of one span, as OpenTelemetry limits it by default."""

_CLOSE_SECONDS = 2.0
_PROPAGATOR = TraceContextTextMapPropagator()


def tracing_from_environment(service: str) -> "Tracing | None":
    """Return how to tell of spans when a collector is named, else None."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or not any(map(os.environ.get, ENDPOINTS)):
        return None
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - see above
    from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415

    name = os.environ.get("OTEL_SERVICE_NAME") or service
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Tracing(provider)


class RequestSpan:
    """Hold the span of one request until its answer is over."""

    __slots__ = ("_method", "_span")

    def __init__(self, span: Span, method: str) -> None:
        self._span = span
        self._method = method

    def end(self, route: str, status: int) -> None:
        """End the span; a status of 0 says that there was no answer."""
        span = self._span
        span.update_name(f"{self._method} {route}")
        span.set_attribute("http.route", route)
        if status:
            span.set_attribute("http.response.status_code", status)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_status(Status(StatusCode.ERROR))
        span.end()


class Tracing:
    """Tell of spans; those that they belong to or follow from are named by their `traceparent`."""

    def __init__(self, provider: "TracerProvider") -> None:
        self._provider = provider
        self._tracer = provider.get_tracer("treaty_door")

    def request(self, method: str, ids: RequestIds) -> tuple[RequestIds, RequestSpan]:
        """Begin the span of a request; return also its names, in which the span stands for what follows from it."""
        parent = _context_of(ids.traceparent) if ids.traceparent else Context()
        span = self._tracer.start_span(
            method, context=parent, kind=SpanKind.SERVER, attributes={"http.request.method": method}
        )
        trace, traceparent = _written(span.get_span_context())
        span.set_attribute("treaty.request_id", ids.request_id)
        return RequestIds(ids.request_id, trace, traceparent), RequestSpan(span, method)

    @contextmanager
    def span(self, name: str, *, follows: Iterable[str], events: int) -> Iterator[None]:
        """Tell how long a block took that deals with so many events, and what it follows from."""
        found = (_span_context(traceparent) for traceparent in dict.fromkeys(follows))
        links = [Link(context) for context in found if context.is_valid][:LINKS]
        span = self._tracer.start_span(name, context=Context(), links=links, attributes={"treaty.events": events})
        try:
            yield
        except BaseException:
            span.set_status(Status(StatusCode.ERROR))
            raise
        finally:
            span.end()

    def close(self) -> None:
        """Send what was not sent yet, but do not wait long for a collector that does not answer."""
        closing = threading.Thread(target=self._provider.shutdown, daemon=True)
        closing.start()
        closing.join(_CLOSE_SECONDS)


def _context_of(traceparent: str) -> Context:
    return _PROPAGATOR.extract({"traceparent": traceparent}, context=Context())


def _span_context(traceparent: str) -> SpanContext:
    return get_current_span(_context_of(traceparent)).get_span_context()


def _written(context: SpanContext) -> tuple[str, str]:
    trace = f"{context.trace_id:032x}"
    return trace, f"00-{trace}-{context.span_id:016x}-{int(context.trace_flags):02x}"
