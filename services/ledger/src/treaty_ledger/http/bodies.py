"""Read bodies within bounds: nothing beyond a limit is kept."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import NamedTuple

from starlette.requests import Request

from treaty_ledger.errors import TooLarge

EVENT_BYTES = 60 * 1024
"""The most bytes one event may have."""

BATCH_BYTES = 5 * 2**20
"""The most bytes a batch may have."""

BATCH_EVENTS = 1_000
"""The most events a batch may have."""


async def read_body(request: Request, headers: Mapping[str, str], *, what: str, limit: int) -> bytes:
    """Return a body; raise TooLarge as soon as it is seen to be larger than `limit` bytes."""
    stated = headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated[:20]) > limit:
        raise _too_large(what, limit)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > limit:
            raise _too_large(what, limit)
        parts.append(part)
    return b"".join(parts)


def _too_large(what: str, limit: int) -> TooLarge:
    return TooLarge(what, f"{limit:,} bytes")


class Line(NamedTuple):
    """Hold one line of a body, counted from 1; `content` is None when it is too long to be an event."""

    number: int
    content: bytes | None


class LineSplitter:
    """Cut a stream of bytes into lines, keeping no more than one line's worth of it."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._skipping = False
        self._number = 1

    def feed(self, part: bytes) -> Iterator[Line]:
        """Yield each line that a part of the body completes; blank lines count, but are not yielded."""
        pieces = part.split(b"\n")
        for piece in pieces[:-1]:
            self._keep(piece)
            yield from self._finish()
        self._keep(pieces[-1])

    def end(self) -> Iterator[Line]:
        """Yield the last line, when no line break ended it."""
        yield from self._finish()

    def _keep(self, piece: bytes) -> None:
        if self._skipping or len(self._begun) + len(piece) > EVENT_BYTES:
            self._skipping = True
            self._begun.clear()
        else:
            self._begun += piece

    def _finish(self) -> Iterator[Line]:
        content = None if self._skipping else bytes(self._begun).strip(b" \t\r")
        number = self._number
        self._begun.clear()
        self._skipping = False
        self._number += 1
        if content != b"":
            yield Line(number, content)


async def lines_of(request: Request) -> AsyncIterator[tuple[Line, ...]]:
    """Yield the lines of a body, as many at a time as arrived together."""
    splitter = LineSplitter()
    async for part in request.stream():
        if lines := tuple(splitter.feed(part)):
            yield lines
    if lines := tuple(splitter.end()):
        yield lines
