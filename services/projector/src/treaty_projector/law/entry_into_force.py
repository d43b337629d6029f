"""Compute the day on which the treaty itself enters into force: VCLT Art. 24(1), (2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import assert_never

from treaty_contracts.final_clauses import AfterDeposits, FinalClauses, OnDate, OnSignature
from treaty_projector.law.delays import Due, effect_of

_ENOUGH_TO_SIGN = 2
"""A treaty that enters into force on signature needs two that sign."""


@dataclass(frozen=True, slots=True)
class ConsentStay:
    """Hold one participant's consent as the threshold counts it: from its receipt until it was taken back."""

    participant: str
    from_: dt.date
    withdrawn_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold the day on which the treaty enters into force, if it is known, and which consents could still move it."""

    on: dt.date | None
    open_until: dt.date = dt.date.min
    """A consent that begins after this day leaves the entry into force as it is."""


Stays = Mapping[str, tuple[ConsentStay, ...]]
"""The consents of each participant that has given any."""


def entry_into_force(clauses: FinalClauses, stays: Stays, *, stated: dt.date | None) -> Entry:
    """Return the day of entry into force: the stated one, else the one the clause gives; None while it is open."""
    if stated is not None:
        return Entry(stated)
    match clauses.entry_into_force:
        case None:
            return Entry(None)
        case OnDate() as rule:
            return Entry(rule.date)
        case AfterDeposits() as rule:
            return _after_deposits(rule, stays)
        case OnSignature():
            days = sorted(group[0].from_ for group in stays.values())
            day = days[_ENOUGH_TO_SIGN - 1] if len(days) >= _ENOUGH_TO_SIGN else None
            return Entry(day, day or dt.date.max)
        case rule:
            assert_never(rule)


def _after_deposits(rule: AfterDeposits, by_participant: Stays) -> Entry:
    """Find the first deposit that completes the number; Art. 24: a consent taken back before the day does not count."""
    if not _is_complete(rule, by_participant.keys()):
        return Entry(None, dt.date.max)
    stays = sorted((stay for group in by_participant.values() for stay in group), key=_beginning)
    consented: set[str] = set()
    for index, stay in enumerate(stays):
        consented.add(stay.participant)
        is_last_of_day = index + 1 == len(stays) or stays[index + 1].from_ != stay.from_
        if not is_last_of_day or not _is_complete(rule, consented):
            continue
        outcome = effect_of(rule.delay, stay.from_)
        if not isinstance(outcome, Due):
            return Entry(None, stay.from_)
        counted = {other.participant for other in stays[: index + 1] if _stands(other, outcome.on)}
        if _is_complete(rule, counted):
            return Entry(outcome.on, stay.from_)
    return Entry(None, dt.date.max)


def _stands(stay: ConsentStay, day: dt.date) -> bool:
    return stay.withdrawn_on is None or stay.withdrawn_on >= day


def _is_complete(rule: AfterDeposits, counted: AbstractSet[str]) -> bool:
    """Tell whether the required participants, and enough of those that count, have consented."""
    required = set(rule.required or ())
    needed = rule.count if rule.count is not None else len(set(rule.of or required))
    if len(counted) < needed:
        return False
    eligible = counted if rule.of is None else counted & set(rule.of)
    return required <= counted and len(eligible) >= needed


def _beginning(stay: ConsentStay) -> dt.date:
    return stay.from_
