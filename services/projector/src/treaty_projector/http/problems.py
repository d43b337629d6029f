"""Turn errors into problems (RFC 9457), and explain each kind of problem on a page of its own."""

from __future__ import annotations

import html
from collections.abc import Mapping
from http import HTTPStatus

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.problems import PROBLEMS, ProblemType
from treaty_projector.errors import DatabaseUnavailable, MalformedParameter, NotOnRecord, Refused

_RETRY = {"Retry-After": "1"}


def problem(name: str, detail: str, *, errors: list[JSON] | None = None, missing: list[JSON] | None = None) -> Response:
    """Return the answer that reports a problem of a known type; `missing` names what it takes to be ready."""
    kind = PROBLEMS[name]
    content: JsonObject = {
        "type": kind.uri,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
    }
    if errors:
        content["errors"] = errors
    if missing:
        content["missing"] = missing
    headers = _RETRY if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return Response(
        orjson.dumps(content), status_code=kind.status, media_type="application/problem+json", headers=headers
    )


def explain(name: str) -> Response:
    """Return the page that explains a kind of problem."""
    kind = PROBLEMS.get(name)
    if kind is None:
        return problem("not-found", "there is no such kind of problem")
    return HTMLResponse(_page(kind))


def install(app: FastAPI) -> None:
    """Let the application answer every error as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(DatabaseUnavailable, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def problem_of(error: Refused | DatabaseUnavailable) -> Response:
    """Return the answer that reports an error raised on purpose."""
    if isinstance(error, MalformedParameter):
        return problem(error.problem, str(error), errors=[{"pointer": f"/{error.name}", "detail": error.reason}])
    if isinstance(error, Refused):
        return problem(error.problem, str(error))
    # What the driver said is for the operator's log, not for clients.
    return problem("unavailable", "the read model cannot be reached; ask again")


async def _refused(_: Request, error: Exception) -> Response:
    if isinstance(error, (Refused, DatabaseUnavailable)):
        return problem_of(error)
    raise error


async def _invalid(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    errors: list[JSON] = [_field(found) for found in error.errors()]
    in_path = all(found["loc"][0] == "path" for found in error.errors())
    if in_path:
        return problem(NotOnRecord.problem, "nothing can be on record under that name", errors=errors)
    return problem("malformed-parameter", "a parameter is not understood", errors=errors)


async def _http(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem("not-found", "there is nothing under this path; /docs lists what there is")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        answer = _unnamed(HTTPStatus.METHOD_NOT_ALLOWED, "this path answers GET and HEAD only")
        answer.headers["Allow"] = "GET, HEAD"
        return answer
    answer = _unnamed(HTTPStatus(error.status_code), str(error.detail))
    answer.headers.update(error.headers or {})
    return answer


async def _fault(_: Request, error: Exception) -> Response:
    del error  # it stands in the operator's log
    return FAULT


def _unnamed(status: HTTPStatus, detail: str) -> Response:
    """Return the answer that reports what its status says, and no more (RFC 9457, 4.2.1)."""
    content = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail}
    return Response(orjson.dumps(content), status_code=status, media_type="application/problem+json")


FAULT = _unnamed(HTTPStatus.INTERNAL_SERVER_ERROR, "this is a fault of the projector's")
"""The answer to a question that shows a defect."""


def _field(found: Mapping[str, object]) -> JsonObject:
    location = found["loc"]
    parts = (
        [str(part).replace("~", "~0").replace("/", "~1") for part in location[1:]]
        if isinstance(location, tuple)
        else []
    )
    detail = str(found["msg"]).removeprefix("Value error, ")
    return {"pointer": "/" + "/".join(parts), "detail": detail}


def _page(kind: ProblemType) -> str:
    title = html.escape(kind.title)
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title>"
        f"<h1>{title}</h1><p>Problem <code>{kind.name}</code>, status {kind.status}.</p>"
        "<p>The member <code>detail</code> of the answer says what happened, and <code>errors</code>, where present, "
        "which value to change.</p></html>"
    )
