"""Follow what does not change membership: suspension, provisional application, disputes, signals and remarks."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby, islice

from treaty_contracts.events import ContestClosed, ContestRaised
from treaty_projector.law.days import legal_day, stated_day
from treaty_projector.law.periods import Period, earliest
from treaty_projector.law.state import Dispute, Fact, Interval, Note, Signal, Stage

LISTED: dict[str, str] = {
    **dict.fromkeys(
        ("reservation.made", "reservation.withdrawn", "declaration.made", "objection.made"), "reservations"
    ),
    **dict.fromkeys(("territory.extended", "territory.excluded"), "territories"),
    **dict.fromkeys(
        (
            "appeal.made",
            "proposal.made",
            "proposal.declined",
            "restriction.imposed",
            "restriction.lifted",
            "intention.renounced",
        ),
        "remarks",
    ),
}
"""The facts that are shown and change no membership, each with its list: VCLT Art. 19 to 23, and 29."""

SIGNALLED = frozenset({"withdrawal.announced", "withdrawal.procedure_step"})
"""The facts that make signals."""


def suspensions(facts: Sequence[Fact]) -> tuple[Interval, ...]:
    """Pair each suspension with the next resumption of the same scope (VCLT Art. 57 to 65, 72)."""
    ends = sorted((fact for fact in facts if fact.type == "operation.resumed"), key=_legal_order)
    return tuple(_interval("suspended", fact, ends) for fact in facts if fact.type == "operation.suspended")


def provisional_applications(facts: Sequence[Fact]) -> tuple[Interval, ...]:
    """Pair each start of provisional application with its end (VCLT Art. 25)."""
    ends = sorted((fact for fact in facts if fact.type == "provisional_application.ended"), key=_legal_order)
    starts = [fact for fact in facts if fact.type == "provisional_application.started"]
    return tuple(_interval("provisionally_applied", fact, ends) for fact in starts)


def armed_conflicts(facts: Sequence[Fact]) -> tuple[Period, ...]:
    """Return the times of armed conflict of the participant; one that begins as another ends prolongs it."""
    ends = {legal_day(fact) for fact in facts if fact.type == "armed_conflict.ended"}
    begins = {legal_day(fact) for fact in facts if fact.type == "armed_conflict.began"}
    found: list[Period] = []
    since: dt.date | None = None
    for day in sorted(begins ^ ends):
        if since is None and day in begins:
            since = day
        elif since is not None and day in ends:
            found.append(Period(since, day))
            since = None
    return tuple(found if since is None else [*found, Period(since)])


def contests(facts: Sequence[Fact]) -> tuple[Dispute, ...]:
    """List who contests which recorded fact, and until when (VCLT Art. 65(3))."""
    closings: defaultdict[tuple[int, str], list[dt.date]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.data, ContestClosed):
            closings[fact.data.about, fact.data.by].append(legal_day(fact))
    return tuple(
        _contest(fact, fact.data, closings[fact.data.about, fact.data.by])
        for fact in facts
        if isinstance(fact.data, ContestRaised)
    )


def breach(fact: Fact) -> Dispute:
    """Show that a breach is alleged or denied."""
    return Dispute(
        kind="breach_alleged" if fact.type == "breach.alleged" else "breach_denied",
        by=str(getattr(fact.data, "participant", "")),
        on=stated_day(fact) or "",
        period=Period(legal_day(fact)),
        about=None,
        against=getattr(fact.data, "against", None),
        claims_effective_on=None,
        provisions=tuple(getattr(fact.data, "provisions", None) or ()),
        position=fact.position,
    )


def note(fact: Fact) -> Note:
    """Show what is said: every field of the fact but those that every fact may carry."""
    content = fact.data.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    common = {"participant", "citation", "source_url", "asserted_by", "note", "received", "received_on"}
    values = tuple(
        (name, "; ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in sorted(content.items())
        if name not in common
    )
    return Note(fact.type, stated_day(fact), values, fact.position)


def signals(signs: Sequence[Fact], *, consumed_on: Sequence[dt.date]) -> tuple[Signal, ...]:
    """Follow announcements and domestic steps until a formal notice or an end of membership consumes them."""
    if not signs:
        return ()
    borders = sorted(set(consumed_on))
    found: list[Signal] = []
    for index, within in groupby(sorted(signs, key=legal_day), key=lambda sign: bisect_right(borders, legal_day(sign))):
        found += _signals_between([*within], borders[index] if index < len(borders) else None)
    return tuple(found)


def _signals_between(signs: Sequence[Fact], until: dt.date | None) -> list[Signal]:
    """A domestic step outweighs an announcement: the procedure has begun."""
    announced = [fact for fact in signs if fact.type == "withdrawal.announced"]
    steps = [fact for fact in signs if fact.type != "withdrawal.announced"]
    found: list[Signal] = []
    if announced:
        since = legal_day(announced[0])
        period = Period(since, earliest(until, legal_day(steps[0]) if steps else None))
        if not period.is_empty:
            found.append(Signal(Stage.ANNOUNCED, period, since, _positions(announced)))
    if steps:
        since = legal_day(steps[0])
        found.append(Signal(Stage.DOMESTIC, Period(since, until), since, _positions(signs)))
    return found


def _positions(facts: Iterable[Fact]) -> tuple[int, ...]:
    return tuple(sorted(position for fact in facts for position in fact.basis))


def _interval(kind: str, start: Fact, ends: Sequence[Fact]) -> Interval:
    """Close the interval by the next end; an end that names no scope and nobody ends everything."""
    scope, towards = getattr(start.data, "scope", None), tuple(getattr(start.data, "towards", None) or ())
    coming = islice(ends, bisect_left(ends, legal_day(start), key=legal_day), None)
    end = next((end for end in coming if closes(end, scope, towards)), None)
    basis = start.basis if end is None else tuple(sorted((*start.basis, *end.basis)))
    return Interval(kind, Period(legal_day(start), None if end is None else legal_day(end)), towards, scope, basis)


def closes(end: Fact, scope: str | None, towards: tuple[str, ...]) -> bool:
    """Tell whether what ends is all that began; naming nobody means everybody."""
    ended = tuple(getattr(end.data, "towards", None) or ())
    covers = not ended or (bool(towards) and set(towards) <= set(ended))
    return covers and getattr(end.data, "scope", None) in {None, scope}


def _legal_order(fact: Fact) -> tuple[dt.date, str]:
    return legal_day(fact), fact.key


def _contest(fact: Fact, data: ContestRaised, closings: Iterable[dt.date]) -> Dispute:
    day = legal_day(fact)
    closed = [closing for closing in closings if closing >= day]
    return Dispute(
        kind="contest",
        by=data.by,
        on=data.on,
        period=Period(day, min(closed, default=None)),
        about=data.about,
        against=None,
        claims_effective_on=data.claims_effective_on,
        provisions=(),
        position=fact.position,
    )
