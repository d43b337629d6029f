"""Report every error as a problem (RFC 9457); the one place that knows status codes of errors."""

from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import TypeAlias

import orjson
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.problems import PROBLEMS
from treaty_contracts.refusals import InvalidEvent, MalformedJson, Refused, UnknownEventType, UnknownSchemaVersion
from treaty_ledger import errors
from treaty_ledger.errors import LedgerError
from treaty_ledger.http.error_headers import error_headers

PROBLEM_JSON = "application/problem+json"
"""The media type of every error."""

_METHODS: Mapping[str, Sequence[str]] = MappingProxyType({"GET": ("GET", "HEAD"), "POST": ("POST",)})

Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]
Handler: TypeAlias = Callable[[Request, Exception], Coroutine[None, None, Response]]

_NAMES: Mapping[type[Exception], str] = MappingProxyType(
    {
        MalformedJson: "malformed-json",
        UnknownEventType: "unknown-event-type",
        InvalidEvent: "invalid-event",
        UnknownSchemaVersion: "not-found",
        errors.MalformedParameter: "malformed-parameter",
        errors.TooLarge: "too-large",
        errors.UnsupportedMediaType: "unsupported-media-type",
        errors.EventIdConflict: "event-id-conflict",
        errors.PartlyKnownBatch: "event-id-conflict",
        errors.RepeatedInBatch: "event-id-conflict",
        errors.VersionMismatch: "version-mismatch",
        errors.TreatyAlreadyRegistered: "treaty-already-registered",
        errors.TreatyNotRegistered: "treaty-not-registered",
        errors.UnknownParticipant: "unknown-participant",
        errors.NotInThisStream: "invalid-event",
        errors.AlreadySuperseded: "already-superseded",
        errors.RefusedByDatabase: "invalid-event",
        errors.NotFound: "not-found",
        errors.Unauthenticated: "unauthenticated",
        errors.Forbidden: "forbidden",
        errors.TooManyRequests: "too-many-requests",
        errors.LogInconsistent: "log-inconsistent",
        errors.Unavailable: "unavailable",
    }
)


_WHERE: Sequence[tuple[type[Exception], str]] = (
    (MalformedJson, ""),
    (errors.TooLarge, ""),
    (errors.PartlyKnownBatch, ""),
    (errors.RefusedByDatabase, ""),
    (errors.EventIdConflict, "/id"),
    (errors.RepeatedInBatch, "/id"),
    (errors.VersionMismatch, "/If-Match"),
    (errors.TreatyAlreadyRegistered, "/subject"),
    (errors.TreatyNotRegistered, "/subject"),
    (errors.AlreadySuperseded, "/data/position"),
)
"""Where in a request the reason for an error stands, when the kind of the error alone tells."""


