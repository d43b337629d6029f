"""Check that final clauses are stated completely and can be computed."""

from datetime import date

import pytest
from contracts.facts import errors, registration

from treaty_contracts.canonical import JSON
from treaty_contracts.events import TreatyRegistered
from treaty_contracts.final_clauses import (
    AfterDeposits,
    DurationPeriod,
    DurationUntil,
    FinalClauses,
    Immediate,
    NoClause,
    OnDate,
    PeriodDelay,
)
from treaty_contracts.intake import accept

DELAYS: list[dict[str, JSON]] = [
    {"rule": "period", "period": "P6M"},
    {"rule": "period", "period": "P150D", "day": "next"},
    {"rule": "first_of_month_after_period", "period": "P3M"},
    {"rule": "first_of_nth_month", "n": 4},
    {"rule": "fixed_day", "cutoff": "09-30", "effect": "12-31", "boundary": "end_of_day"},
    {"rule": "tacit_renewal", "anchor": "1965-01-24", "first": "P5Y", "next": "P5Y", "notice": "P6M"},
    {"rule": "window", "anchor": "1958-07-30", "every": "P10Y", "open": "P1Y", "notice": "P1Y"},
    {"rule": "negotiated", "long_stop": "P2Y"},
    {"rule": "immediate"},
    {"rule": "no_clause"},
]


def clauses(**stated: JSON) -> FinalClauses:
    data = accept(registration(**stated)).data
    assert isinstance(data, TreatyRegistered)
    return data.clauses


@pytest.mark.parametrize("delay", DELAYS, ids=lambda delay: str(delay["rule"]))
def test_each_delay_is_read_by_its_rule(delay: dict[str, JSON]) -> None:
    read = clauses(joining={"delay": delay}, withdrawal={"notice": delay})
    assert read.withdrawal is not None
    assert read.joining is not None
    assert read.withdrawal.notice == read.joining.delay
    assert read.withdrawal.notice.rule == delay["rule"]
    assert read.withdrawal.notice.model_dump(mode="json", exclude_unset=True) == delay


@pytest.mark.parametrize("delay", DELAYS, ids=lambda delay: str(delay["rule"]))
def test_each_delay_needs_all_its_parts(delay: dict[str, JSON]) -> None:
    for part in set(delay) - {"day", "boundary"}:
        rest = {name: value for name, value in delay.items() if name != part}
        assert errors(registration(joining={"delay": rest})) == {
            f"/data/clauses/joining/delay/{part}": "add this field: it is required"
        }


@pytest.mark.parametrize(
    ("delay", "pointer"),
    [
        ({"rule": "first_of_nth_month", "n": 0}, "n"),
        ({"rule": "first_of_nth_month", "n": 121}, "n"),
        ({"rule": "fixed_day", "cutoff": "02-30", "effect": "12-31"}, "cutoff"),
        ({"rule": "fixed_day", "cutoff": "09-30", "effect": "31-12"}, "effect"),
        ({"rule": "window", "anchor": "1958", "every": "P10Y", "open": "P1Y", "notice": "P1Y"}, "anchor"),
        ({"rule": "negotiated", "long_stop": "P0D"}, "long_stop"),
        ({"rule": "period", "period": "P6M", "day": "after"}, "day"),
        ({"rule": "immediate", "period": "P6M"}, "period"),
    ],
)
def test_a_delay_that_cannot_be_computed_is_refused(delay: JSON, pointer: str) -> None:
    assert list(errors(registration(joining={"delay": delay}))) == [f"/data/clauses/joining/delay/{pointer}"]


def test_what_is_absent_is_not_modelled() -> None:
    read = clauses()
    assert read == FinalClauses()
    assert (read.entry_into_force, read.withdrawal, read.minimum_parties, read.falls_with) == (None, None, None, ())


def test_a_withdrawal_clause_without_notice_computes_no_date() -> None:
    read = clauses(withdrawal={"article": "12"}).withdrawal
    assert read is not None
    assert read.notice == NoClause(rule="no_clause")
    assert (read.receipt, read.later_date_allowed, read.deferred_by_armed_conflict) == ("last", False, False)


