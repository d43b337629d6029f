"""Work in a team: hold parts, fold slices, and look after what others leave."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from treaty_projector.errors import DatabaseUnavailable, LeaseLost, ProjectorError
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.sharing.bell import Bell
from treaty_projector.sharing.leases import Leases
from treaty_projector.sharing.slice_folder import SliceFolder
from treaty_projector.sharing.steps import Steps
from treaty_projector.sharing.work import Part, next_work
from treaty_projector.slices import PARTS
from treaty_projector.store import Store

_LOOK_SECONDS = 1.0
"""How long another generation, a new worker or a part that is free may go unnoticed."""

_log = logging.getLogger(__name__)


class TeamWorker:
    """Fold what is this worker's to fold, as long as there is something."""

    def __init__(
        self, store: Store, steps: Steps, leases: Leases, folder: SliceFolder, bell: Bell, *, progress: Progress
    ) -> None:
        self.trouble: ProjectorError | None = None
        """What keeps this worker from going on; None while all is well."""
        self._store = store
        self._steps = steps
        self.leases = leases
        self._folder = folder
        self.bell = bell
        self._progress = progress
        self._looked_at = 0.0
        self._look_seconds = min(_LOOK_SECONDS, leases.seconds / 3)
        self._numbers: tuple[int, ...] = ()

    async def run(self) -> None:
        """Work until cancelled, then give everything back."""
        self._progress.holds(0)
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self.bell.listen())
                tasks.create_task(self.leases.keep())
                while True:
                    self._progress.turned()
                    silence = self.bell.silence
                    if not await self._try():
                        await self.bell.rung(silence)
        finally:
            with suppress(DatabaseUnavailable):
                await self.leases.leave()

    async def align(self) -> None:
        """Help until no step is open, then give everything back: whoever is alone from now on goes on from there."""
        others = [asyncio.create_task(self.bell.listen()), asyncio.create_task(self.leases.keep())]
        try:
            while (await self._steps.head()).steps:
                self._progress.turned()
                silence = self.bell.silence
                if not await self._turn():
                    await self.bell.rung(silence)
        finally:
            for other in others:
                other.cancel()
            await asyncio.wait(others)
            with suppress(DatabaseUnavailable):
                await self.leases.leave()
            self._progress.holds(PARTS)

    async def _try(self) -> bool:
        """Take a turn; return whether something was folded."""
        try:
            folded = await self._turn()
        except ProjectorError as error:
            if str(error) != str(self.trouble):
                _log.warning("%s", error)
            self.trouble = error
            self._looked_at = 0.0
            return isinstance(error, LeaseLost)
        self.trouble = None
        return folded

    async def _turn(self) -> bool:
        """Fold one step of the slices that are the farthest behind; return whether there was one."""
        if monotonic() - self._looked_at > self._look_seconds:
            await self._store.open(law=LAW)
            await self.leases.balance()
            self._looked_at = monotonic()
        held = await self.leases.held()
        self._tell(held)
        work = next_work(held)
        if work is None:
            self._progress.caught_up()
            return False
        async with self._progress.applying(work.end - work.start):
            await self._folder.fold(work)
        return True

    def _tell(self, held: Sequence[Part]) -> None:
        """Say which parts are this worker's, whenever those are others than before."""
        numbers = tuple(part.number for part in held)
        if numbers != self._numbers:
            _log.info("%d of %d parts of the work are this worker's (%s)", len(numbers), PARTS, self.leases.name)
        self._numbers = numbers
        self._progress.holds(len(numbers))
