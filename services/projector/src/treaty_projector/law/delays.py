"""Turn the day an act was received into the day it takes effect: the nine delays of final clauses.

VCLT Art. 54(a) and 24(3) leave both days to the treaty; each function below is one way in which treaties set them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import assert_never

from treaty_contracts.final_clauses import (
    Delay,
    FirstOfMonthAfterPeriod,
    FirstOfNthMonth,
    FixedDay,
    Immediate,
    Negotiated,
    NoClause,
    PeriodDelay,
    TacitRenewal,
    WindowDelay,
)
from treaty_contracts.names import Span, parse_duration
from treaty_projector.law.periods import LAST_DAY, add, add_days, first_of_month, on_month_day

_CLAMPED = 4
"""How many days at most a month's end takes away or gives when a span is added and taken away again."""


@dataclass(frozen=True, slots=True)
class Due:
    """Say that the act takes effect on this day, the first of the new state of affairs."""

    on: dt.date


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Say that the clause does not admit the act on the day it was received, only from `opens_on`."""

    opens_on: dt.date


@dataclass(frozen=True, slots=True)
class Undated:
    """Say that the treaty sets no day: VCLT Art. 56."""


Outcome = Due | TooEarly | Undated


def effect_of(delay: Delay, received: dt.date) -> Outcome:  # noqa: PLR0911 - one case a rule, nothing else
    """Return the first day of effect of an act received on that day."""
    match delay:
        case PeriodDelay():
            return Due(_after_period(delay, received))
        case FirstOfMonthAfterPeriod():
            return Due(first_of_month(add(received, parse_duration(delay.period)), months_later=1))
        case FirstOfNthMonth():
            return Due(first_of_month(received, months_later=delay.n))
        case FixedDay():
            return Due(_fixed_day(delay, received))
        case TacitRenewal():
            return Due(_end_of_term(delay, received))
        case WindowDelay():
            return _within_window(delay, received)
        case Negotiated():
            return Due(add(received, parse_duration(delay.long_stop)))
        case Immediate():
            return Due(received)
        case NoClause():
            return Undated()
        case _:
            assert_never(delay)


def describe(delay: Delay) -> str:  # noqa: PLR0911 - one case a rule, nothing else
    """Name the rule with its parameters, as answers show it: "period P6M"."""
    match delay:
        case PeriodDelay():
            return f"period {delay.period}" if delay.day == "same" else f"period {delay.period}, {delay.day} day"
        case FirstOfMonthAfterPeriod():
            return f"first_of_month_after_period {delay.period}"
        case FirstOfNthMonth():
            return f"first_of_nth_month {delay.n}"
        case FixedDay():
            return f"fixed_day {delay.effect} after {delay.cutoff}"
        case TacitRenewal():
            return f"tacit_renewal {delay.first} then {delay.next}, notice {delay.notice}"
        case WindowDelay():
            return f"window {delay.open} every {delay.every}, notice {delay.notice}"
        case Negotiated():
            return f"negotiated, at most {delay.long_stop}"
        case Immediate() | NoClause():
            return delay.rule
        case _:
            assert_never(delay)


def _after_period(delay: PeriodDelay, received: dt.date) -> dt.date:
    """Add the period, clamp to the month's end, then apply the day convention."""
    anniversary = add(received, parse_duration(delay.period))
    return add_days(anniversary, {"same": 0, "next": 1, "previous": -1}[delay.day])


def _fixed_day(delay: FixedDay, received: dt.date) -> dt.date:
    """Find the first effect day strictly after the first cut-off day on or after receipt."""
    cutoff = on_month_day(received.year, delay.cutoff)
    if cutoff < received:
        cutoff = on_month_day(received.year + 1, delay.cutoff)
    effect = on_month_day(cutoff.year, delay.effect)
    if effect <= cutoff:
        effect = on_month_day(cutoff.year + 1, delay.effect)
    return add_days(effect, 1) if delay.boundary == "end_of_day" else effect


def _end_of_term(delay: TacitRenewal, received: dt.date) -> dt.date:
    """Find the first end of a term that lies at least the period of notice after receipt."""
    anchor, first, following = delay.anchor, parse_duration(delay.first), parse_duration(delay.next)
    notice = parse_duration(delay.notice)
    first_end = add(anchor, first)
    renewals = _whole_spans(first_end, add_days(add(received, notice), -_CLAMPED), following)
    while True:
        end = add(first_end, following, times=renewals)
        if received <= add(end, notice, times=-1) or end >= LAST_DAY:
            return end
        renewals += 1


def _within_window(delay: WindowDelay, received: dt.date) -> Due | TooEarly:
    """Admit a notice only while a window is open; windows open after each whole period since the anchor."""
    every, length = parse_duration(delay.every), parse_duration(delay.open)
    rounds = max(1, _whole_spans(delay.anchor, received, every))
    while True:
        opens = add(delay.anchor, every, times=rounds)
        if received < opens or opens >= LAST_DAY:
            return TooEarly(opens)
        if received < add(opens, length):
            return Due(add(received, parse_duration(delay.notice)))
        rounds += 1


def _whole_spans(start: dt.date, day: dt.date, span: Span) -> int:
    """Return a number of spans that surely fits between both days: a start for the search, never too high."""
    longest = (span.years * 12 + span.months) * 31 + span.days
    return max(0, (day - start).days // longest)
