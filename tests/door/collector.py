"""Receive what services tell an OpenTelemetry collector (OTLP over HTTP)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True, slots=True)
class Span:
    """Hold one span: its ids and those it links to are in hexadecimal."""

    service: str
    name: str
    trace: str
    id: str
    parent: str
    links: frozenset[tuple[str, str]]
    attributes: dict[str, str | int]


@dataclass
class Collector:
    """Hold what was received."""

    url: str
    spans: list[Span] = field(default_factory=list)
    changed: Condition = field(default_factory=Condition)

    def wait_for(self, wanted: Callable[[Span], bool]) -> Span:
        """Return the first span that is wanted, once it is there."""
        with self.changed:
            assert self.changed.wait_for(lambda: any(map(wanted, self.spans)), timeout=60), self.spans
            return next(filter(wanted, self.spans))

    def receive(self, body: bytes) -> None:
        """Take in one export."""
        with self.changed:
            self.spans += _read(ExportTraceServiceRequest.FromString(body))
            self.changed.notify_all()


@contextmanager
def running_collector() -> Iterator[Collector]:
    """Run a collector until the context ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            collector.receive(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library's
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector = Collector(f"http://127.0.0.1:{server.server_address[1]}")
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            yield collector
        finally:
            server.shutdown()
            serving.join()


def _read(export: ExportTraceServiceRequest) -> Iterator[Span]:
    for resource in export.resource_spans:
        service = next(one.value.string_value for one in resource.resource.attributes if one.key == "service.name")
        for scope in resource.scope_spans:
            for span in scope.spans:
                yield Span(
                    service,
                    span.name,
                    span.trace_id.hex(),
                    span.span_id.hex(),
                    span.parent_span_id.hex(),
                    frozenset((link.trace_id.hex(), link.span_id.hex()) for link in span.links),
                    {one.key: one.value.string_value or one.value.int_value for one in span.attributes},
                )
