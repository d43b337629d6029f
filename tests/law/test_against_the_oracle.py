"""Compare the law with a naive reading of the same histories, at any day and any size of the log."""

import datetime as dt
import json
import re
from collections.abc import Sequence

import pytest
from builders import Event, deposited, fact, superseded
from hypothesis import given
from hypothesis import strategies as st
from law.oracle import Answer, ask
from law.strategies import dated_delays, delays, exact_days, period_delays, registration

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import fold
from treaty_projector.law.membership import PENDING, MemberRow, member_rows

pytestmark = pytest.mark.property

ACTORS = ("FRA", "USA")
actors = st.sampled_from(ACTORS)
assertions = st.sampled_from(["depositary", "official"])


@st.composite
def plain_clauses(draw: st.DrawFn) -> dict[str, JSON]:
    """Generate clauses without conditions on a notice and without an end of the treaty."""
    when: dict[str, JSON] = {
        "rule": "on_date",
        "date": draw(st.sampled_from(["1999-01-01", "1999-03-01", "2001-02-28"])),
    }
    if draw(st.booleans()):
        count: dict[str, JSON] = {"count": draw(st.integers(1, 2))} if draw(st.booleans()) else {"required": ["USA"]}
        when = {"rule": "after_deposits", "delay": draw(period_delays), **count}
    withdrawal: dict[str, JSON] = {
        "notice": draw(delays),
        "receipt": draw(st.sampled_from(["first", "last"])),
        "later_date_allowed": draw(st.booleans()),
    }
    found: dict[str, JSON] = {"entry_into_force": when, "withdrawal": withdrawal}
    return {**found, "joining": {"delay": draw(dated_delays)}} if draw(st.booleans()) else found


@st.composite
def plain_acts(draw: st.DrawFn) -> Event:
    """Generate the acts that the oracle knows, each with exact days."""
    who: dict[str, JSON] = {"participant": draw(actors), "asserted_by": draw(assertions)}
    day = draw(exact_days)
    days: list[JSON] = [{"by": "A", "on": day}]
    if draw(st.integers(0, 3)) == 0:
        days.append({"by": "B", "on": draw(exact_days)})
    stated: dict[str, JSON] = {"states_effective_on": draw(exact_days)} if draw(st.integers(0, 3)) == 0 else {}
    return draw(
        st.sampled_from(
            [
                ("signature.affixed", {**who, "signed_on": day}),
                *[("instrument.deposited", {**who, "instrument": "accession", "received": days})] * 3,
                ("consent.withdrawn", {**who, "received_on": day}),
                *[("withdrawal.notified", {**who, "received": days, **stated})] * 4,
                ("withdrawal.revoked", {**who, "received_on": day}),
                *[("withdrawal.completed", {**who, "effective_on": day})] * 2,
                ("participation.ceased", {**who, "effective_on": day, "reason": "expulsion"}),
            ]
        )
    )


@st.composite
def plain_histories(draw: st.DrawFn) -> list[Event]:
    """Generate a treaty, early accessions and plain acts after them, some of whose records are superseded."""
    early = draw(st.lists(st.sampled_from(["1999-01-15", "1999-06-30", "2000-02-29"]), min_size=2, max_size=2))
    events: list[Event] = [registration(draw(plain_clauses()))]
    events += [deposited(code, day) for code, day in zip(ACTORS, early, strict=True)]
    alive = [1, 2]
    for number in range(3, draw(st.integers(4, 15))):
        if draw(st.integers(0, 9)) == 0:
            target = alive.pop(draw(st.integers(0, len(alive) - 1)))
            events.append(superseded(target, draw(st.none() | plain_acts())))
        else:
            type_, data = draw(plain_acts())
            events.append((type_, {**data, "citation": f"No. {number}"}))
        alive.append(number)
    return events


def days_spoken_of(events: list[Event]) -> list[dt.date]:
    """Return the days on which something is said to happen, and those around them."""
    said = {dt.date.fromisoformat(day) for day in re.findall(r"\d{4}-\d{2}-\d{2}", json.dumps(events))}
    return sorted({max(dt.date(1999, 1, 1), day + dt.timedelta(days=n)) for day in said for n in (-1, 0, 1, 20, 200)})


def told(rows: Sequence[MemberRow], day: dt.date) -> Answer:
    """Return what the law's rows say of a day, in the oracle's words."""
    row = next((row for row in rows if row.period.contains(day)), None)
    if row is None:
        return "none", None, None
    if row.exit is None or row.exit.stage not in PENDING:
        return row.consent.value, None, None
    effective = row.exit.effective_on
    return row.consent.value, row.exit.stage.value, None if effective is None else effective.isoformat()


@given(plain_histories(), st.data())
def test_the_law_answers_as_a_naive_reader_does(events: list[Event], data: st.DataObject) -> None:
    known = events[: data.draw(st.integers(1, len(events)), label="size")]
    state = fold("test", [fact(type_, place, what) for place, (type_, what) in enumerate(known)], successions={})
    days = days_spoken_of(known)
    for code in ACTORS:
        rows = member_rows(state.standings[code]) if code in state.standings else ()
        found = {day: told(rows, day) for day in days}
        assert found == dict(zip(days, ask(known, code, days), strict=True))
