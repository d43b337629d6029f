"""Write what was signed, on one connection that holds the lease to sign."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_contracts.tlog.frontier import Frontier, Subtree
from treaty_ledger.errors import NotReplicated
from treaty_ledger.sql import statement
from treaty_ledger.store.connections import Driver, lent
from treaty_ledger.store.tree import Signed, latest_checkpoint, read_frontier
from treaty_ledger.store.values import Recorded


class Signing:
    """Read what is recorded and store what is signed, while no other process on this database does.

    Every method raises DatabaseUnavailable; then the lease is lost with the connection.
    """

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._warnings: list[str] = []

    def warned(self, _connection: object, message: object) -> None:
        """Hear what the server warns of."""
        self._warnings.append(str(message))

    async def size(self) -> int:
        """Return how many events are recorded."""
        size: int = await self._driver.fetchval(statement("log_size"))
        return size

    async def latest(self) -> Signed | None:
        """Return the checkpoint signed last."""
        return await latest_checkpoint(self._driver)

    async def frontier(self, size: int) -> Frontier:
        """Return the right edge of the tree at a size that was signed, or is smaller; raise HashesMissing."""
        return await read_frontier(self._driver, size)

    async def recorded(self, start: int, end: int) -> list[Recorded]:
        """Return the events from one position up to another."""
        rows = await self._driver.fetch(statement("recorded_events"), start, end, end - start)
        return [Recorded(*row) for row in rows]

    async def store(self, signed: Signed, complete: Sequence[Subtree]) -> None:
        """Store a checkpoint and the subtrees complete since the one before, in one exchange; return once durable.

        Under synchronous replication the commit waits for the standby, and so for everything committed earlier. When
        the server was told to stop waiting it says so in a warning: then this raises NotReplicated.
        """
        columns = [
            [tree.level for tree in complete],
            [tree.index for tree in complete],
            [tree.hash for tree in complete],
        ]
        await self._replicated("add_checkpoint", signed.size, signed.root, signed.note, *columns)

    async def confirm(self) -> None:
        """Return once everything committed before is as durable as a commit is; raise NotReplicated."""
        await self._replicated("confirm_durable")

    async def _replicated(self, name: str, *values: object) -> None:
        self._warnings.clear()
        await self._driver.execute(statement(name), *values)
        if self._warnings:
            raise NotReplicated(self._warnings[0])


class SigningLease:
    """Let one process of all on a database sign; `engine` keeps one connection, and that for nothing else."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Signing | None]:
        """Take the lease until the session ends; give None when another process has it. Raises DatabaseUnavailable."""
        async with lent(self._engine) as driver:
            if not await driver.fetchval(statement("take_signing_lease")):
                yield None
                return
            signing = Signing(driver)
            driver.add_log_listener(signing.warned)
            try:
                yield signing
            finally:
                if not driver.is_closed():
                    driver.remove_log_listener(signing.warned)
