"""Hold what a fault may strike in one round: the server, the database, its ledgers, and those who write."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import asyncpg
from database import create_template, fresh_database, logins
from faults.recorder import Recorder
from faults.servers import DatabaseServer, Ledger
from faults.workload import Workload

_LOOK_SECONDS = 0.02


@dataclass(slots=True)
class Ground:
    """Hold a server and the database that each round copies."""

    server: DatabaseServer
    template: str
    disk: Path | None = None
    """Where the server's disk is small enough to be filled."""


@asynccontextmanager
async def prepared(folder: Path, *, disk: Path | None = None) -> AsyncIterator[Ground]:
    """Give a running server with a migrated database."""
    server = DatabaseServer(folder)
    try:
        async with logins(server.url):
            yield Ground(server, await create_template(server.url), disk)
    finally:
        server.close()


@dataclass(slots=True)
class Scene:
    """Hold one round while it lasts."""

    ground: Ground
    database_url: str
    folder: Path
    rng: Random
    ledgers: list[Ledger]
    recorder: Recorder
    workload: Workload
    broken: list[str] = field(default_factory=list)
    """What was promised and did not hold, beyond what the history tells."""

    @property
    def ledger(self) -> Ledger:
        """Return the first ledger."""
        return self.ledgers[0]

    async def some(self) -> None:
        """Return at a random moment of the writing."""
        await self.recorder.more(self.rng.randrange(5, 60))

    async def sometime(self, shortest: float, longest: float) -> None:
        """Let a fault last for a random time."""
        await asyncio.sleep(self.rng.uniform(shortest, longest))

    async def until(self, condition: Callable[[], bool], *, seconds: float = 20.0) -> bool:
        """Return once a condition holds; tell whether it did in time."""
        try:
            async with asyncio.timeout(seconds):
                while not condition():  # noqa: ASYNC110 - it is about other processes
                    await asyncio.sleep(_LOOK_SECONDS)
        except TimeoutError:
            return False
        return True

    def require(self, *, holds: bool, promise: str) -> None:
        """Write down a promise that does not hold."""
        if not holds:
            self.broken.append(promise)

    async def execute(self, statement: str, *arguments: object) -> None:
        """Run a statement in the database of the round, as a superuser."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(statement, *arguments)
        finally:
            await connection.close()


@asynccontextmanager
async def database_of(ground: Ground) -> AsyncIterator[str]:
    """Give a fresh copy of the template."""
    async with fresh_database(ground.server.url, template=ground.template) as url:
        yield url
