"""Fold the slices that one worker holds, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.desk import Desk
from treaty_projector.entries import Kept
from treaty_projector.errors import CannotFold
from treaty_projector.failpoints import Failpoints
from treaty_projector.folding import Folder
from treaty_projector.quarantine import Quarantine, Ruling
from treaty_projector.sharing.leases import Leases
from treaty_projector.sharing.portions import Portion
from treaty_projector.sharing.steps import Steps
from treaty_projector.sharing.work import Work
from treaty_projector.slices import TreatiesOf
from treaty_projector.store import Store


@dataclass(frozen=True, slots=True)
class Capacity:
    """Say how much one worker keeps at hand, and how many failures it takes for failures of single treaties."""

    facts: int
    quarantined: int


@dataclass(frozen=True, slots=True)
class _At:
    """Say for which slices something is at hand, and what is folded into it."""

    numbers: tuple[int, ...]
    size: int
    healings: int
    place: str


class SliceFolder:
    """Keep at hand what the slices need that were folded last, and fold them on.

    A treaty of one's own is folded together with those it falls with, in whichever slices those lie: they are folded
    again by each worker that needs them, and written by the one whose they are. So no worker waits for another.
    """

    def __init__(
        self, store: Store, steps: Steps, leases: Leases, *, capacity: Capacity, failpoints: Failpoints
    ) -> None:
        self._store = store
        self._steps = steps
        self._leases = leases
        self._capacity = capacity
        self._failpoints = failpoints
        self._at: _At | None = None
        self._desk: Desk
        self._folder: Folder

    async def fold(self, work: Work) -> None:
        """Fold slices to the end of a step, and write what comes of it.

        Raises LeaseLost and whatever keeps an entry from being applied; what was written before stays.
        """
        at_hand, self._at = self._at, None  # until all is written: whatever is in the way spoils it
        wanted = await self._bring(work, at_hand)
        await self._fold(work, await self._steps.entries(work.start, work.end))
        self._at = replace(wanted, size=work.end)

    async def _bring(self, work: Work, at_hand: _At | None) -> _At:
        """Take over what other workers stored, and begin anew where other slices are folded now than last time."""
        healings = (await self._steps.head()).cursor.healings
        wanted = _At(work.numbers, work.start, healings, self._store.schema)
        quarantined = [each for each in await self._store.quarantined() if each.since < work.start]
        if wanted == at_hand:
            self._desk.put_away(self._desk.quarantine.learn(quarantined))
            return wanted
        self._desk = Desk(
            self._store,
            capacity=self._capacity.facts,
            quarantine=Quarantine(most=self._capacity.quarantined),
            failpoints=self._failpoints,
            mine=TreatiesOf(wanted.numbers),
        )
        self._folder = Folder(self._desk)
        await self._folder.begin(await self._store.facts(PARTICIPANTS_SUBJECT, work.start), quarantined)
        return wanted

    async def _fold(self, work: Work, entries: Sequence[Kept]) -> None:
        """Fold and write at once; a treaty that turns out not to fold, or an entry that stops all, cuts the step."""
        rest, at = entries, work.start
        while True:
            portion = Portion(at)
            trouble = await self._folder.fold(portion, rest)
            await self._write(portion, work)
            rest, at = rest[portion.size - at :], portion.size
            if trouble is None:
                return
            if not isinstance(trouble, CannotFold):
                raise trouble
            await self._folder.hold(trouble, rest[0].position)

    async def _write(self, portion: Portion, work: Work) -> None:
        if portion.size == portion.start:
            return
        quarantine = self._desk.quarantine
        portion.falls = self._desk.new_falls()
        portion.ruling = Ruling(held=tuple(each for each in quarantine.new() if self._desk.is_mine(each.treaty)))
        self._failpoints.passing("before-commit")
        await self._steps.write(portion, work, owner=self._leases.name)
        self._failpoints.passing("after-commit")
        self._desk.written()
        quarantine.written()
