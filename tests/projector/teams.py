"""Let several workers share a projection, in one process or in several."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import programs
from database import as_part, free_port
from programs import Process
from projector.published import cursor_of

from treaty_door.pulse import Loop
from treaty_projector.generations import Place
from treaty_projector.progress import Progress
from treaty_projector.settings import ProjectorSettings
from treaty_projector.store import Cursor
from treaty_projector.workers import Team, open_runner, open_team

PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Site:
    """Say where workers find the log and their database, and how they work."""

    database_url: str
    log: Path | str
    batch: int = 50
    lease_seconds: float = 60.0
    failpoints: str | None = None

    @property
    def settings(self) -> ProjectorSettings:
        """Return the settings of a worker there."""
        return ProjectorSettings(
            treaty_projector_database_url=as_part(self.database_url, "projector"),
            ledger_url=str(self.log),
            batch=self.batch,
            lease_seconds=self.lease_seconds,
            poll_seconds=0.1,
            failpoints=self.failpoints,
        )


def _progress() -> Progress:
    return Progress(Loop("worker", tracing=None))


@asynccontextmanager
async def at_work(site: Site) -> AsyncIterator[Team]:
    """Let one more worker share the projection, until it is told to stop."""
    async with open_team(site.settings, Place(), _progress(), _progress()) as team:
        working = asyncio.create_task(team.run())
        try:
            yield team
        finally:
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working


async def watch(site: Site, *, until: Callable[[Cursor], bool]) -> list[Cursor]:
    """Look at the cursor until it is as wanted; return where it was seen, in order."""
    seen: list[Cursor] = []
    async with asyncio.timeout(PATIENCE):
        while not seen or not until(seen[-1]):
            cursor = await cursor_of(site.database_url)
            if not seen or seen[-1] != cursor:
                seen.append(cursor)
    return seen


async def share(site: Site, *, workers: int, size: int) -> list[Cursor]:
    """Let several workers follow the log up to a size; return where the cursor was seen, in order."""
    async with AsyncExitStack() as stack:
        for _ in range(workers):
            await stack.enter_async_context(at_work(site))
        return await watch(site, until=lambda cursor: cursor.size == size)


@contextmanager
def doomed(site: Site, *, log: Path, failpoints: str) -> Iterator[Process]:
    """Let one more worker share the projection in a process of its own, until it ends itself."""
    own = {
        "TREATY_PROJECTOR_DATABASE_URL": as_part(site.database_url, "projector"),
        "TREATY_PROJECTOR_LEDGER_URL": str(site.log),
        "TREATY_PROJECTOR_PORT": str(free_port()),
        "TREATY_PROJECTOR_SHARED": "true",
        "TREATY_PROJECTOR_LEASE_SECONDS": str(site.lease_seconds),
        "TREATY_PROJECTOR_BATCH": str(site.batch),
        "TREATY_PROJECTOR_POLL_SECONDS": "0.1",
        "TREATY_PROJECTOR_FAILPOINTS": failpoints,
    }
    with log.open("ab") as output:
        process = programs.start(["treaty-projector", "worker"], env={**os.environ, **own}, out=output, err=output)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


async def go_on_alone(site: Site) -> int:
    """Follow the log as the only worker; return the size reached."""
    async with open_runner(site.settings, Place(), _progress()) as runner:
        return await runner.catch_up()
