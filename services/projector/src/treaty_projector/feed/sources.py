"""Reach the files of a published log: over HTTP, from a ledger, a cache or a web server, or in a folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple, TypeAlias
from urllib.parse import unquote, urlsplit

import httpx
import orjson

from treaty_projector.errors import LedgerUnreachable, NotPublished

_TIMEOUT = httpx.Timeout(10.0, read=30.0)
_HEARTBEAT = httpx.Timeout(10.0, read=60.0)
_DIRECT = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""This machine is asked directly, whatever proxy the environment names for others."""

_LINE_BYTES = 2**17

_PLACES = ("/log/", "/")
"""Where the log stands: below a ledger's address, and in an export."""

_DATA = b"data: "


class News(NamedTuple):
    """Tell how many entries a ledger has recorded, and the checkpoint over them where they are signed."""

    size: int
    note: str | None


class HttpSource:
    """Read a log that a ledger serves, or any web server that has an export of it, or a cache before either."""

    def __init__(self, url: str, *, key: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._place: str | None = None
        self._client = httpx.AsyncClient(
            base_url=self._url,
            timeout=_TIMEOUT,
            mounts=_DIRECT,
            headers={"User-Agent": "treaty-projector"} | ({"Authorization": f"Bearer {key}"} if key else {}),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def read(self, name: str, *, most: int) -> bytes:
        """Return what stands under a name, of at most so many bytes; raise NotPublished, LedgerUnreachable."""
        if self._place is not None:
            return await self._read(self._place, name, most)
        for place in _PLACES:
            try:
                content = await self._read(place, name, most)
            except NotPublished:
                continue
            self._place = place
            return content
        raise NotPublished(self._url, name)

    async def news(self, size: int) -> AsyncIterator[News]:
        """Give each checkpoint of more entries than that as the ledger signs it, while the line holds.

        A web server that is no ledger has no such line.
        """
        try:
            async with self._client.stream(
                "GET",
                "/v1/checkpoints/live",
                params={"from_size": size},
                headers={"Accept": "text/event-stream"},
                timeout=_HEARTBEAT,
            ) as answer:
                answer.raise_for_status()
                async for line in _lines(answer.aiter_bytes()):
                    if line.startswith(_DATA) and (told := _news(line.removeprefix(_DATA))) is not None:
                        yield told
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error

    async def _read(self, place: str, name: str, most: int) -> bytes:
        content = bytearray()
        try:
            async with self._client.stream("GET", f"{place}{name}") as answer:
                if answer.status_code == HTTPStatus.NOT_FOUND:
                    raise NotPublished(self._url, name)
                answer.raise_for_status()
                async for part in answer.aiter_bytes():
                    content += part
                    if len(content) > most:
                        raise LedgerUnreachable(self._url, f"{name} has more than {most} bytes")
        except httpx.HTTPError as error:
            raise self._unreachable(error) from error
        return bytes(content)

    def _unreachable(self, error: Exception) -> LedgerUnreachable:
        return LedgerUnreachable(self._url, str(error) or type(error).__name__)


class FolderSource:
    """Read a log from a folder that `treaty export` wrote; there is no word of news in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def close(self) -> None:
        """Do nothing: no file stays open."""

    async def read(self, name: str, *, most: int) -> bytes:
        """Return what stands in a file, of at most so many bytes; raise NotPublished, LedgerUnreachable."""
        try:
            content = await asyncio.to_thread(_beginning, self._folder / name, most + 1)
        except FileNotFoundError as error:
            raise NotPublished(str(self._folder), name) from error
        except OSError as error:
            raise LedgerUnreachable(str(self._folder), f"{name}: {error.strerror}") from error
        if len(content) > most:
            raise LedgerUnreachable(str(self._folder), f"{name} has more than {most} bytes")
        return content

    async def news(self, _size: int) -> AsyncIterator[News]:
        """Give nothing: nobody tells of a folder."""
        nobody: tuple[News, ...] = ()
        for news in nobody:
            yield news


Source: TypeAlias = HttpSource | FolderSource


def open_source(url: str, *, key: str | None = None) -> Source:
    """Return the source at an address: `http(s)://…`, `file://…` or the path of a folder."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return HttpSource(url, key=key)
    return FolderSource(Path(unquote(parts.path) if parts.scheme == "file" else url))


async def _lines(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Cut what arrives at its line feeds; a line longer than any note is no news."""
    begun = b""
    async for part in parts:
        *whole, begun = (begun + part).split(b"\n")
        for line in whole:
            yield line
        if len(begun) > _LINE_BYTES:
            return


def _news(data: bytes) -> News | None:
    """Return what a message tells; None for one that is not understood."""
    try:
        told = orjson.loads(data)
        size, note = told["size"], told.get("checkpoint")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return News(size, note) if isinstance(size, int) and isinstance(note, str | None) else None


def _beginning(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
