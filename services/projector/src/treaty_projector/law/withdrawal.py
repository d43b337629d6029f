"""Decide what a notice of withdrawal does, and when: VCLT Art. 54, 56, 65 to 70, and the treaty's own clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from treaty_contracts.events import WithdrawalNotified
from treaty_contracts.final_clauses import Delay, FixedDay, NoClause, WithdrawalClause
from treaty_contracts.names import is_approximate, parse_duration
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.days import days_of_receipt, first_possible_day, is_imprecise_on, legal_day
from treaty_projector.law.delays import Due, Outcome, TooEarly, describe, effect_of
from treaty_projector.law.periods import Period, add, add_days
from treaty_projector.law.state import Fact, TreatyRules

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Membership:
    """Hold the days on which rights to withdraw may depend."""

    party_from: dt.date
    treaty_in_force_from: dt.date | None


@dataclass(frozen=True, slots=True)
class Notice:
    """Hold what the clause makes of one notice."""

    notified_on: dt.date
    effective_on: dt.date | None
    computed_on: dt.date | None
    stated_on: dt.date | None
    rule: str
    article: str | None
    conference: Period | None
    companions_until: dt.date | None
    """The day up to which others may follow with the same day of effect."""
    survival: str | None
    """How long obligations survive the exit, as a duration."""
    is_void: bool
    """The notice came too early and counts for nothing."""
    last_day_on: dt.date | None
    """Where the clause lets membership end with a day rather than before one: the last day, which papers print."""
    approximate: bool
    anomalies: tuple[Anomaly, ...]


def counted_day(fact: Fact, rules: TreatyRules) -> dt.date:
    """Return the day on which an act counts.

    A notice counts from its last receipt, unless the clause says the first (Art. 78(b), (c)); other acts from the
    first.
    """
    day = legal_day(fact)
    if not isinstance(fact.data, WithdrawalNotified) or fact.data.received_on is not None:
        return day
    clause = rules.clauses(day).withdrawal
    return day if clause is not None and clause.receipt == "first" else days_of_receipt(fact)[-1]


def assess(
    fact: Fact, clause: WithdrawalClause | None, membership: Membership, *, received: dt.date, participant: str
) -> Notice:
    """Return what the clause makes of a notice received on that day; without a clause no day is computed (Art. 56)."""
    rule = clause.notice if clause is not None else NoClause(rule="no_clause")
    counts_from, outcome = _admit(received, rule, clause, membership)
    computed = outcome.on if isinstance(outcome, Due) else None
    text = fact.data.states_effective_on if isinstance(fact.data, WithdrawalNotified) else None
    stated = None if text is None else first_possible_day(text, agreeing_with=computed or counts_from)
    last_day = None if computed is None or not _ends_with_its_day(rule) else add_days(computed, -1)
    meant = computed if stated is not None and stated == last_day else stated
    effective, odd = (None, None) if isinstance(outcome, TooEarly) else _reconcile(computed, meant, counts_from, clause)
    reasons = [*_prematurity(outcome, received, counts_from), *([] if odd is None else [(odd, f"Stated: {text}.")])]
    rests_on_text = text is not None and effective is not None and effective != computed
    return Notice(
        notified_on=received,
        effective_on=effective,
        computed_on=computed,
        stated_on=stated,
        rule=describe(rule),
        article=clause.article if clause is not None else None,
        conference=_conference(received, clause),
        companions_until=_companions_until(received, clause),
        survival=clause.survival if clause is not None else None,
        is_void=isinstance(outcome, TooEarly),
        last_day_on=last_day,
        approximate=is_imprecise_on(fact, received) or (rests_on_text and is_approximate(text or "")),
        anomalies=tuple(anomaly(reason, fact.position, participant, more=more) for reason, more in reasons),
    )


def held_by_conflict(
    effective_on: dt.date, clause: WithdrawalClause | None, conflicts: Sequence[Period]
) -> Period | None:
    """Return the armed conflict in which the day of effect falls, where the clause defers it (APMBC Art. 20(3))."""
    if clause is None or not clause.deferred_by_armed_conflict:
        return None
    return next((conflict for conflict in conflicts if conflict.contains(effective_on)), None)


def _admit(
    received: dt.date, rule: Delay, clause: WithdrawalClause | None, membership: Membership
) -> tuple[dt.date, Outcome]:
    """Return from when on the notice counts, and what follows: one that comes too early is void, or counts later."""
    condition = None if clause is None else clause.admissible_after
    if condition is None:
        return received, effect_of(rule, received)
    own = condition.anchor == "entry_into_force_for_participant"
    anchor = membership.party_from if own else membership.treaty_in_force_from
    opens_on = received if anchor is None else add(anchor, parse_duration(condition.period))
    if received >= opens_on:
        return received, effect_of(rule, received)
    if condition.early_notice == "deferred":
        return opens_on, effect_of(rule, opens_on)
    return received, TooEarly(opens_on)


def _prematurity(outcome: Outcome, received: dt.date, counts_from: dt.date) -> Iterator[tuple[Reason, str]]:
    if isinstance(outcome, TooEarly):
        yield Reason.PREMATURE, f"It is open from {outcome.opens_on.isoformat()}."
    elif counts_from != received:
        yield Reason.PREMATURE, f"It counts from {counts_from.isoformat()}."


def _ends_with_its_day(rule: Delay) -> bool:
    return isinstance(rule, FixedDay) and rule.boundary == "end_of_day"


def _reconcile(
    computed: dt.date | None, stated: dt.date | None, counts_from: dt.date, clause: WithdrawalClause | None
) -> tuple[dt.date | None, Reason | None]:
    """Choose between the clause's day and the stated one: a difference of one day is one of convention, not of law.

    No notice takes effect before it counts, whatever it states.
    """
    if stated is None:
        return computed, None
    if computed is None:
        return (stated, None) if stated >= counts_from else (None, Reason.EFFECT_BEFORE_RECEIPT)
    if abs(stated - computed) <= _ONE_DAY and stated >= counts_from:
        return stated, None
    if stated < computed:
        return computed, Reason.STATED_BEFORE_EARLIEST
    if clause is not None and clause.later_date_allowed:
        return stated, None
    return computed, Reason.STATED_LATER_NOT_ALLOWED


def _companions_until(received: dt.date, clause: WithdrawalClause | None) -> dt.date | None:
    """ICRW Art. XI and its like: one notice opens a time in which others may join it."""
    if clause is None or clause.companion_window is None:
        return None
    return add(received, parse_duration(clause.companion_window))


def _conference(received: dt.date, clause: WithdrawalClause | None) -> Period | None:
    if clause is None or clause.conference is None:
        return None
    conference = clause.conference
    return Period(add(received, parse_duration(conference.from_)), add(received, parse_duration(conference.to)))