def problem_of(error: Exception) -> JsonObject:
    """Return the problem that reports an error, for a body or for a line of an answer."""
    if isinstance(error, errors.RefusedInBatch):
        inner = problem_of(error.cause)
        found = [_moved(one, error.index) for one in _errors(error.cause)]
        return {**inner, "detail": str(error), "index": error.index} | ({"errors": found} if found else {})
    kind = PROBLEMS[_name(error)]
    problem: JsonObject = {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": str(error)}
    if found := _errors(error):
        problem["errors"] = found
    return problem | _members(error)


def problem_response(error: Exception) -> Response:
    """Return the answer that reports an error."""
    return _response(problem_of(error), error_headers(error))


async def _report(_request: Request, error: Exception) -> Response:
    return problem_response(error)


async def _report_parameters(_request: Request, error: Exception) -> Response:
    """Report parameters that FastAPI refused: the body never is, it is read elsewhere."""
    kind = PROBLEMS["malformed-parameter"]
    refused = error.errors() if isinstance(error, RequestValidationError) else ()
    found = [("/".join(map(str, one["loc"][1:])), _advice(one["type"], one["msg"])) for one in refused]
    errors_: list[JSON] = [{"pointer": f"/{_step(where)}", "detail": advice} for where, advice in found]
    detail = "; ".join(f"{where}: {advice}" for where, advice in found)
    return _response(
        {"type": kind.uri, "title": kind.title, "status": kind.status, "detail": detail, "errors": errors_}, {}
    )


async def _report_routing(request: Request, error: Exception) -> Response:
    """Report what the router refused: an address or a method there is not."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == HTTPStatus.NOT_FOUND:
        return problem_response(errors.NotFound("such address"))
    headers = {}
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    title = HTTPStatus(status).phrase
    return _response({"type": "about:blank", "title": title, "status": status, "detail": f"{title}."}, headers)


async def _report_fault(_request: Request, _error: Exception) -> Response:
    """Report a fault of ours; what it was stands in the log."""
    return _response(
        {"type": "about:blank", "title": "The ledger failed", "status": 500, "detail": "This is a fault of ours."}, {}
    )


async def _nobody_listens(_request: Request, _error: Exception) -> Response:
    return Response(status_code=400)


HANDLERS: Mapping[int | type[Exception], Handler] = MappingProxyType(
    {
        LedgerError: _report,
        Refused: _report,
        RequestValidationError: _report_parameters,
        HTTPException: _report_routing,
        ClientDisconnect: _nobody_listens,
        Exception: _report_fault,
    }
)
"""What answers each kind of error, for Starlette and FastAPI alike."""


def answering(endpoint: Endpoint) -> ASGIApp:
    """Return an application that answers with what an endpoint returns, or with the problem it raises."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await endpoint(Request(scope, receive, send))
        except (LedgerError, Refused) as error:
            response = problem_response(error)
        except ClientDisconnect:
            return
        except Exception as error:
            await (await _report_fault(Request(scope), error))(scope, receive, send)
            raise
        await response(scope, receive, send)

    return app


def _methods(request: Request) -> list[str]:
    """Return what an address takes: one address may be several routes."""
    routes = request.app.routes
    return [
        method
        for asked, answered in _METHODS.items()
        if any(route.matches({**request.scope, "method": asked})[0] is Match.FULL for route in routes)
        for method in answered
    ]


def _name(error: Exception) -> str:
    if isinstance(error, errors.NotReady) and error.cause is not None:
        return _name(error.cause)
    return next(_NAMES[kind] for kind in type(error).__mro__ if kind in _NAMES)


def _errors(error: Exception) -> list[JSON]:
    return [{"pointer": pointer, "detail": advice} for pointer, advice in _pointed(error)]


def _pointed(error: Exception) -> Iterator[tuple[str, str]]:
    """Yield where something is wrong, and what to do about it."""
    match error:
        case InvalidEvent(errors=found):
            yield from ((one.pointer, one.detail) for one in found)
        case UnknownEventType():
            yield "/type", "use a type of the catalogue, see /v1/schemas"
        case errors.Forbidden():
            yield from ((pointer, error.advice) for pointer in error.pointers)
        case errors.UnknownParticipant() | errors.NotInThisStream():
            yield error.pointer, error.advice
        case errors.MalformedParameter():
            yield f"/{_step(error.name)}", error.advice
        case errors.VersionMismatch(expected=0):
            yield "/If-None-Match", str(error)
        case errors.UnsupportedMediaType():
            yield f"/{error.header}", str(error)
        case _:
            yield from ((pointer, str(error)) for kind, pointer in _WHERE if isinstance(error, kind))


def _members(error: Exception) -> JsonObject:
    """Return what programs may want to know beside the text."""
    match error:
        case errors.EventIdConflict(position=position) | errors.AlreadySuperseded(position=position):
            return {"position": position}
        case errors.PartlyKnownBatch(positions=positions):
            return {"positions": [*positions]}
        case errors.VersionMismatch(expected=expected, actual=actual):
            return {"expected": expected, "actual": actual}
        case errors.NotReady(missing=missing):
            return {"missing": [*missing]}
        case _:
            return {}


def _moved(error: JSON, index: int) -> JSON:
    return {**error, "pointer": f"/{index}{error['pointer']}"} if isinstance(error, dict) else error


def _step(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _advice(kind: str, message: str) -> str:
    return "there is no such parameter" if kind == "extra_forbidden" else message


def _response(problem: JsonObject, headers: Mapping[str, str]) -> Response:
    status = problem["status"]
    return Response(
        orjson.dumps(problem),
        status_code=status if isinstance(status, int) else 500,
        headers={**headers, "Cache-Control": "no-store"},
        media_type=PROBLEM_JSON,
    )
