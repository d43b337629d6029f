"""Cut a standing into the periods in which every answer about it stays the same.

A period is all that is stored: status on a day is the question which period contains the day.
"""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections import deque
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from treaty_projector.law.periods import Period
from treaty_projector.law.state import Consent, Dispute, Exit, Interval, Signal, Spell, Stage, Standing

PENDING = frozenset({Stage.NOTIFIED, Stage.HELD, Stage.CONTESTED})
"""Stages of a formal notice that has not taken effect."""

SIGNALS = frozenset({Stage.ANNOUNCED, Stage.DOMESTIC})
"""Stages that start no clock."""

_BEFORE_IN_FORCE = frozenset({Consent.SIGNATORY, Consent.CONTRACTING})
"""Art. 25: who may apply a treaty provisionally, pending its entry into force."""

_MAY_LEAVE = frozenset({Consent.SIGNATORY, Consent.CONTRACTING, Consent.PARTY})


class ExitView(NamedTuple):
    """Hold what is said of an exit on the days of one period; days left depend on the day asked for."""

    stage: Stage
    since: dt.date
    notified_on: dt.date | None = None
    effective_on: dt.date | None = None
    computed_on: dt.date | None = None
    stated_on: dt.date | None = None
    rule: str | None = None
    article: str | None = None
    condition: str | None = None
    conference: Period | None = None
    contested: bool = False
    basis: tuple[int, ...] = ()


class MemberRow(NamedTuple):
    """Hold the answer about one participant for each day of one period."""

    participant: str
    period: Period
    consent: Consent
    since: dt.date
    until: dt.date | None
    mode: str
    provisional: bool
    operation: str
    contested: bool
    approximate: bool
    exit: ExitView | None
    basis: tuple[int, ...]


def member_rows(standing: Standing) -> tuple[MemberRow, ...]:
    """Return the rows of one participant, in legal order, without overlaps, neighbours that say the same merged."""
    rows: list[MemberRow] = []
    for period, spell, exits in _stretches(standing):
        row = _row(standing, spell, exits, period)
        if rows and _goes_on(rows[-1], row):
            rows[-1] = rows[-1]._replace(period=Period(rows[-1].period.from_, period.until))
        else:
            rows.append(row)
    return tuple(rows)


def _stretches(standing: Standing) -> Iterator[tuple[Period, Spell, list[Exit]]]:
    """Give each period in which nothing changes with its spell, and the exits from the whole treaty then under way."""
    days = sorted(_borders(standing))
    spells = deque(standing.spells)
    coming = deque(sorted((_begins_on(exit_), place) for place, exit_ in enumerate(standing.exits) if exit_.steps))
    under_way: list[int] = []
    for day, until in zip_longest(days, days[1:]):
        while spells and spells[0].period.until is not None and spells[0].period.until <= day:
            spells.popleft()
        while coming and coming[0][0] <= day:
            insort(under_way, coming.popleft()[1])
        under_way = [place for place in under_way if not _is_over(standing.exits[place], day)]
        if spells and spells[0].period.contains(day):
            yield Period(day, until), spells[0], [standing.exits[place] for place in under_way]


def _goes_on(earlier: MemberRow, row: MemberRow) -> bool:
    """Tell whether a row says the same as the one before it; the exit, which changes most often, is looked at first."""
    if earlier.period.until != row.period.from_ or earlier.exit != row.exit:
        return False
    return row._replace(period=earlier.period) == earlier


def _begins_on(exit_: Exit) -> dt.date:
    return min(step.from_ for step in exit_.steps)


def _is_over(exit_: Exit, day: dt.date) -> bool:
    return exit_.scope is not None or (exit_.closed_on is not None and exit_.closed_on <= day)


def _borders(standing: Standing) -> set[dt.date]:
    """Return every day on which something about the participant may change."""
    periods: list[Period] = [spell.period for spell in standing.spells]
    periods += [signal.period for signal in standing.signals]
    periods += [interval.period for interval in standing.operation]
    periods += [dispute.period for dispute in standing.disputes]
    days = {step.from_ for exit_ in standing.exits for step in exit_.steps}
    days |= {exit_.closed_on for exit_ in standing.exits if exit_.closed_on is not None}
    for period in periods:
        days.add(period.from_)
        if period.until is not None:
            days.add(period.until)
    return days


