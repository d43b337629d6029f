"""Follow what does not change membership: suspension, provisional application, disputes, signals and remarks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from treaty_contracts.events import ContestClosed, ContestRaised
from treaty_projector.law.days import legal_day, stated_day
from treaty_projector.law.periods import Period, earliest
from treaty_projector.law.state import Dispute, Fact, Interval, Note, Signal, Stage

_RESERVATIONS = frozenset({"reservation.made", "reservation.withdrawn", "declaration.made", "objection.made"})
_TERRITORIES = frozenset({"territory.extended", "territory.excluded"})
_REMARKS = frozenset(
    {
        "appeal.made",
        "proposal.made",
        "proposal.declined",
        "restriction.imposed",
        "restriction.lifted",
        "intention.renounced",
    }
)
_BREACHES = frozenset({"breach.alleged", "breach.denied"})


def suspensions(facts: Sequence[Fact]) -> tuple[Interval, ...]:
    """Pair each suspension with the next resumption of the same scope (VCLT Art. 57 to 65, 72)."""
    ends = [fact for fact in facts if fact.type == "operation.resumed"]
    return tuple(_interval("suspended", fact, ends) for fact in facts if fact.type == "operation.suspended")


def provisional_applications(facts: Sequence[Fact]) -> tuple[Interval, ...]:
    """Pair each start of provisional application with its end (VCLT Art. 25)."""
    ends = [fact for fact in facts if fact.type == "provisional_application.ended"]
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


def disputes(facts: Sequence[Fact]) -> tuple[Dispute, ...]:
    """List who disputes what: contests of a recorded fact (Art. 65(3)), breaches alleged and denied."""
    closings = [fact for fact in facts if isinstance(fact.data, ContestClosed)]
    found = [_contest(fact, fact.data, closings) for fact in facts if isinstance(fact.data, ContestRaised)]
    return tuple(found + [_breach(fact) for fact in facts if fact.type in _BREACHES])


def reservations(facts: Iterable[Fact]) -> tuple[Note, ...]:
    """List reservations, declarations and objections (VCLT Art. 19 to 23)."""
    return tuple(_note(fact) for fact in facts if fact.type in _RESERVATIONS)


def territories(facts: Iterable[Fact]) -> tuple[Note, ...]:
    """List extensions to territories and exclusions of them (VCLT Art. 29)."""
    return tuple(_note(fact) for fact in facts if fact.type in _TERRITORIES)


def remarks(facts: Iterable[Fact]) -> tuple[Note, ...]:
    """List appeals, proposals, restrictions and renounced intentions: shown, without effect on membership."""
    return tuple(_note(fact) for fact in facts if fact.type in _REMARKS)


def signals(facts: Sequence[Fact], *, consumed_on: Sequence[dt.date]) -> tuple[Signal, ...]:
    """Follow announcements and domestic steps until a formal notice or an end of membership consumes them."""
    signs = [fact for fact in facts if fact.type in {"withdrawal.announced", "withdrawal.procedure_step"}]
    borders = sorted(set(consumed_on))
    found: list[Signal] = []
    for index, until in enumerate([*borders, None]):
        start = borders[index - 1] if index else dt.date.min
        within = [f for f in signs if start <= legal_day(f) and (until is None or legal_day(f) < until)]
        found += _signals_between(within, until)
    return tuple(found)


def _signals_between(signs: Sequence[Fact], until: dt.date | None) -> list[Signal]:
    """A domestic step outweighs an announcement: the procedure has begun."""
    announced = sorted((f for f in signs if f.type == "withdrawal.announced"), key=legal_day)
    steps = sorted((f for f in signs if f.type != "withdrawal.announced"), key=legal_day)
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
    closing = [
        end
        for end in ends
        if legal_day(end) >= legal_day(start)
        and getattr(end.data, "scope", None) in {None, scope}
        and _covers(tuple(getattr(end.data, "towards", None) or ()), towards)
    ]
    end = min(closing, key=lambda fact: (legal_day(fact), fact.key), default=None)
    basis = start.basis if end is None else tuple(sorted((*start.basis, *end.basis)))
    return Interval(kind, Period(legal_day(start), None if end is None else legal_day(end)), towards, scope, basis)


def _covers(ended: tuple[str, ...], begun: tuple[str, ...]) -> bool:
    """Tell whether what is resumed towards some is all that was suspended; naming nobody means everybody."""
    return not ended or (bool(begun) and set(begun) <= set(ended))


def _contest(fact: Fact, data: ContestRaised, closings: Sequence[Fact]) -> Dispute:
    day = legal_day(fact)
    closed = [
        legal_day(closing)
        for closing in closings
        if isinstance(closing.data, ContestClosed)
        and closing.data.about == data.about
        and closing.data.by == data.by
        and legal_day(closing) >= day
    ]
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


def _breach(fact: Fact) -> Dispute:
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


def _note(fact: Fact) -> Note:
    """Keep every field of the fact but those that every fact may carry."""
    content = fact.data.model_dump(mode="json", by_alias=True, exclude_none=True, exclude_unset=True)
    common = {"participant", "citation", "source_url", "asserted_by", "note", "received", "received_on"}
    values = tuple(
        (name, "; ".join(map(str, value)) if isinstance(value, list) else str(value))
        for name, value in sorted(content.items())
        if name not in common
    )
    return Note(fact.type, stated_day(fact), values, fact.position)
