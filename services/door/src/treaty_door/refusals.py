"""Answer what is not let in, and tell the operator without a line for each."""

import logging
import time
from http import HTTPStatus

import orjson

from treaty_contracts.problems import PROBLEMS

TIMEOUT = "request-timeout"
MALFORMED = "malformed-request"
HEAD_TOO_LARGE = "head-too-large"
TOO_MANY = "unavailable"

_SILENT_SECONDS = 60.0
_DETAILS = {
    TIMEOUT: "The request did not arrive in the time it has.",
    MALFORMED: "The bytes are not one request that every reader understands alike.",
    HEAD_TOO_LARGE: "The request line and the headers may have at most 16 KiB together.",
    TOO_MANY: "Too many connections are open. Connect again later.",
}

_log = logging.getLogger(__name__)


def answer_to(name: str, detail: str | None = None) -> bytes:
    """Return the whole answer that reports a problem and ends its connection."""
    kind = PROBLEMS[name]
    told = detail or _DETAILS[name]
    body = orjson.dumps({"type": kind.uri, "title": kind.title, "status": kind.status, "detail": told})
    retry = b"retry-after: 1\r\n" if kind.status == HTTPStatus.SERVICE_UNAVAILABLE else b""
    return (
        f"HTTP/1.1 {kind.status} {HTTPStatus(kind.status).phrase}\r\n"
        f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\n"
        "cache-control: no-store\r\nconnection: close\r\n"
    ).encode() + b"%b\r\n%b" % (retry, body)


class Tally:
    """Count what was not let in, and write a line about it once a minute at most."""

    def __init__(self) -> None:
        self.refused = dict.fromkeys((HEAD_TOO_LARGE, MALFORMED, TIMEOUT, TOO_MANY), 0)
        """How many were refused for each kind of problem."""
        self._since_line = 0
        self._last_line = -_SILENT_SECONDS

    def note(self, name: str) -> None:
        """Count one refusal."""
        self.refused[name] += 1
        self._since_line += 1
        now = time.monotonic()
        if now - self._last_line >= _SILENT_SECONDS:
            _log.warning("%d connections were refused at the door; the last: %s", self._since_line, name)
            self._since_line, self._last_line = 0, now