def _row(standing: Standing, spell: Spell, exits: Iterable[Exit], period: Period) -> MemberRow:
    day = period.from_
    exit_ = _exit_on(standing, spell, exits, day)
    operating = [interval for interval in standing.operation if _matters(interval, spell, day)]
    resting_on = {position for interval in operating for position in interval.basis}
    basis = tuple(sorted({*spell.basis, *(exit_.basis if exit_ else ()), *resting_on}))
    contested = _is_contested(standing.disputes, basis, day)
    if exit_ is not None:
        disputed = exit_.stage is Stage.CONTESTED or _is_contested(standing.disputes, exit_.basis, day)
        exit_ = exit_._replace(contested=True) if disputed else exit_
        contested = contested or disputed
    kinds = {interval.kind for interval in operating}
    provisional = "provisionally_applied" in kinds
    return MemberRow(
        participant=standing.participant,
        period=period,
        consent=spell.consent,
        since=spell.period.from_,
        until=spell.period.until,
        mode=spell.mode,
        provisional=provisional,
        operation=_operation(kinds, spell, provisional=provisional),
        contested=contested,
        approximate=spell.approximate,
        exit=exit_,
        basis=basis,
    )


def _matters(interval: Interval, spell: Spell, day: dt.date) -> bool:
    """Tell whether an interval says anything of the day: only before entry into force is a treaty provisional."""
    if not interval.period.contains(day):
        return False
    return interval.kind != "provisionally_applied" or spell.consent in _BEFORE_IN_FORCE


def _operation(operating: Iterable[str], spell: Spell, *, provisional: bool) -> str:
    """Suspension never changes membership: it is an axis of its own."""
    if "suspended" in operating and (spell.consent is Consent.PARTY or provisional):
        return "suspended"
    return "provisionally_applied" if provisional else "in_operation"


def _exit_on(standing: Standing, spell: Spell, exits: Iterable[Exit], day: dt.date) -> ExitView | None:
    """Return what is said of an exit on that day: a pending notice, else one that came too early, else signals."""
    if spell.consent not in _MAY_LEAVE:
        return None
    views = [view for view in (_view(exit_, day) for exit_ in exits) if _is_of(spell, view)]
    if views:
        return min(views, key=_urgency)
    signal = next((signal for signal in standing.signals if signal.period.contains(day)), None)
    return None if signal is None else _signal_view(signal)


def _is_of(spell: Spell, view: ExitView) -> bool:
    """A void notice is never closed: it says something of the spell in which it was given, and of no later one."""
    return view.stage is not Stage.PREMATURE or (
        view.notified_on is not None and spell.period.contains(view.notified_on)
    )


def _urgency(view: ExitView) -> tuple[bool, dt.date, dt.date]:
    latest_first = dt.date.fromordinal(dt.date.max.toordinal() - view.since.toordinal() + 1)
    return (view.stage is Stage.PREMATURE, view.effective_on or dt.date.max, latest_first)


def _view(exit_: Exit, day: dt.date) -> ExitView:
    """Return what the last step up to that day says."""
    step = next(step for step in reversed(exit_.steps) if step.from_ <= day)
    return ExitView(
        stage=step.stage,
        since=step.from_,
        notified_on=exit_.notified_on,
        effective_on=step.effective_on,
        computed_on=exit_.computed_on,
        stated_on=exit_.stated_on,
        rule=exit_.rule,
        article=exit_.article,
        condition=exit_.condition,
        conference=exit_.conference,
        basis=exit_.basis,
    )


def _signal_view(signal: Signal) -> ExitView:
    return ExitView(stage=signal.stage, since=signal.since, basis=signal.basis)


def _is_contested(disputes: Iterable[Dispute], basis: Iterable[int], day: dt.date) -> bool:
    """Art. 65(3): an objection marks what it is about, and changes no answer."""
    positions = set(basis)
    return any(d.kind == "contest" and d.about in positions and d.period.contains(day) for d in disputes)
