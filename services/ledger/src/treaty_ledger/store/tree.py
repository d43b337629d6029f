"""Read hashes of the log's tree, and what was signed over it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_contracts.tlog.frontier import Frontier, edges, frontier_of
from treaty_ledger.errors import HashesMissing
from treaty_ledger.sql import statement
from treaty_ledger.store.connections import Driver, lent


@dataclass(frozen=True, slots=True)
class Signed:
    """Hold a checkpoint as it was signed and published."""

    size: int
    root: bytes
    note: str


class TreeReads:
    """Read the tree on connections from a pool; every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def hashes(self, level: int, first: int, count: int) -> list[bytes]:
        """Return `count` neighbouring hashes of one level of tiles; raise HashesMissing when one is not stored."""
        async with lent(self._engine) as driver:
            return await read_hashes(driver, level, first, count)

    async def size(self) -> int:
        """Return how many events are recorded."""
        async with lent(self._engine) as driver:
            size: int = await driver.fetchval(statement("log_size"))
            return size

    async def frontier(self, size: int) -> Frontier:
        """Return the right edge of the tree at a size that was signed, or is smaller; raise HashesMissing."""
        async with lent(self._engine) as driver:
            return await read_frontier(driver, size)

    async def latest(self) -> Signed | None:
        """Return the checkpoint signed last."""
        async with lent(self._engine) as driver:
            return await latest_checkpoint(driver)

    async def of_size(self, size: int) -> Signed | None:
        """Return the checkpoint signed at one size."""
        async with lent(self._engine) as driver:
            row = await driver.fetchrow(statement("checkpoint_of_size"), size)
            return Signed(*row) if row else None

    async def origin(self) -> str | None:
        """Return the name of the log; None before it has one."""
        async with lent(self._engine) as driver:
            origin: str | None = await driver.fetchval(statement("log_origin"))
            return origin

    async def name(self, origin: str) -> None:
        """Give the log its name, unless it has one."""
        async with lent(self._engine) as driver:
            await driver.execute(statement("name_log"), origin)


async def latest_checkpoint(driver: Driver) -> Signed | None:
    """Return the checkpoint signed last."""
    row = await driver.fetchrow(statement("latest_checkpoint"))
    return Signed(*row) if row else None


async def read_hashes(driver: Driver, level: int, first: int, count: int) -> list[bytes]:
    """Return `count` neighbouring hashes of one level of tiles: of leaves, or of complete subtrees."""
    if not count:
        return []
    end = first + count
    asked: Sequence[object] = (first, end) if level == 0 else (level, first, end)
    rows = await driver.fetch(statement("leaf_hashes" if level == 0 else "subtree_hashes"), *asked)
    if len(rows) != count:
        raise HashesMissing(level, first, count, found=len(rows))
    return [row["hash"] for row in rows]


async def read_frontier(driver: Driver, size: int) -> Frontier:
    """Return the right edge of the tree at a size."""
    return frontier_of([await read_hashes(driver, edge.level, edge.first, edge.count) for edge in edges(size)])
