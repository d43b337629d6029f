"""Reach the files of a published log: over HTTP, from a ledger, a cache or a web server, or in a folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import TypeAlias
from urllib.parse import unquote, urlsplit

import httpx

from treaty_projector.errors import LedgerUnreachable, NotPublished

_TIMEOUT = httpx.Timeout(10.0, read=30.0)
_HEARTBEAT = httpx.Timeout(10.0, read=60.0)
_DIRECT = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""This machine is asked directly, whatever proxy the environment names for others."""

_PLACES = ("/log/", "/")
"""Where the log stands: below a ledger's address, and in an export."""

_POSITION = "id:"


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

    async def news(self, start: int) -> AsyncIterator[int]:
        """Give the size of the log each time the ledger records something from that position on, while the line holds.

        A web server that is no ledger has no such line.
        """
        try:
            async with self._client.stream(
                "GET",
                "/v1/events/live",
                params={"from": start},
                headers={"Accept": "text/event-stream"},
                timeout=_HEARTBEAT,
            ) as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    number = line.removeprefix(_POSITION).strip() if line.startswith(_POSITION) else ""
                    if number.isascii() and number.isdigit():
                        yield int(number) + 1
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

    async def news(self, start: int) -> AsyncIterator[int]:
        """Give nothing."""
        for size in range(start, start):
            yield size


Source: TypeAlias = HttpSource | FolderSource


def open_source(url: str, *, key: str | None = None) -> Source:
    """Return the source at an address: `http(s)://…`, `file://…` or the path of a folder."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https"}:
        return HttpSource(url, key=key)
    return FolderSource(Path(unquote(parts.path) if parts.scheme == "file" else url))


def _beginning(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return file.read(count)
