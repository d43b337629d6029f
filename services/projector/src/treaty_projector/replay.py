"""Fold what is recorded of a few treaties from the first entry on, in memory, as a worker would that met no others."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import NamedTuple, TypeAlias

from treaty_projector.bitemporal.versions import Change
from treaty_projector.desk import Desk
from treaty_projector.entries import Kept
from treaty_projector.errors import CannotFold, GraphUnreadable, UnreadableFact
from treaty_projector.failpoints import Failpoints
from treaty_projector.law.consent import Successions
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantine, Quarantined


class Recorded(NamedTuple):
    """Hold one entry of a treaty as the fact that it carries, or why this release cannot read it."""

    position: int
    stream: str
    fact: Fact | UnreadableFact


class GraphStep(NamedTuple):
    """Hold the graph of participants after an entry about them, and whom that entry moved."""

    position: int
    moved: frozenset[str]
    successions: Successions


Happening: TypeAlias = Recorded | GraphStep


@dataclass(frozen=True, slots=True)
class Replayed:
    """Hold what a replay wrote, who was quarantined in it, and which treaties fall with which."""

    changes: Sequence[Change]
    held: Mapping[str, Quarantined]
    ties: frozenset[tuple[str, str]]


def recorded(entry: Kept) -> Recorded:
    """Read an entry of a treaty; raise SchemaTooNew."""
    try:
        return Recorded(entry.position, entry.stream, entry.fact())
    except UnreadableFact as error:
        return Recorded(entry.position, entry.stream, error)


def graph_steps(entries: Iterable[Kept]) -> list[GraphStep]:
    """Return how the graph of participants grew, without the entries that moved nobody; raise GraphUnreadable."""
    steps: list[GraphStep] = []
    facts: list[Fact] = []
    before: Successions = {}
    for entry in entries:
        try:
            facts.append(entry.fact())
        except UnreadableFact as error:
            raise GraphUnreadable(error.position, error.reason) from error
        after = successions_of(facts)
        moved = frozenset(code for code, _ in before.items() ^ after.items())
        if moved:
            steps.append(GraphStep(entry.position, moved, after))
        before = after
    return steps


async def replay(
    entries: Sequence[Recorded], graph: Sequence[GraphStep], failpoints: Failpoints, *, most: int = sys.maxsize
) -> Replayed:
    """Fold entries in order of position; whoever cannot be folded is quarantined from that entry on, as live.

    Raise TooManyQuarantined where more than `most` treaties are, within as many entries as live.
    """
    failing: defaultdict[int, list[Quarantined]] = defaultdict(list)
    while True:
        run = _Run(failpoints, failing, Quarantine(most=most))
        found = await run.through(merge(entries, graph, key=_position))
        if found is None:
            held = {each.treaty: each for each in run.quarantine.held()}
            return Replayed(run.changes, held, frozenset(run.desk.ties))
        failing[found.since].append(found)


class _Run:
    """Hold one run; a treaty that fails spoils what is at hand, and the next run knows of it beforehand."""

    def __init__(
        self, failpoints: Failpoints, failing: Mapping[int, Sequence[Quarantined]], quarantine: Quarantine
    ) -> None:
        self._failing = failing
        self.changes: list[Change] = []
        self.quarantine = quarantine
        self.desk = Desk(_Nothing(), capacity=sys.maxsize, quarantine=quarantine, failpoints=failpoints)

    async def through(self, happenings: Iterable[Happening]) -> Quarantined | None:
        """Fold everything; return who cannot be folded, and from which position on."""
        for happening in happenings:
            for each in self._failing.get(happening.position, ()):
                self._hold(each)
            try:
                self.changes += await self._changes(happening)
            except CannotFold as error:
                return Quarantined(error.treaty, happening.position, error.reason, error.via)
        return None

    async def _changes(self, happening: Happening) -> list[Change]:
        if isinstance(happening, GraphStep):
            return await self.desk.relate(happening.successions, at=happening.position + 1, stored=0)
        if isinstance(happening.fact, UnreadableFact):
            self._hold(Quarantined(happening.stream, happening.position, happening.fact.reason))
            return []
        return await self.desk.step(happening.fact, happening.stream, stored=0)

    def _hold(self, wanted: Quarantined) -> None:
        self.desk.put_away(self.quarantine.hold(wanted, ties=self.desk.ties))


class _Nothing:
    """Give a desk nothing: all that was folded is still at hand on it."""

    async def facts(self, _stream: str, _size: int) -> list[Fact]:
        return []

    async def streams_of(self, _participants: Iterable[str]) -> list[str]:
        return []

    async def falls(self) -> list[tuple[str, str]]:
        return []


def _position(happening: Happening) -> int:
    return happening.position
