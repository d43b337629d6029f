"""Fold entries one after the other, and quarantine what cannot be folded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Change
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, fact_of
from treaty_projector.errors import CannotFold, GraphUnreadable, ProjectorError, StopsHere, UnreadableFact
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantined
from treaty_projector.transactions import Transaction

_LET_OTHERS_EVERY = 16
"""After how many entries the writing of the last batch, and whoever asks, gets a turn."""

_log = logging.getLogger(__name__)


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

    async def fold(self, batch: Transaction, entries: Sequence[Entry]) -> CannotFold | StopsHere | None:
        """Fold entry by entry; return what the first one meets that cannot be applied as things are."""
        stored = batch.size
        for entry in entries:
            try:
                changes = await self._changes(entry, stored)
            except (CannotFold, StopsHere) as trouble:
                return trouble
            batch.add(entry, changes)
            if entry.position % _LET_OTHERS_EVERY == 0:
                await asyncio.sleep(0)
        return None

    async def _changes(self, entry: Entry, stored: int) -> list[Change]:
        """Return what one entry changes; one about participants may change several treaties."""
        if entry.stream == PARTICIPANTS_SUBJECT:
            return await self._relate(entry, stored)
        try:
            fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        except UnreadableFact as error:
            if entry.stream not in self._quarantine:
                self._hold(Quarantined(entry.stream, entry.position, error.reason), error)
            return []
        return await self._desk.step(fact, entry.stream, stored=stored)

    async def _relate(self, entry: Entry, stored: int) -> list[Change]:
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
