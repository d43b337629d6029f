"""Find the facts beside membership that have nothing to act upon: ends of what nothing began, and their like."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from treaty_contracts.events import ContestClosed, ContestRaised
from treaty_projector.law.days import first_possible_day, legal_day, stated_day
from treaty_projector.law.operation import closes
from treaty_projector.law.state import Consent, Fact, Interval, Spell

_BEGUN_BY = {
    "armed_conflict.ended": "armed_conflict.began",
    "contest.closed": "contest.raised",
    "operation.resumed": "operation.suspended",
    "provisional_application.ended": "provisional_application.started",
    "reservation.withdrawn": "reservation.made",
    "restriction.lifted": "restriction.imposed",
}
"""What ends, and what begins it."""

_BEGINNINGS = frozenset(_BEGUN_BY.values())

_What: TypeAlias = tuple[str, int | None, str | None, tuple[str, ...]]
"""The type of a beginning, and what an end of it has to name: the record and who contests it, or scope and towards."""


class Endings:
    """Know the facts that end something, and the first day on which each thing began that they may end."""

    def __init__(self) -> None:
        self._ends: list[Fact] = []
        self._begun: dict[_What, dt.date] = {}

    def add(self, fact: Fact) -> None:
        """Take one more fact of any type."""
        if fact.type in _BEGUN_BY:
            self._ends.append(fact)
        elif fact.type in _BEGINNINGS:
            what, day = _what(fact), legal_day(fact)
            self._begun[what] = min(day, self._begun.get(what, day))

    def of_nothing(self) -> Iterator[Fact]:
        """Give the ends of what nothing on record had begun by their day; a month holds all its days."""
        for end in self._ends:
            stated = stated_day(end) or ""
            begun = (day for what, day in self._begun.items() if _may_end(end, what))
            if not any(day <= first_possible_day(stated, agreeing_with=day) for day in begun):
                yield end


def renouncing_nothing(renounced: Iterable[Fact], spells: Sequence[Spell]) -> Iterator[Fact]:
    """Give the intentions that were renounced by one who was no signatory that day."""
    signed = [spell.period for spell in spells if spell.consent is Consent.SIGNATORY]
    return (fact for fact in renounced if not any(period.contains(legal_day(fact)) for period in signed))


def suspending_nothing(
    suspended: Iterable[Fact], operation: Sequence[Interval], spells: Sequence[Spell]
) -> Iterator[Fact]:
    """Give the suspensions that meet no day on which the participant is a party or applies the treaty provisionally."""
    operating = [spell.period for spell in spells if spell.consent is Consent.PARTY]
    operating += [each.period for each in operation if each.kind == "provisionally_applied"]
    suspensions = (each.period for each in operation if each.kind == "suspended")
    for fact, period in zip(suspended, suspensions, strict=True):
        if not any(period.overlaps(each) for each in operating):
            yield fact


def _what(fact: Fact) -> _What:
    data = fact.data
    if isinstance(data, ContestRaised):
        return (fact.type, data.about, data.by, ())
    if fact.type == "operation.suspended":
        return (fact.type, None, getattr(data, "scope", None), tuple(getattr(data, "towards", None) or ()))
    return (fact.type, None, None, ())


def _may_end(end: Fact, what: _What) -> bool:
    type_, about, name, towards = what
    if _BEGUN_BY[end.type] != type_:
        return False
    if isinstance(end.data, ContestClosed):
        return (end.data.about, end.data.by) == (about, name)
    return end.type != "operation.resumed" or closes(end, name, towards)
