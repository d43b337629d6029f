"""Fold entries one after the other, and quarantine what cannot be folded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Change
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, Kept, fact_of
from treaty_projector.errors import CannotFold, GraphUnreadable, ProjectorError, StopsHere, UnreadableFact
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantined

_LET_OTHERS_EVERY = 16
"""After how many entries the writing of the last batch, and whoever asks, gets a turn."""

_log = logging.getLogger(__name__)


Recorded = TypeVar("Recorded", Entry, Kept)
_Taken_contra = TypeVar("_Taken_contra", bound=Entry | Kept, contravariant=True)


class Gathering(Protocol[_Taken_contra]):
    """Take entries with what each changes."""

    def add(self, entry: _Taken_contra, changes: Sequence[Change]) -> None:
        """Take one entry with what it changes."""


class Folder:
    """Fold at one desk, and know the facts about participants."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quarantine = desk.quarantine
        self._participants: list[Fact] = []

    async def begin(self, participants: list[Fact], quarantined: Iterable[Quarantined]) -> None:
        """Begin anew with what is stored."""
        self._participants = participants
        self._quarantine.begin(quarantined)
        await self._desk.open(successions_of(participants))

    async def hold(self, trouble: CannotFold, position: int) -> None:
        """Quarantine a treaty from an entry on; what is at hand was spoiled by it, and is brought anew."""
        self._hold(Quarantined(trouble.treaty, position, trouble.reason, trouble.via), trouble)
        await self._desk.open(successions_of(self._participants))

    async def fold(
        self, batch: Gathering[Recorded], entries: Sequence[Recorded], *, stored: int | None = None
    ) -> CannotFold | StopsHere | None:
        """Fold entry by entry; return what the first one meets that cannot be applied as things are.

        What is not at hand is brought from the first `stored` entries; None says that those to fold are stored too,
        and lets it be brought from all before the one that asks for it.
        """
        for entry in entries:
            try:
                changes = await self._changes(entry, entry.position if stored is None else stored)
            except (CannotFold, StopsHere) as trouble:
                return trouble
            batch.add(entry, [change for change in changes if self._desk.is_mine(change.treaty)])
            if entry.position % _LET_OTHERS_EVERY == 0:
                await asyncio.sleep(0)
        return None

    async def _changes(self, entry: Entry | Kept, stored: int) -> list[Change]:
        """Return what one entry changes; one about participants may change several treaties."""
        if entry.stream == PARTICIPANTS_SUBJECT:
            return await self._relate(entry, stored)
        if not self._desk.concerns(entry.stream):
            return []
        try:
            fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        except UnreadableFact as error:
            if entry.stream not in self._quarantine:
                self._hold(Quarantined(entry.stream, entry.position, error.reason), error)
            return []
        return await self._desk.step(fact, entry.stream, stored=stored)

    async def _relate(self, entry: Entry | Kept, stored: int) -> list[Change]:
        """Return what an entry about participants changes; one that cannot be read may concern every treaty."""
        try:
            fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        except UnreadableFact as error:
            raise GraphUnreadable(entry.position, error.reason) from error
        known = [*self._participants, fact]
        changes = await self._desk.relate(successions_of(known), at=entry.position + 1, stored=stored)
        self._participants = known
        return changes

    def _hold(self, wanted: Quarantined, because: ProjectorError) -> None:
        """Quarantine a treaty with all that falls with it, and tell why in the log."""
        anew = self._quarantine.hold(wanted, ties=self._desk.ties)
        self._desk.put_away(anew)
        _log.error(
            "quarantined from position %d on: %s (%s)",
            wanted.since,
            ", ".join(sorted(anew)),
            wanted.reason,
            exc_info=because if isinstance(because, CannotFold) else None,
        )