def test_a_conference_is_stated_from_and_to() -> None:
    read = clauses(withdrawal={"conference": {"from": "P30D", "to": "P60D"}}).withdrawal
    assert read is not None
    assert read.conference is not None
    assert (read.conference.from_, read.conference.to) == ("P30D", "P60D")


def test_a_treaty_enters_into_force_on_a_date_or_after_deposits() -> None:
    on_date = clauses(entry_into_force={"rule": "on_date", "article": "XVII", "date": "2002-01-01"})
    assert on_date.entry_into_force == OnDate(rule="on_date", article="XVII", date=date(2002, 1, 1))
    after = clauses(
        entry_into_force={
            "rule": "after_deposits",
            "count": 20,
            "required": ["CAN", "HUN"],
            "delay": {"rule": "period", "period": "P60D"},
        }
    )
    assert after.entry_into_force == AfterDeposits(
        rule="after_deposits",
        count=20,
        required=("CAN", "HUN"),
        delay=PeriodDelay(rule="period", period="P60D"),
    )


@pytest.mark.parametrize(
    ("stated", "pointer"),
    [
        ({}, "count"),
        ({"count": 0}, "count"),
        ({"count": 10_001}, "count"),
        ({"count": 3, "of": ["CAN", "HUN", "HUN"]}, "count"),
        ({"required": []}, "required"),
        ({"required": "CAN"}, "required"),
        ({"required": ["can"]}, "required/0"),
        ({"of": [1]}, "of/0"),
    ],
)
def test_a_threshold_can_be_met(stated: dict[str, JSON], pointer: str) -> None:
    entry: JSON = {"rule": "after_deposits", "delay": {"rule": "immediate"}, **stated}
    assert list(errors(registration(entry_into_force=entry))) == [f"/data/clauses/entry_into_force/{pointer}"]


def test_a_threshold_may_be_the_required_ones_alone() -> None:
    read = clauses(
        entry_into_force={"rule": "after_deposits", "required": ["USA"], "delay": {"rule": "immediate"}}
    ).entry_into_force
    assert isinstance(read, AfterDeposits)
    assert read.delay == Immediate(rule="immediate")


def test_a_duration_is_until_a_day_or_for_a_period() -> None:
    assert clauses(duration={"until": "2026-02-05"}).duration == DurationUntil(until=date(2026, 2, 5))
    assert clauses(duration={"period": "P10Y"}).duration == DurationPeriod(period="P10Y")


@pytest.mark.parametrize(
    ("duration", "pointer"),
    [
        ({}, "/until"),
        ({"until": "2026"}, "/until"),
        ({"period": "ten years"}, "/period"),
        ({"period": "P10Y", "until": "2026-02-05"}, "/until"),
        ({"for": "P10Y", "until": "2026-02-05"}, "/for"),
        ("P10Y", ""),
    ],
)
def test_a_duration_is_one_of_the_two(duration: JSON, pointer: str) -> None:
    assert list(errors(registration(duration=duration))) == [f"/data/clauses/duration{pointer}"]


@pytest.mark.parametrize(
    ("stated", "pointer"),
    [
        ({"minimum_parties": 0}, "/minimum_parties"),
        ({"falls_with": ["The Convention"]}, "/falls_with/0"),
        ({"falls_with": "convention"}, "/falls_with"),
        ({"bilateral_ends_on_exit": "yes"}, "/bilateral_ends_on_exit"),
        ({"withdrawal": {"survival": "20 years"}}, "/withdrawal/survival"),
        ({"withdrawal": {"receipt": "middle"}}, "/withdrawal/receipt"),
        ({"withdrawal": {"admissible_after": {"period": "P3Y", "anchor": "x"}}}, "/withdrawal/admissible_after/anchor"),
        ({"withdrawal": None}, "/withdrawal"),
        ({"exit": {}}, "/exit"),
    ],
)
def test_a_clause_is_refused_where_it_is_wrong(stated: dict[str, JSON], pointer: str) -> None:
    assert list(errors(registration(**stated))) == [f"/data/clauses{pointer}"]
