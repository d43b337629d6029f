"""Decide which records count: a mistaken one is superseded, and another may stand in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from treaty_contracts.events import ContestClosed, ContestRaised, RecordSuperseded
from treaty_projector.law.state import Fact


def effective_facts(recorded: Sequence[Fact]) -> list[Fact]:
    """Return the facts that count, each superseded record left out and its replacement in its place.

    A superseding record can itself be superseded: without a replacement, what it had replaced counts again; with one,
    the new replacement stands where the old one did.
    """
    places = places_of(recorded)
    return [follow(_counted(fact), places) for fact in recorded if fact.position not in places]


def places_of(recorded: Iterable[Fact]) -> dict[int, int | None]:
    """Return the positions that no longer count, each with the position that stands in its place, if one does."""
    superseding = {fact.position: fact.data for fact in recorded if isinstance(fact.data, RecordSuperseded)}
    places: dict[int, int | None] = {}
    for position in sorted(superseding, reverse=True):
        if position in places:
            continue
        data: RecordSuperseded | None = superseding[position]
        stands_in = position if superseding[position].replacement is not None else None
        while data is not None:
            places[data.position] = stands_in
            data = superseding.get(data.position) if stands_in is not None else None
    return places


def follow(fact: Fact, places: Mapping[int, int | None]) -> Fact:
    """Let a contest of a record that was replaced be one of its replacement."""
    if not isinstance(fact.data, ContestRaised | ContestClosed):
        return fact
    stands_in = places.get(fact.data.about)
    return fact if stands_in is None else replace(fact, data=fact.data.model_copy(update={"about": stands_in}))


def _counted(fact: Fact) -> Fact:
    """Put the replacement in the place of the record that superseded another."""
    if not isinstance(fact.data, RecordSuperseded) or fact.data.replacement is None:
        return fact
    return replace(fact, type=fact.data.replacement.type, data=fact.data.replacement.data)
