"""Fold one group of treaties from its first entry to its last, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from typing import NamedTuple

from treaty_projector.bitemporal.versions import Batch, Change, Version, digest_term
from treaty_projector.desk import Desk
from treaty_projector.law.consent import Successions
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact


class Recorded(NamedTuple):
    """Hold one entry, as a fact of its stream."""

    position: int
    stream: str
    fact: Fact


class GraphStep(NamedTuple):
    """Hold the graph of participants after an entry about them, and whom that entry moved."""

    position: int
    moved: frozenset[str]
    successions: Successions


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold all versions of a group's rows, the sum over its changes, and which of its treaties fall with which."""

    versions: Sequence[Version]
    terms: int
    falls: Sequence[tuple[str, str]]


def graph_steps(facts: Sequence[Fact]) -> list[GraphStep]:
    """Return how the graph of participants grew, without the facts that moved nobody."""
    steps: list[GraphStep] = []
    before: Successions = {}
    for count, fact in enumerate(facts, start=1):
        after = successions_of(facts[:count])
        moved = frozenset(code for code, _ in before.items() ^ after.items())
        if moved:
            steps.append(GraphStep(fact.position, moved, after))
        before = after
    return steps


async def fold_group(entries: Sequence[Recorded], graph: Iterable[GraphStep]) -> Folded:
    """Fold entry by entry, as a worker does that follows the log, without steps of the graph that move nobody here.

    Nothing is stored before it, and nothing is put away: the desk holds the whole group.
    """
    desk = Desk(_Nothing(), capacity=len(entries))
    await desk.open({})
    batch, terms = Batch(), 0
    acting = {str(code) for entry in entries for code in _participants(entry.fact)}
    concerning = (step for step in graph if step.moved & acting)
    happenings: Iterable[Recorded | GraphStep] = merge(entries, concerning, key=_position)
    for entry in happenings:
        for change in await _changes(desk, entry):
            batch.add(change)
            terms += digest_term(change)
    return Folded([*batch.inserts.values()], terms, desk.new_falls())


def _position(entry: Recorded | GraphStep) -> int:
    return entry.position


async def _changes(desk: Desk, entry: Recorded | GraphStep) -> list[Change]:
    if isinstance(entry, Recorded):
        return await desk.step(entry.fact, entry.stream, stored=0)
    return await desk.relate(entry.successions, at=entry.position + 1, stored=0)


def _participants(fact: Fact) -> Iterator[object]:
    """Give whom a fact speaks of, also as a replacement of another record."""
    replacement = getattr(fact.data, "replacement", None)
    for data in (fact.data, getattr(replacement, "data", None)):
        participant = getattr(data, "participant", None)
        if participant is not None:
            yield participant


class _Nothing:
    """Know nothing of before the first entry."""

    async def facts(self, _stream: str, _size: int) -> list[Fact]:
        return []

    async def streams_of(self, _participants: Iterable[str]) -> list[str]:
        return []

    async def falls(self) -> list[tuple[str, str]]:
        return []
