"""Send prepared HTTP/1.1 requests over connections that stay open, with as little work as possible."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack
from time import perf_counter
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from figures import Run, timed

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END_OF_HEAD = b"\r\n\r\n"
_LIMIT = 2**20
_NOT_MODIFIED = 304


def get(target: str, **headers: str) -> bytes:
    """Return the bytes of a GET request; an underscore in the name of a header stands for a hyphen."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode()


def post_event(event: bytes) -> bytes:
    """Return the bytes of a request that posts one event."""
    return _post(event, "application/json")


def post_batch(events: Sequence[bytes]) -> bytes:
    """Return the bytes of a request that posts events of which all are recorded or none."""
    return _post(b"[" + b",".join(events) + b"]", "application/cloudevents-batch+json")


async def stream(base_url: str, target: str) -> AsyncIterator[bytes]:
    """Yield an answer of JSON Lines as it comes, with everything that frames it; the connection is closed after it."""
    address = urlsplit(base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port, limit=_LIMIT)
    try:
        headers = "Host: localhost\r\nAccept: application/jsonl\r\nConnection: close\r\n"
        writer.write(f"GET {target} HTTP/1.1\r\n{headers}\r\n".encode())
        while part := await reader.read(_LIMIT):
            yield part
    finally:
        writer.close()
        await writer.wait_closed()


class Connection:
    """Hold one open connection to a server."""

    def __init__(self, base_url: str) -> None:
        self._address = urlsplit(base_url)

    async def __aenter__(self) -> Self:
        self._reader, self._writer = await asyncio.open_connection(
            self._address.hostname, self._address.port, limit=_LIMIT
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def exchange(self, request: bytes) -> tuple[int, bytes]:
        """Return status and body of the answer; the answer must state its length."""
        self._writer.write(request)
        head = await self._reader.readuntil(_END_OF_HEAD)
        length = _LENGTH.search(head)
        status = int(head[9:12])
        if status == _NOT_MODIFIED:
            return status, b""
        assert length, head
        return status, await self._reader.readexactly(int(length[1]))


async def load(base_url: str, requests: Sequence[bytes], *, connections: int, status: int) -> Run:
    """Send all requests, each connection its next one as soon as it has its answer; return requests a second.

    An answer with another status ends the measurement.
    """
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(Connection(base_url)) for _ in range(connections)]
        waiting, durations = iter(requests), list[float]()
        began = perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for connection in opened:
                tasks.create_task(_send(connection, waiting, durations, status))
        elapsed = perf_counter() - began
    return timed(durations, value=len(requests) / elapsed)


async def _send(connection: Connection, waiting: Iterator[bytes], durations: list[float], status: int) -> None:
    for request in waiting:
        began = perf_counter()
        answered, body = await connection.exchange(request)
        durations.append(perf_counter() - began)
        assert answered == status, body


def _post(body: bytes, media_type: str) -> bytes:
    head = (
        f"POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Type: {media_type}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
