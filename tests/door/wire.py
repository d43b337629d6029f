"""Talk to a service in bytes, as no client library would."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from database import RunningService

from treaty_contracts.canonical import JSON

PATIENCE_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Connection:
    """Hold both directions of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        """Send bytes, whoever still takes them."""
        try:
            self.writer.write(data)
            await self.writer.drain()
        except ConnectionError:
            pass

    async def rest(self) -> bytes:
        """Return everything that comes until the service closes the connection."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            try:
                return await self.reader.read()
            except ConnectionError:
                return b""

    async def answer(self) -> tuple[int, bytes]:
        """Return the status and the body of one answer of a stated length."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            return int(head.split(b" ")[1]), await self.reader.readexactly(length)


@dataclass(frozen=True, slots=True)
class Address:
    """Hold where a service listens."""

    host: str
    port: int

    @classmethod
    def of(cls, service: RunningService) -> "Address":
        """Return where a running service listens."""
        url = httpx.URL(service.base_url)
        return cls(url.host, url.port or 80)

    @asynccontextmanager
    async def connected(self) -> AsyncIterator[Connection]:
        """Give an open connection."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            yield Connection(reader, writer)
        finally:
            writer.close()

    async def told(self, *pieces: bytes) -> bytes:
        """Send bytes; return everything that comes until the service closes the connection."""
        async with self.connected() as connection:
            for piece in pieces:
                await connection.send(piece)
            return await connection.rest()


def problem_in(answer: bytes) -> str:
    """Return the name of the problem that is the one answer on a connection."""
    assert answer.count(b"HTTP/1.1 ") == 1, answer
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"content-type: application/problem+json" in head
    assert b"connection: close" in head
    problem: dict[str, JSON] = json.loads(body)
    assert problem["status"] == int(head.split(b" ")[1])
    assert problem["detail"]
    return str(problem["type"]).removeprefix("/problems/")
