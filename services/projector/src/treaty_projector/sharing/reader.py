"""Store what is proven to be in the log, and cut it into steps for every worker to fold its slices of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from treaty_projector.applying import heal_anew
from treaty_projector.entries import Entry
from treaty_projector.failpoints import Failpoints
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.quarantine import Quarantined
from treaty_projector.sharing.bell import Bell
from treaty_projector.sharing.leases import Leases
from treaty_projector.sharing.steps import Steps
from treaty_projector.store import Cursor, Store

_MOST_STEPS = 8
"""How many steps may be open: reading on would only fill the database with what nobody folds yet."""


class StepByStep:
    """Apply entries by opening steps, while the reading of the log is this worker's part."""

    def __init__(
        self, store: Store, steps: Steps, leases: Leases, bell: Bell, progress: Progress, failpoints: Failpoints
    ) -> None:
        self._store = store
        self._steps = steps
        self._leases = leases
        self._bell = bell
        self._failpoints = failpoints
        self._progress = progress
        self._staying: set[Quarantined] = set()

    def is_up(self) -> bool:
        """Tell whether the reading of the log is this worker's part."""
        return self._leases.reads

    async def begin(self) -> Cursor:
        """Return how far the log is read; what is quarantined is healed first, once nobody folds."""
        await self._store.open(law=LAW)
        if set(await self._store.quarantined()) - self._staying:
            await self._until_open(at_most=0)
            self._staying = await heal_anew(self._store, self._failpoints, self._staying)
        return (await self._steps.head()).cursor

    async def apply(self, cursor: Cursor, entries: Sequence[Entry], checkpoint: str) -> Cursor:
        """Open a step of these entries, once there are not too many."""
        await self._until_open(at_most=_MOST_STEPS - 1)
        log = cursor.log
        for entry in entries:
            log = log.append(entry.leaf_hash)
        after = replace(
            cursor, size=log.size, log=log, ledger_size=max(log.size, cursor.ledger_size), checkpoint=checkpoint
        )
        await self._steps.open(entries, expected=cursor, after=after)
        return after

    async def settle(self) -> None:
        """Do nothing: every step is committed when it is opened."""

    async def abandon(self) -> None:
        """Do nothing: every step is committed when it is opened."""

    async def _until_open(self, *, at_most: int) -> None:
        """Wait until no more than so many steps are open."""
        silence = self._bell.silence
        while (await self._steps.head()).steps > at_most:
            self._progress.turned()
            await self._bell.rung(silence)
            silence = self._bell.silence
