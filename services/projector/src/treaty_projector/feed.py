"""Read the ledger over HTTP: its entries in order, and word that there are new ones."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx

from treaty_projector.entries import Entry, read_entry
from treaty_projector.errors import LedgerUnreachable

_TIMEOUT = httpx.Timeout(10.0, read=30.0)
_HEARTBEAT = httpx.Timeout(10.0, read=60.0)


class LedgerFeed:
    """Read one ledger."""

    def __init__(self, url: str, *, batch: int, key: str | None = None) -> None:
        self._url = url.rstrip("/")
        self._batch = batch
        self._client = httpx.AsyncClient(
            base_url=self._url,
            timeout=_TIMEOUT,
            headers={"User-Agent": "treaty-projector"} | ({"Authorization": f"Bearer {key}"} if key else {}),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.aclose()

    async def batches(self, start: int) -> AsyncIterator[list[Entry]]:
        """Give the entries from a position to the end of the log, in order and without gaps, batch by batch."""
        entries: list[Entry] = []
        position = start
        try:
            async with self._client.stream(
                "GET", "/v1/events", params={"from": start}, headers={"Accept": "application/jsonl"}
            ) as answer:
                answer.raise_for_status()
                async for line in answer.aiter_lines():
                    if not line:
                        continue
                    entries.append(read_entry(line.encode(), expected=position))
                    position += 1
                    if len(entries) >= self._batch:
                        yield entries
                        entries = []
        except httpx.HTTPError as error:
            raise LedgerUnreachable(self._url, str(error) or type(error).__name__) from error
        if entries:
            yield entries

    async def size(self) -> int:
        """Return how many entries the ledger says it has."""
        try:
            answer = await self._client.get("/v1/events", params={"from": 0, "limit": 1})
            answer.raise_for_status()
            size: int = answer.json()["size"]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            raise LedgerUnreachable(self._url, str(error) or type(error).__name__) from error
        return size

    async def news(self, start: int) -> AsyncIterator[None]:
        """Give a sign each time the ledger records something from that position on, while the line holds."""
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
                    if line.startswith("data:"):
                        yield None
        except httpx.HTTPError as error:
            raise LedgerUnreachable(self._url, str(error) or type(error).__name__) from error
