"""Name each request, count it, and write a line about those that fail or take long."""

import logging
import time
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from treaty_door.figures import OTHER, RequestFigures
from treaty_door.request_ids import CURRENT, HEADER, RequestIds, ids_of

if TYPE_CHECKING:
    from treaty_door.traces import Tracing

_LINES_A_SECOND = 10
_SHOWN = 200

_log = logging.getLogger(__name__)


class Visits:
    """Let requests through to an application, and watch how they are answered. Bodies and headers are never written."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        figures: RequestFigures,
        slow_seconds: float,
        tracing: "Tracing | None" = None,
    ) -> None:
        self._app = app
        self.figures = figures
        self.lines = AccessLines(slow_seconds)
        self._tracing = tracing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request by the application."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ids = ids_of(scope["headers"])
        span = None
        if self._tracing is not None:
            ids, span = self._tracing.request(scope["method"], ids)
        CURRENT.set(ids)  # each request has a task of its own, and with it a context
        visit = _Visit(self, scope, send, ids)
        figures = self.figures
        figures.in_flight += 1
        try:
            await self._app(scope, receive, visit.send)
        except Exception:
            if not visit.status:
                visit.begin(500)
            raise
        finally:
            figures.in_flight -= 1
            if visit.status:
                figures.ended(visit.route)
            if span is not None:
                span.end(visit.route, visit.status)


class _Visit:
    """Follow the answer to one request."""

    __slots__ = ("_began", "_id", "_scope", "_send", "_visits", "route", "status")

    def __init__(self, visits: Visits, scope: Scope, send: Send, ids: RequestIds) -> None:
        self._visits = visits
        self._scope = scope
        self._send = send
        self._id = ids.request_id.encode()
        self._began = time.perf_counter()
        self.status = 0
        self.route = OTHER

    def send(self, message: Message) -> Awaitable[None]:
        """Pass a part of the answer on; its head bears the name of the request."""
        if message["type"] == "http.response.start":
            self.begin(message["status"])
            # A copy: an application may keep the heads of answers that it gives again and again.
            message = {**message, "headers": [*message.get("headers", ()), (HEADER, self._id)]}
        return self._send(message)

    def begin(self, status: int) -> None:
        """Note with which status the answer begins."""
        seconds = time.perf_counter() - self._began
        scope = self._scope
        self.status = status
        route = scope.get("route")
        if route is not None:
            self.route = route if type(route) is str else getattr(route, "path", OTHER)
        self._visits.figures.begun(scope["method"], self.route, status, seconds)
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or seconds > self._visits.lines.slow_seconds:
            self._visits.lines.write(scope, status, seconds)


class AccessLines:
    """Write a line about a request that failed or was slow, and not more than a few a second."""

    def __init__(self, slow_seconds: float) -> None:
        self.slow_seconds = slow_seconds
        self._second = 0
        self._written = 0
        self._left_out = 0

    def write(self, scope: Scope, status: int, seconds: float) -> None:
        """Write the line, unless there were too many; the next line tells how many were left out."""
        now = int(time.monotonic())
        if now != self._second:
            self._second, self._written = now, 0
        if self._written >= _LINES_A_SECOND:
            self._left_out += 1
            return
        self._written += 1
        path = scope.get("raw_path", b"").decode("ascii", "backslashreplace")[:_SHOWN]
        fields = {"method": scope["method"], "path": path, "status": status, "seconds": round(seconds, 4)}
        if self._left_out:
            fields["left_out"], self._left_out = self._left_out, 0
        level = logging.ERROR if status == HTTPStatus.INTERNAL_SERVER_ERROR else logging.WARNING
        failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
        _log.log(level, "request failed" if failed else "request was slow", extra=fields)
