"""Build workers: one that has the projection to itself, and one of several that share it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_projector.applying import Applier, ApplyAlone
from treaty_projector.checkpoints import Checkpoints
from treaty_projector.connections import PAUSE_TIMEOUT_MS, connect
from treaty_projector.desk import Desk
from treaty_projector.errors import ProjectorError
from treaty_projector.failpoints import Failpoints
from treaty_projector.feed.log import LogFeed
from treaty_projector.feed.sources import open_source
from treaty_projector.generations import Place
from treaty_projector.progress import Progress
from treaty_projector.quarantine import Quarantine
from treaty_projector.runner import Pace, Runner
from treaty_projector.settings import ProjectorSettings
from treaty_projector.sharing.bell import Bell
from treaty_projector.sharing.leases import Leases, name_of_worker
from treaty_projector.sharing.reader import StepByStep
from treaty_projector.sharing.slice_folder import Capacity, SliceFolder
from treaty_projector.sharing.steps import Steps
from treaty_projector.sharing.team_worker import TeamWorker
from treaty_projector.store import Store

_WRITE_TIMEOUT_MS = 60_000


@dataclass(frozen=True, slots=True)
class Team:
    """Hold one of several workers: it folds its slices, and reads the log while that is its part."""

    worker: TeamWorker
    reading: Runner

    @property
    def trouble(self) -> ProjectorError | None:
        """Return what keeps it from going on; None while all is well."""
        return self.worker.trouble or self.reading.trouble

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.reading.run())
            tasks.create_task(self.worker.run())


@asynccontextmanager
async def open_runner(
    settings: ProjectorSettings, place: Place, progress: Progress, *, stays: bool = False
) -> AsyncIterator[Runner]:
    """Build a worker that is alone: one that `stays` keeps up the generation at its place, whichever answers."""
    async with AsyncExitStack() as stack:
        engine = await _engine(stack, settings, place, size=2)
        store = Store(engine, place, stays=stays)
        desk = Desk(
            store,
            capacity=settings.facts_in_memory,
            quarantine=Quarantine(most=settings.quarantine_most),
            failpoints=Failpoints(settings.failpoints),
        )
        helper = await _team_worker(stack, settings, place, progress, stays=stays)
        yield await _runner(stack, settings, store, ApplyAlone(store, desk, helper=helper), progress)


@asynccontextmanager
async def open_team(
    settings: ProjectorSettings, place: Place, progress: Progress, reading: Progress
) -> AsyncIterator[Team]:
    """Build a worker that shares the projection with others."""
    async with AsyncExitStack() as stack:
        worker = await _team_worker(stack, settings, place, progress)
        log_place = Place()
        engine = await _engine(stack, settings, log_place, size=2)
        store, steps = Store(engine, log_place), Steps(engine)
        failpoints = Failpoints(settings.failpoints)
        applier = StepByStep(store, steps, worker.leases, worker.bell, reading, failpoints)
        yield Team(worker, await _runner(stack, settings, store, applier, reading))


async def _team_worker(
    stack: AsyncExitStack, settings: ProjectorSettings, place: Place, progress: Progress, *, stays: bool = False
) -> TeamWorker:
    lease_ms = int(settings.lease_seconds * 1_000)  # a lock that outlasts the lease would keep its slices from others
    engine = await _engine(stack, settings, place, size=3, pause_timeout_ms=min(lease_ms, PAUSE_TIMEOUT_MS))
    store, steps = Store(engine, place, stays=stays), Steps(engine)
    leases = Leases(engine, name=name_of_worker(), seconds=settings.lease_seconds)
    folder = SliceFolder(
        store,
        steps,
        leases,
        capacity=Capacity(settings.facts_in_memory, settings.quarantine_most),
        failpoints=Failpoints(settings.failpoints),
    )
    bell = Bell(await _engine(stack, settings, Place(), size=1), look_seconds=settings.poll_seconds)
    return TeamWorker(store, steps, leases, folder, bell, progress=progress)


@asynccontextmanager
async def open_log(settings: ProjectorSettings, store: Store) -> AsyncIterator[tuple[LogFeed, Checkpoints]]:
    """Build what reads the log that is followed, and what knows whose checkpoints of it count."""
    key = settings.ledger_key.get_secret_value() if settings.ledger_key else None
    feed = LogFeed(open_source(settings.ledger_url, key=key), batch=settings.batch)
    try:
        yield feed, Checkpoints(store, feed, keys=settings.log_keys)
    finally:
        await feed.close()


async def _runner(
    stack: AsyncExitStack, settings: ProjectorSettings, store: Store, applier: Applier, progress: Progress
) -> Runner:
    feed, checkpoints = await stack.enter_async_context(open_log(settings, store))
    pace = Pace(settings.batch, settings.poll_seconds)
    return Runner(store, feed, applier, checkpoints, pace=pace, progress=progress)


async def _engine(
    stack: AsyncExitStack,
    settings: ProjectorSettings,
    place: Place,
    *,
    size: int,
    pause_timeout_ms: int = PAUSE_TIMEOUT_MS,
) -> AsyncEngine:
    url = settings.database_url.get_secret_value()
    engine = connect(
        url,
        place=place,
        size=size,
        statement_timeout_ms=_WRITE_TIMEOUT_MS,
        only_reads=False,
        pause_timeout_ms=pause_timeout_ms,
    )
    stack.push_async_callback(engine.dispose)
    return engine
