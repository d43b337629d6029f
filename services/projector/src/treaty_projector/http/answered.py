"""Give an answer as a client takes it: only if it does not have it yet, and compressed where that pays."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import NamedTuple, TypeAlias
from urllib.parse import parse_qsl, urlencode

import orjson
from starlette.responses import Response
from starlette.types import Scope, Send

from treaty_contracts.canonical import JsonObject
from treaty_projector.http.codings import CODINGS, IDENTITY, coding_for, encoded

Headers: TypeAlias = list[tuple[bytes, bytes]]

_CLOCKS = frozenset({"cursor", "as_of", "known_at", "known_size"})


class Sent(NamedTuple):
    """Hold what goes to the client."""

    status: int
    headers: Headers
    body: bytes

    async def send(self, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})

    def response(self) -> Response:
        """Return it as an endpoint of FastAPI's returns it."""
        response = Response(self.body, status_code=self.status)
        response.raw_headers = self.headers
        return response


class Answered:
    """Hold one answer, with a strong validator for each coding it may be sent in: equal tags mean equal bytes."""

    __slots__ = ("_always", "_bodies", "_digest", "body")

    def __init__(self, body: bytes, *, size: int) -> None:
        self.body = body
        self._digest = sha256(body).hexdigest()[:32].encode()
        self._bodies = {IDENTITY: body}
        self._always: Headers = [
            (b"treaty-log-size", str(size).encode()),
            (b"cache-control", b"no-cache"),
            (b"vary", b"Accept, Accept-Encoding"),
        ]

    def sent(self, scope: Scope, *, following: str | None) -> Sent:
        """Return what the client of a request is sent; `following` is the cursor of the next page, if there is one."""
        held, accepted = _conditions(scope["headers"])
        coding = coding_for(self.body, accepted)
        headers = [*self._always]
        if following is not None:
            headers.append((b"link", f'<{_next_page(scope, following)}>; rel="next"'.encode("latin-1")))
        if held and (tag := self._tag_held(held, coding)) is not None:
            return Sent(304, [(b"etag", tag), *headers], b"")
        body = self._bodies.get(coding)
        if body is None:
            body = self._bodies[coding] = encoded(self.body, coding)
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding.encode()))
        length = str(len(body)).encode()
        content = [(b"content-type", b"application/json"), (b"content-length", length), (b"etag", self._tag(coding))]
        return Sent(200, [*content, *headers], body)

    def _tag(self, coding: str) -> bytes:
        return b'"%b"' % self._digest if coding == IDENTITY else b'"%b-%b"' % (self._digest, coding.encode())

    def _tag_held(self, held: bytes, coding: str) -> bytes | None:
        """Return the tag of what the client has, if that is this answer in any coding.

        Tags are compared weakly, as RFC 9110 13.1.2 says for If-None-Match. A client that stored the answer in another
        coding than it would get now is told of the one it has.
        """
        if self._digest not in held and b"*" not in held:
            return None
        given = {candidate.strip().removeprefix(b"W/") for candidate in held.split(b",")}
        if b"*" in given:
            return self._tag(coding)
        return next((tag for each in (coding, *CODINGS) if (tag := self._tag(each)) in given), None)


Said: TypeAlias = tuple[Answered, str | None]
"""An answer, and the cursor of the next page if there is one."""


def said(answer: JsonObject) -> Said:
    """Return an answer, written down."""
    size, following = answer["known_size"], answer.get("next")
    answered = Answered(orjson.dumps(answer), size=size if isinstance(size, int) else 0)
    return answered, following if isinstance(following, str) else None


def _conditions(headers: Iterable[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Return what the client says of If-None-Match and Accept-Encoding; several lines are one list."""
    held = accepted = b""
    for name, value in headers:
        if name == b"if-none-match":
            held = held + b"," + value if held else value
        elif name == b"accept-encoding":
            accepted = accepted + b"," + value if accepted else value
    return held, accepted


def _next_page(scope: Scope, cursor: str) -> str:
    """Return the address of the next page: the same question, with the cursor in place of the clocks."""
    kept = [(k, v) for k, v in parse_qsl(scope["query_string"].decode("latin-1")) if k not in _CLOCKS]
    return f"{scope['path']}?{urlencode([*kept, ('cursor', cursor)])}"
