"""Assemble the application: the hot write path beside the documented API.

Recording goes past FastAPI, whose machinery would be two thirds of its cost; the FastAPI application serves everything
else and describes both.
"""

from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.telemetry import TelemetryConfig
from starlette.types import ASGIApp, Receive, Scope, Send

from treaty_door.documents import finish
from treaty_door.head_requests import HeadRequests
from treaty_door.queries import StrictQueries
from treaty_ledger.http import checkpoints, events, health, live, log, metrics, problem_pages, proofs, schemas, treaties
from treaty_ledger.http.answered import ReceiptBody, ReceiptsBody
from treaty_ledger.http.append_events import append_events
from treaty_ledger.http.media_types import JSON_LINES, JSON_TYPE
from treaty_ledger.http.openapi import (
    POSTED_EVENTS,
    RECEIPT_HEADERS,
    REPLAY_HEADER,
    SECURITY_SCHEMES,
    describe_access,
    problems,
)
from treaty_ledger.http.private_reads import PrivateReads
from treaty_ledger.http.problems import HANDLERS, answering
from treaty_ledger.http.resources import Resources

_DESCRIPTION = """Facts about treaties, as other systems communicate them: recorded once, in one order, for ever.

A fact is a CloudEvent. What it means in law is not decided here."""

_RECORDING = "/v1/events"
_OWN_TELEMETRY_ONLY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False, "auto_configure": False}
"""FastAPI's own would tell of the same requests again, and of what clients sent."""


def build(resources: Resources) -> ASGIApp:
    """Return the application that serves from `resources`."""
    api = _api()
    api.state.resources = resources
    resources.instruments.registry.register(metrics.LedgerFigures(resources))
    app: ASGIApp = StrictQueries(_HotPath(answering(append_events(resources)), api))
    if not resources.access.public_reads:
        app = PrivateReads(app, resources.access.gate)
    return resources.instruments.watched(HeadRequests(app))


def openapi_document() -> dict[str, object]:
    """Return the OpenAPI document of the ledger."""
    return _api().openapi()


class _HotPath:
    """Send what is to be recorded to one application, and everything else to another."""

    def __init__(self, recording: ASGIApp, others: ASGIApp) -> None:
        self._recording = recording
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the one or the other."""
        if scope["type"] == "http" and scope["path"] == _RECORDING and scope["method"] == "POST":
            scope["route"] = _RECORDING
            await self._recording(scope, receive, send)
        else:
            await self._others(scope, receive, send)


class _Api(FastAPI):
    """Describe the problems that answer every endpoint, in place of FastAPI's own errors."""

    def openapi(self) -> dict[str, object]:
        if self.openapi_schema is None:
            document = super().openapi()
            document["components"]["securitySchemes"] = SECURITY_SCHEMES
            for path, operations in document["paths"].items():
                for method, operation in operations.items():
                    describe_access(path, method, operation)
            finish(document)
        return self.openapi_schema or {}


def _api() -> FastAPI:
    api = _Api(
        title="Treaty ledger",
        version=version("treaty-ledger"),
        description=_DESCRIPTION,
        exception_handlers={**HANDLERS},
        redoc_url=None,
        telemetry=_OWN_TELEMETRY_ONLY,
        redirect_slashes=False,
    )
    api.add_api_route(
        "/v1/events",
        record_events,
        methods=["POST"],
        tags=["events"],
        status_code=201,
        response_class=Response,
        responses={
            201: {
                "model": ReceiptBody | ReceiptsBody,
                "description": "Recorded: the receipt, with Location and ETag; or the receipts of a batch.",
                "headers": RECEIPT_HEADERS,
            },
            200: {
                "description": "Recorded before with the same content, with Idempotent-Replayed: true and the first"
                " receipts; or, for JSON Lines, one answer a line.",
                "headers": {**RECEIPT_HEADERS, **REPLAY_HEADER},
                "content": {
                    JSON_TYPE: {"schema": {"$ref": "#/components/schemas/ReceiptBody"}},
                    JSON_LINES: {"schema": {"type": "string"}},
                },
            },
            **problems(400, 409, 412, 413, 415, 422, 429, 503),
        },
        openapi_extra=POSTED_EVENTS,
    )
    # The live feed comes before a single event, whose address would match it too.
    for module in (live, checkpoints, events, treaties, proofs, log, schemas, health, metrics, problem_pages):
        api.include_router(module.router)
    return api


async def record_events(request: Request) -> Response:
    """Record one event, a batch of them, or an event a line."""
    resources: Resources = request.app.state.resources
    return await append_events(resources)(request)
