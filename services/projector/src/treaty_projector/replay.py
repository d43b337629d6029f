"""Fold stored entries of a few treaties from the first on, in memory, as a projector would that met no others."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Change
from treaty_projector.desk import Desk
from treaty_projector.entries import Kept
from treaty_projector.errors import CannotFold, UnreadableFact
from treaty_projector.failpoints import Failpoints
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantine, Quarantined


@dataclass(frozen=True, slots=True)
class Replayed:
    """Hold what a replay wrote, and who was quarantined in it."""

    changes: Sequence[Change]
    held: Mapping[str, Quarantined]
    ties: frozenset[tuple[str, str]]


async def replay(entries: Sequence[Kept], failpoints: Failpoints) -> Replayed:
    """Fold entries in order of position; whoever cannot be folded is quarantined from that entry on, as live."""
    failing: dict[int, list[Quarantined]] = defaultdict(list)
    while True:
        run = _Run(failpoints, failing)
        found = await run.through(entries)
        if found is None:
            return Replayed(
                run.changes, {each.treaty: each for each in run.quarantine.held()}, frozenset(run.desk.ties)
            )
        failing[found.since].append(found)


class _Run:
    """Hold one run; a treaty that fails spoils what is at hand, and the next run knows of it beforehand."""

    def __init__(self, failpoints: Failpoints, failing: Mapping[int, Sequence[Quarantined]]) -> None:
        self._failing = failing
        self._facts: dict[str, list[Fact]] = defaultdict(list)
        self._participants: list[Fact] = []
        self.changes: list[Change] = []
        self.quarantine = Quarantine()
        self.desk = Desk(self, capacity=sys.maxsize, quarantine=self.quarantine, failpoints=failpoints)

    async def through(self, entries: Sequence[Kept]) -> Quarantined | None:
        """Fold all entries; return who cannot be folded, and from which position on."""
        for entry in entries:
            for each in self._failing.get(entry.position, ()):
                self.desk.put_away(self.quarantine.hold(each, ties=self.desk.ties))
            try:
                self.changes += await self._changes(entry)
            except CannotFold as error:
                return Quarantined(error.treaty, entry.position, error.reason, error.via)
        return None

    async def facts(self, stream: str, size: int) -> list[Fact]:
        """Return the facts of one stream that were folded so far."""
        return [fact for fact in self._facts[stream] if fact.position < size]

    async def streams_of(self, participants: Iterable[str]) -> list[str]:  # noqa: ARG002 - all are at hand
        """Return no treaties: whichever one acted in is at hand."""
        return []

    async def falls(self) -> list[tuple[str, str]]:
        """Return no ties: all are found while folding."""
        return []

    async def _changes(self, entry: Kept) -> list[Change]:
        if entry.stream == PARTICIPANTS_SUBJECT:
            self._participants.append(entry.fact())
            at, stored = entry.position + 1, entry.position
            return await self.desk.relate(successions_of(self._participants), at=at, stored=stored)
        try:
            fact = entry.fact()
        except UnreadableFact as error:
            wanted = Quarantined(entry.stream, entry.position, error.reason)
            self.desk.put_away(self.quarantine.hold(wanted, ties=self.desk.ties))
            return []
        changes = await self.desk.step(fact, entry.stream, stored=entry.position)
        self._facts[entry.stream].append(fact)
        return changes
