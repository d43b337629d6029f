"""Read everything that is stored, in order, to check it."""

from collections.abc import AsyncIterator

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import lent
from treaty_ledger.store.tree import Signed
from treaty_ledger.store.values import Entry

_AT_ONCE = 2_000


class AuditReads:
    """Read the ledger's tables from beginning to end; every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def events(self) -> AsyncIterator[list[Entry]]:
        """Yield every event by position, in portions."""
        start = 0
        while rows := await self._fetch("audited_events", start, _AT_ONCE):
            portion = [Entry(*row) for row in rows]
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
