"""Let in who may read, where reads are not public. Whoever records is asked by the endpoint that records."""

import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from treaty_ledger.access.gate import Gate
from treaty_ledger.errors import LedgerError
from treaty_ledger.http.problems import problem_response

OPEN = ("/livez", "/readyz")
"""What anybody may ask: whether the process is well. The pages that explain problems are open too."""

_PAGES = "/problems/"
_ASKED_AGAIN_SECONDS = 5.0


class PrivateReads:
    """Ask everybody who reads for a credential, and again while a long answer lasts."""

    def __init__(self, app: ASGIApp, gate: Gate, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._gate = gate
        self._clock = clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 or 403 in place of the application, or let it answer."""
        if scope["type"] != "http" or scope["path"] in OPEN or scope["path"].startswith(_PAGES):
            await self._app(scope, receive, send)
            return
        if scope["method"] == "POST":  # the one address that takes it asks for more than reading
            await self._app(scope, receive, send)
            return
        visit = _Visit(self._gate, Headers(scope=scope).getlist("authorization"), send, clock=self._clock)
        try:
            await visit.ask()
        except LedgerError as error:
            await problem_response(error)(scope, receive, send)
            return
        try:
            await self._app(scope, receive, visit.send)
        except _OverError:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class _OverError(Exception):
    """Say that a reader's credential does not count any more."""


class _Visit:
    """Follow one answer to one reader."""

    def __init__(self, gate: Gate, authorization: list[str], send: Send, *, clock: Callable[[], float]) -> None:
        self._gate = gate
        self._authorization = authorization
        self._send = send
        self._clock = clock
        self._asked_at = 0.0

    async def ask(self) -> None:
        """Raise LedgerError unless the reader may read."""
        principal = await self._gate.principal(self._authorization)
        principal.require_read()
        self._asked_at = self._clock()

    async def send(self, message: Message) -> None:
        """Pass an answer on: to no shared cache, and no longer than the credential counts."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message["headers"])
            kept = headers.get("cache-control", "").removeprefix("public, ")
            headers["Cache-Control"] = f"private, {kept}" if kept else "private"
        elif self._clock() - self._asked_at > _ASKED_AGAIN_SECONDS:
            try:
                await self.ask()
            except LedgerError as error:
                raise _OverError from error
        await self._send(message)
