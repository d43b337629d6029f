"""Read everything that is stored, in order, to check it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import lent
from treaty_ledger.store.tree import Signed

_AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one event as it is stored; the fields are the columns of ledger.events."""

    position: int
    stream: str
    version: int
    source: str
    id: str
    identity: bytes
    type: str
    participant: str | None
    supersedes: int | None
    recorded_at: datetime
    recorded_by: str
    event: bytes
    content_hash: bytes
    leaf_hash: bytes


class AuditReads:
    """Read the ledger's tables from beginning to end; every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def events(self) -> AsyncIterator[list[Row]]:
        """Yield every event by position, in portions."""
        start = 0
        while rows := await self._fetch("audited_events", start, _AT_ONCE):
            portion = [Row(*row) for row in rows]
            yield portion
            start = portion[-1].position + 1

    async def checkpoints(self) -> AsyncIterator[Signed]:
        """Yield every checkpoint by size."""
        start = 0
        while rows := await self._fetch("checkpoints_from", start, _AT_ONCE):
            for row in rows:
                yield Signed(*row)
            start = rows[-1]["size"] + 1

    async def subtrees(self, level: int) -> AsyncIterator[tuple[int, bytes]]:
        """Yield the stored roots of complete subtrees of one level, by place."""
        start = 0
        while rows := await self._fetch("subtrees_of_level", level, start, _AT_ONCE):
            for row in rows:
                yield row["index"], row["hash"]
            start = rows[-1]["index"] + 1

    async def _fetch(self, name: str, *arguments: object) -> list[asyncpg.Record]:
        async with lent(self._engine) as driver:
            return await driver.fetch(statement(name), *arguments)
