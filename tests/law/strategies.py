"""Generate histories of random events, sensible and not, under every kind of clause."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from builders import Event, deposited, fact, superseded
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import Fact

CODES = ("FRA", "RUS", "USA")
TURNING_DAYS = ("1999-12-31", "2000-02-29", "2001-02-28", "2002-08-31", "2003-06-30", "2003-07-01", "2004-12-31")

exact_days = st.sampled_from(TURNING_DAYS) | st.dates(dt.date(1999, 1, 1), dt.date(2006, 12, 31)).map(str)
legal_days = exact_days | exact_days.map(lambda day: day[:7]) | exact_days.map(lambda day: day[:4])
codes = st.sampled_from(CODES)
assertions = st.sampled_from(["depositary", "official", "party", "press"])
short_periods = st.sampled_from(["P1D", "P30D", "P60D", "P1M", "P3M", "P6M", "P1Y", "P1Y6M", "P2W"])
month_days = st.sampled_from(["01-01", "02-28", "02-29", "06-30", "07-01", "09-30", "12-31"])


def _object(**fields: st.SearchStrategy[JSON]) -> st.SearchStrategy[dict[str, JSON]]:
    return st.fixed_dictionaries(fields)


def _just(value: JSON) -> st.SearchStrategy[JSON]:
    return st.just(value)


days_json: st.SearchStrategy[JSON] = exact_days.map(lambda day: day)
periods_json: st.SearchStrategy[JSON] = short_periods.map(lambda period: period)
period_delays = _object(
    rule=_just("period"), period=periods_json, day=st.sampled_from(["same", "next", "previous"]).map(lambda day: day)
)
delays: st.SearchStrategy[dict[str, JSON]] = st.one_of(
    period_delays,
    _object(rule=_just("first_of_month_after_period"), period=periods_json),
    _object(rule=_just("first_of_nth_month"), n=st.integers(1, 18).map(lambda n: n)),
    _object(
        rule=_just("fixed_day"),
        cutoff=month_days.map(lambda day: day),
        effect=month_days.map(lambda day: day),
        boundary=st.sampled_from(["start_of_day", "end_of_day"]).map(lambda edge: edge),
    ),
    _object(rule=_just("tacit_renewal"), anchor=days_json, first=periods_json, next=periods_json, notice=periods_json),
    _object(rule=_just("window"), anchor=days_json, every=periods_json, open=periods_json, notice=periods_json),
    _object(rule=_just("negotiated"), long_stop=periods_json),
    _object(rule=_just("immediate")),
    _object(rule=_just("no_clause")),
)
dated_delays = delays.filter(lambda delay: delay["rule"] not in {"window", "no_clause"})
entries: st.SearchStrategy[dict[str, JSON]] = st.one_of(
    _object(rule=_just("on_date"), date=days_json),
    _object(rule=_just("after_deposits"), count=st.integers(1, 3).map(lambda n: n), delay=period_delays.map(dict)),
    _object(rule=_just("after_deposits"), required=_just(["USA"]), delay=period_delays.map(dict)),
    _object(rule=_just("on_signature")),
)


@st.composite
def withdrawals(draw: st.DrawFn) -> dict[str, JSON]:
    """Generate how one leaves."""
    clause: dict[str, JSON] = {
        "notice": draw(delays),
        "receipt": draw(st.sampled_from(["first", "last"])),
        "later_date_allowed": draw(st.booleans()),
        "deferred_by_armed_conflict": draw(st.booleans()),
    }
    if draw(st.integers(0, 3)) == 0:
        clause["admissible_after"] = {
            "period": draw(short_periods),
            "anchor": draw(st.sampled_from(["entry_into_force", "entry_into_force_for_participant"])),
            "early_notice": draw(st.sampled_from(["void", "deferred"])),
        }
    return clause


@st.composite
def clauses(draw: st.DrawFn, *, may_end_by_exits: bool = True) -> dict[str, JSON]:
    """Generate final clauses; each part may be absent."""
    found: dict[str, JSON] = {}
    if draw(st.integers(0, 7)):
        found["entry_into_force"] = draw(entries)
    if draw(st.booleans()):
        found["joining"] = {"delay": draw(delays)}
    if draw(st.integers(0, 7)):
        found["withdrawal"] = draw(withdrawals())
    if may_end_by_exits and draw(st.integers(0, 3)) == 0:
        found["minimum_parties"] = draw(st.integers(1, 3))
    if may_end_by_exits and draw(st.integers(0, 3)) == 0:
        found["bilateral_ends_on_exit"] = True
    if draw(st.integers(0, 7)) == 0:
        lasting: list[JSON] = [{"until": "2005-06-01"}, {"period": "P3Y"}]
        found["duration"] = draw(st.sampled_from(lasting))
    return found


_FIELDS: dict[str, dict[str, st.SearchStrategy[JSON]]] = {
    "signature.affixed": {"signed_on": legal_days.map(str), "definitive": st.booleans().map(bool)},
    "consent.withdrawn": {"received_on": legal_days.map(str)},
    "withdrawal.announced": {"announced_on": legal_days.map(str)},
    "withdrawal.procedure_step": {"on": legal_days.map(str), "step": _just("launched")},
    "withdrawal.suspended": {"received_on": legal_days.map(str)},
    "withdrawal.extended": {"decided_on": legal_days.map(str), "effective_on": legal_days.map(str)},
    "withdrawal.revoked": {"received_on": legal_days.map(str)},
    "withdrawal.completed": {"effective_on": legal_days.map(str)},
    "participation.ceased": {
        "effective_on": legal_days.map(str),
        "reason": st.sampled_from(["expulsion", "extinction", "cascade"]).map(str),
    },
    "operation.suspended": {"effective_on": legal_days.map(str)},
    "operation.resumed": {"effective_on": legal_days.map(str)},
    "provisional_application.started": {"effective_on": legal_days.map(str)},
    "provisional_application.ended": {"received_on": legal_days.map(str)},
    "armed_conflict.began": {"on": legal_days.map(str)},
    "armed_conflict.ended": {"on": legal_days.map(str)},
    "intention.renounced": {"received_on": legal_days.map(str)},
    "breach.alleged": {"on": legal_days.map(str)},
}


@st.composite
def received_acts(draw: st.DrawFn) -> Event:
    """Generate deposits and notices, which one or several may receive: most of what happens."""
    type_ = draw(st.sampled_from(["instrument.deposited", "withdrawal.notified"]))
    data: dict[str, JSON] = {"participant": draw(codes), "asserted_by": draw(assertions)}
    days = draw(st.lists(legal_days, min_size=1, max_size=2))
    data["received"] = [{"by": f"Depositary {number}", "on": day} for number, day in enumerate(days)]
    if draw(st.integers(0, 3)) == 0:
        data["states_effective_on"] = draw(legal_days)
    if type_ == "instrument.deposited":
        data["instrument"] = draw(st.sampled_from(["ratification", "accession", "succession"]))
    elif draw(st.integers(0, 7)) == 0:
        data["scope"] = "Part II"
    return type_, data


@st.composite
def other_acts(draw: st.DrawFn) -> Event:
    """Generate anything else that a participant does."""
    type_ = draw(st.sampled_from(sorted(_FIELDS)))
    data: dict[str, JSON] = {"participant": draw(codes), "asserted_by": draw(assertions)}
    return type_, {**data, **{name: draw(values) for name, values in _FIELDS[type_].items()}}


@st.composite
def treaty_acts(draw: st.DrawFn) -> Event:
    """Generate what happens to the treaty itself."""
    type_ = draw(st.sampled_from(["treaty.entered_into_force", "treaty.terminated", "treaty.extended", "amended"]))
    if type_ == "amended":
        return "treaty.clauses_amended", {"clauses": draw(clauses()), "effective_on": draw(exact_days)}
    if type_ == "treaty.extended":
        return type_, {"until_on": draw(exact_days)}
    more: dict[str, JSON] = {"reason": "by_consent"} if type_ == "treaty.terminated" else {}
    return type_, {"effective_on": draw(legal_days), **more}


acts = received_acts() | received_acts() | received_acts() | other_acts()


def registration(chosen: Mapping[str, JSON], *, kind: str = "multilateral") -> Event:
    """Put a treaty with these clauses on the books."""
    return "treaty.registered", {"title": "A treaty", "kind": kind, "clauses": dict(chosen)}


@st.composite
def histories(draw: st.DrawFn, *, corrected: bool = True) -> list[Event]:
    """Generate a treaty and what happened under it, with contests and perhaps corrections of records."""
    events: list[Event] = [registration(draw(clauses()), kind=draw(st.sampled_from(["multilateral", "bilateral"])))]
    early = draw(st.lists(st.sampled_from(["1998-01-01", "1999-06-30", "2000-02-29"]), max_size=3))
    events += [deposited(code, day) for code, day in zip(CODES, early, strict=False)]
    alive = list(range(len(events)))
    for _ in range(draw(st.integers(1, 11))):
        choice = draw(st.integers(0, 19))
        if choice == 0:
            events.append(draw(treaty_acts()))
        elif choice == 1:
            about = draw(st.integers(0, len(events)))
            contest: dict[str, JSON] = {"participant": draw(codes), "about": about, "by": "JPN", "on": draw(legal_days)}
            events.append((draw(st.sampled_from(["contest.raised", "contest.closed"])), contest))
        elif choice in {2, 3} and corrected:
            target = alive.pop(draw(st.integers(0, len(alive) - 1)))
            events.append(superseded(target, draw(st.none() | acts)))
        else:
            events.append(draw(acts))
        alive.append(len(events) - 1)
    return events


def recorded(events: Sequence[Event], *, sources: Sequence[str] = ("urn:a",)) -> list[Fact]:
    """Return the events as recorded in this order; the sources take turns, and no two facts have one content."""
    return [
        fact(type_, position, {**data, "citation": f"No. {position}"}, source=sources[position % len(sources)])
        for position, (type_, data) in enumerate(events)
    ]


def in_another_order(events: Sequence[Event], order: Sequence[int]) -> list[Fact]:
    """Return the same facts as if they had been recorded in another order; contests follow what they are about."""
    place = {original: position for position, original in enumerate(order)}
    found = []
    for position, original in enumerate(order):
        type_, data = events[original]
        content = {**data, "citation": f"No. {original}"}
        about = data.get("about")
        if isinstance(about, int):
            content["about"] = place.get(about, about)
        key = f"{type_} {json.dumps({**content, 'about': about})}"
        found.append(_with_key(fact(type_, position, content), key))
    return found


def _with_key(each: Fact, key: str) -> Fact:
    return Fact(each.position, each.type, each.data, each.source, key)
