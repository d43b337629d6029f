"""Compute the day on which the treaty itself enters into force: VCLT Art. 24(1), (2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
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


def entry_into_force(clauses: FinalClauses, stays: Iterable[ConsentStay], *, stated: dt.date | None) -> dt.date | None:
    """Return the day of entry into force: the stated one, else the one the clause gives; None while it is open."""
    if stated is not None:
        return stated
    match clauses.entry_into_force:
        case None:
            return None
        case OnDate() as rule:
            return rule.date
        case AfterDeposits() as rule:
            return _after_deposits(rule, sorted(stays, key=lambda stay: stay.from_))
        case OnSignature():
            days = sorted({stay.participant: stay.from_ for stay in sorted(stays, key=_latest_first)}.values())
            return days[_ENOUGH_TO_SIGN - 1] if len(days) >= _ENOUGH_TO_SIGN else None
        case rule:
            assert_never(rule)


def _after_deposits(rule: AfterDeposits, stays: Sequence[ConsentStay]) -> dt.date | None:
    """Find the first deposit that completes the number; Art. 24: a consent taken back before the day does not count."""
    consented: set[str] = set()
    for index, stay in enumerate(stays):
        consented.add(stay.participant)
        is_last_of_day = index + 1 == len(stays) or stays[index + 1].from_ != stay.from_
        if not is_last_of_day or not _is_complete(rule, consented):
            continue
        outcome = effect_of(rule.delay, stay.from_)
        if not isinstance(outcome, Due):
            return None
        counted = {other.participant for other in stays[: index + 1] if _stands(other, outcome.on)}
        if _is_complete(rule, counted):
            return outcome.on
    return None


def _stands(stay: ConsentStay, day: dt.date) -> bool:
    return stay.withdrawn_on is None or stay.withdrawn_on >= day


def _is_complete(rule: AfterDeposits, counted: set[str]) -> bool:
    """Tell whether the required participants, and enough of those that count, have consented."""
    required = set(rule.required or ())
    needed = rule.count if rule.count is not None else len(set(rule.of or required))
    if len(counted) < needed:
        return False
    eligible = counted if rule.of is None else counted & set(rule.of)
    return required <= counted and len(eligible) >= needed


def _latest_first(stay: ConsentStay) -> int:
    return -stay.from_.toordinal()
