"""Decide which records count: supersession of records, and several reports of one act."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from treaty_contracts.events import ContestClosed, ContestRaised, RecordSuperseded
from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact

ONE_ACT_WITHIN = dt.timedelta(days=31)
"""Reports by several sources whose days of receipt lie this close together are claims on one act."""

RANK = {"depositary": 3, "official": 2, "party": 1, "press": 0}
"""How strong an assertion is, by who makes it."""

_ACTS = frozenset(
    {
        "consent.withdrawn",
        "instrument.deposited",
        "intention.renounced",
        "participation.ceased",
        "signature.affixed",
        "treaty.terminated",
        "withdrawal.completed",
        "withdrawal.notified",
        "withdrawal.revoked",
        "withdrawal.suspended",
    }
)


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


def strongest_claims(facts: Iterable[Fact]) -> list[Fact]:
    """Merge several reports of one act: the strongest wins, then the latest recorded; its basis names the others."""
    others: list[Fact] = []
    acts: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        (acts[fact.type] if fact.type in _ACTS else others).append(fact)
    for reports in acts.values():
        others += reports if len(reports) == 1 else [_strongest(group) for group in _groups(reports)]
    return others


def _counted(fact: Fact) -> Fact:
    """Put the replacement in the place of the record that superseded another."""
    if not isinstance(fact.data, RecordSuperseded) or fact.data.replacement is None:
        return fact
    return replace(fact, type=fact.data.replacement.type, data=fact.data.replacement.data)


def _groups(reports: list[Fact]) -> list[list[Fact]]:
    """Group reports of one type: close in time, and each from another source."""
    groups: list[list[Fact]] = []
    for report in sorted(reports, key=lambda fact: (legal_day(fact), fact.key)):
        for group in groups:
            close = legal_day(report) - legal_day(group[0]) <= ONE_ACT_WITHIN
            if close and all(report.source != other.source for other in group):
                group.append(report)
                break
        else:
            groups.append([report])
    return groups


def _strongest(group: list[Fact]) -> Fact:
    best = max(group, key=lambda fact: (RANK[fact.data.asserted_by], fact.position))
    return replace(best, also=tuple(sorted(fact.position for fact in group if fact is not best)))
