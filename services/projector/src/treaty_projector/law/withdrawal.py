"""Decide what a notice of withdrawal does, and when: VCLT Art. 54, 56, 65 to 70, and the treaty's own clause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from treaty_contracts.events import WithdrawalNotified
from treaty_contracts.final_clauses import NoClause, WithdrawalClause
from treaty_contracts.names import first_day, parse_duration
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.days import days_of_receipt, legal_day
from treaty_projector.law.delays import Due, TooEarly, describe, effect_of
from treaty_projector.law.periods import Period, add
from treaty_projector.law.state import Fact

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
    opens_on: dt.date | None
    """Where the notice came too early: the first day on which it would have been admissible."""
    anomalies: tuple[Anomaly, ...]

    @property
    def is_void(self) -> bool:
        """Tell whether the notice came too early and counts for nothing."""
        return self.opens_on is not None and self.computed_on is None


def counted_receipt(fact: Fact, clause: WithdrawalClause | None) -> dt.date:
    """Return the receipt that starts the clock: the last, unless the clause says the first (VCLT Art. 78(b), (c))."""
    receipts = days_of_receipt(fact)
    if not receipts:
        return legal_day(fact)
    return receipts[0] if clause is not None and clause.receipt == "first" else receipts[-1]


def assess(fact: Fact, clause: WithdrawalClause | None, membership: Membership, *, participant: str) -> Notice:
    """Return what the clause makes of a notice; without a clause no day is computed (Art. 56)."""
    received = counted_receipt(fact, clause)
    rule = clause.notice if clause is not None and clause.notice is not None else NoClause(rule="no_clause")
    opens_on, computed = _admit(received, clause, membership)
    if opens_on is None or computed is not None:
        outcome = effect_of(rule, computed or received)
        opens_on = outcome.opens_on if isinstance(outcome, TooEarly) else opens_on
        computed = outcome.on if isinstance(outcome, Due) else None
    data = fact.data
    stated_text = data.states_effective_on if isinstance(data, WithdrawalNotified) else None
    stated = None if stated_text is None else first_day(stated_text)
    void = opens_on is not None and computed is None
    effective, reason = (None, Reason.PREMATURE) if void else _reconcile(computed, stated, clause)
    more = f"It is open from {opens_on.isoformat()}." if void and opens_on else f"Stated: {stated_text}."
    return Notice(
        notified_on=received,
        effective_on=effective,
        computed_on=computed,
        stated_on=stated,
        rule=describe(rule),
        article=clause.article if clause is not None else None,
        conference=_conference(received, clause),
        opens_on=opens_on,
        anomalies=() if reason is None else (anomaly(reason, fact.position, participant, more=more),),
    )


def held_by_conflict(
    effective_on: dt.date, clause: WithdrawalClause | None, conflicts: Sequence[Period]
) -> Period | None:
    """Return the armed conflict in which the day of effect falls, where the clause defers it (APMBC Art. 20(3))."""
    if clause is None or not clause.deferred_by_armed_conflict:
        return None
    return next((conflict for conflict in conflicts if conflict.contains(effective_on)), None)


def _admit(
    received: dt.date, clause: WithdrawalClause | None, membership: Membership
) -> tuple[dt.date | None, dt.date | None]:
    """Return from when the clause admits a notice, if this came before, and from when an early one counts."""
    if clause is None or clause.admissible_after is None:
        return None, None
    rule = clause.admissible_after
    own = rule.anchor == "entry_into_force_for_participant"
    anchor = membership.party_from if own else membership.treaty_in_force_from
    if anchor is None:
        return None, None
    opens_on = add(anchor, parse_duration(rule.period))
    if received >= opens_on:
        return None, None
    return opens_on, opens_on if rule.early_notice == "deferred" else None


def _reconcile(
    computed: dt.date | None, stated: dt.date | None, clause: WithdrawalClause | None
) -> tuple[dt.date | None, Reason | None]:
    """Choose between the clause's day and the stated one: a difference of one day is one of convention, not of law."""
    if computed is None or stated is None:
        return computed or stated, None
    if abs(stated - computed) <= _ONE_DAY:
        return stated, None
    if stated < computed:
        return computed, Reason.STATED_BEFORE_EARLIEST
    if clause is not None and clause.later_date_allowed:
        return stated, None
    return computed, Reason.STATED_LATER_NOT_ALLOWED


def _conference(received: dt.date, clause: WithdrawalClause | None) -> Period | None:
    if clause is None or clause.conference is None:
        return None
    conference = clause.conference
    return Period(add(received, parse_duration(conference.from_)), add(received, parse_duration(conference.to)))
