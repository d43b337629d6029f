"""Stand between a client and a service, and cut or hold what passes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from database import free_port

_PIECE = 2**16


class Network:
    """Forward connections to a port; while it is cut none opens and all are broken, while it is held nothing passes."""

    def __init__(self, port: int) -> None:
        self.port = free_port()
        self._to = port
        self._is_cut = False
        self._passes = asyncio.Event()
        self._passes.set()
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """Return the address on this side."""
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Break every connection, and refuse others."""
        self._is_cut = True
        for writer in self._open:
            writer.transport.abort()

    def hold(self) -> None:
        """Let nothing pass, and break nothing."""
        self._passes.clear()

    def mend(self) -> None:
        """Let everything pass again."""
        self._is_cut = False
        self._passes.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection both ways until either side ends it."""
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.transport.abort()
            return
        both = {writer, back}
        self._open |= both
        try:
            ways = [asyncio.create_task(self._pass(reader, back)), asyncio.create_task(self._pass(there, writer))]
            await asyncio.wait(ways)
        finally:
            self._open -= both
            for one in both:
                one.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while piece := await reader.read(_PIECE):
                await self._passes.wait()
                writer.write(piece)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
                return
        writer.transport.abort()


@asynccontextmanager
async def network(port: int) -> AsyncIterator[Network]:
    """Give a network before a port of this machine."""
    between = Network(port)
    server = await asyncio.start_server(between.serve, "127.0.0.1", between.port)
    try:
        yield between
    finally:
        between.mend()
        between.cut()
        server.close()
