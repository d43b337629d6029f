"""Name the request that is being answered, so that every line about it can be found."""

import re
import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from itertools import count
from typing import NamedTuple

HEADER = b"x-request-id"
"""The header that carries a request's name in both directions."""

TRACEPARENT = b"traceparent"
"""The header that names the trace a request belongs to (W3C Trace Context)."""

_VISIBLE = re.compile(rb"[\x21-\x7e]{1,128}")
_TRACE = re.compile(rb"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_PROCESS = secrets.token_hex(8)
_numbers = count(1)


class RequestIds(NamedTuple):
    """Hold the names of one request: its own, and the trace that it belongs to, if its client named one."""

    request_id: str
    trace_id: str | None
    traceparent: str | None


CURRENT: ContextVar[RequestIds | None] = ContextVar("request ids", default=None)
"""What is being answered in this context; None outside of requests."""


def ids_of(headers: Iterable[tuple[bytes, bytes]]) -> RequestIds:
    """Return the names of a request; one that is missing, ambiguous or not visible ASCII gives way to a new one."""
    given: bytes | None = None
    trace: bytes | None = None
    for name, value in headers:
        if name == HEADER:
            given = value if given is None else b""
        elif name == TRACEPARENT:
            trace = value if trace is None else b""
    # A number in a process with a random name: unique, and cheaper than randomness for each.
    request_id = given.decode() if given and _VISIBLE.fullmatch(given) else f"{_PROCESS}{next(_numbers):08x}"
    if trace is None or (match := _TRACE.match(trace)) is None or not _ends_well(trace, match.end()):
        return RequestIds(request_id, None, None)
    return RequestIds(request_id, match[1].decode(), trace.decode("latin-1"))


def _ends_well(traceparent: bytes, end: int) -> bool:
    """Tell whether nothing follows, or what a later version of the format may add."""
    return len(traceparent) == end or (not traceparent.startswith(b"00") and traceparent[end : end + 1] == b"-")
