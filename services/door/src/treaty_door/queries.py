"""Refuse queries that two readers might read differently."""

import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

import orjson
from starlette.types import ASGIApp, Receive, Scope, Send

from treaty_contracts.problems import PROBLEMS

_PLAIN = re.compile(rb"[A-Za-z0-9=._~-]*+")
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SHOWN = 100


class StrictQueries:
    """Let requests through to an application when each parameter stands once and is text."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a query that is not understood; pass everything else on."""
        query = scope.get("query_string", b"")
        fault = next(_faults(query), None) if query else None
        if fault is None:
            await self._app(scope, receive, send)
            return
        kind, (name, advice) = PROBLEMS["malformed-parameter"], fault
        problem = {
            "type": kind.uri,
            "title": kind.title,
            "status": kind.status,
            "detail": f"{name}: {advice}",
            "errors": [{"pointer": f"/{_escaped(name)}", "detail": advice}],
        }
        headers = [(b"content-type", b"application/problem+json"), (b"cache-control", b"no-store")]
        body = orjson.dumps(problem)
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": kind.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _faults(query: bytes) -> Iterator[tuple[str, str]]:
    """Yield each parameter that is not understood, and what to do about it."""
    seen: set[str] = set()
    for part in query.split(b"&"):
        if not part:
            continue
        name, _, value = part.partition(b"=")
        shown = _read(name)
        if shown is None:
            yield name.decode("ascii", "replace")[:_SHOWN], "write the name in UTF-8, percent-encoded"
        elif shown in seen:
            yield shown[:_SHOWN], "give it only once"
        elif _read(value) is None:
            yield shown[:_SHOWN], "write the value in UTF-8, percent-encoded, without control characters"
        else:
            seen.add(shown)


def _read(part: bytes) -> str | None:
    """Return the text that a part of a query encodes; None when it encodes none."""
    if _PLAIN.fullmatch(part):
        return part.decode()
    if _BROKEN.search(part):
        return None
    try:
        text = unquote_to_bytes(part.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        return None
    return None if any(character < " " or character == "\x7f" for character in text) else text


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
