"""Check how the day of receipt becomes the day of effect, rule by rule, and against dates that depositaries gave."""

import datetime as dt
import json
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from treaty_contracts.canonical import JSON
from treaty_contracts.final_clauses import Delay
from treaty_projector.law.delays import Due, TooEarly, Undated, describe, effect_of

VECTORS = Path(__file__).parents[3] / "shared" / "law" / "date_vectors.json"
AS_A_CLAUSE: dict[str, dict[str, JSON]] = {
    "P6M same-day": {"rule": "period", "period": "P6M"},
    "P3M same-day": {"rule": "period", "period": "P3M"},
    "P1Y same-day": {"rule": "period", "period": "P1Y"},
    "P60D same-day": {"rule": "period", "period": "P60D"},
    "P60D after deposit (EIF)": {"rule": "period", "period": "P60D"},
    "P150D next-day": {"rule": "period", "period": "P150D", "day": "next"},
    "30th day after deposit (EIF)": {"rule": "period", "period": "P30D"},
    "first-of-month after P6M": {"rule": "first_of_month_after_period", "period": "P6M"},
    "first of month after 60th day (EIF)": {"rule": "first_of_month_after_period", "period": "P60D"},
    "first day of 6th month after month of deposit (EIF)": {"rule": "first_of_nth_month", "n": 6},
}
DECEMBER: dict[str, JSON] = {"rule": "fixed_day", "cutoff": "12-31", "effect": "12-31", "boundary": "end_of_day"}
JUNE: dict[str, JSON] = {"rule": "fixed_day", "cutoff": "01-01", "effect": "06-30", "boundary": "end_of_day"}
SEPTEMBER: dict[str, JSON] = {"rule": "fixed_day", "cutoff": "09-30", "effect": "12-31", "boundary": "end_of_day"}
JANUARY: dict[str, JSON] = {"rule": "fixed_day", "cutoff": "07-01", "effect": "01-01"}
FIVE_YEARS: dict[str, JSON] = {
    "rule": "tacit_renewal",
    "anchor": "1964-09-01",
    "first": "P5Y",
    "next": "P5Y",
    "notice": "P6M",
}
TEN_YEARS: dict[str, JSON] = {
    "rule": "window",
    "anchor": "1985-11-23",
    "every": "P10Y",
    "open": "P1Y",
    "notice": "P1Y",
}


def parsed(delay: dict[str, JSON]) -> Delay:
    clause: Delay = TypeAdapter(Delay).validate_python(delay)
    return clause


def effect(delay: dict[str, JSON], received_on: str) -> str:
    outcome = effect_of(parsed(delay), dt.date.fromisoformat(received_on))
    assert isinstance(outcome, Due)
    return outcome.on.isoformat()


@pytest.mark.skipif(not VECTORS.exists(), reason="the table of real dates lies outside the repository")
def test_the_rules_give_the_days_that_depositaries_gave_and_expose_their_slip() -> None:
    vectors = json.loads(VECTORS.read_text(encoding="utf-8"))
    wrong = [
        vector["case"]
        for vector in vectors
        if effect(AS_A_CLAUSE[vector["rule"]], vector["trigger"]) != vector["effect"]
    ]
    assert wrong == [vector["case"] for vector in vectors if not vector["ok"]]


@pytest.mark.parametrize(
    ("period", "day", "received_on", "effective_on"),
    [
        ("P6M", "same", "2007-08-31", "2008-02-29"),
        ("P6M", "same", "2006-08-31", "2007-02-28"),
        ("P6M", "next", "2006-08-31", "2007-03-01"),
        ("P6M", "previous", "2006-08-31", "2007-02-27"),
        ("P1M", "same", "2023-01-31", "2023-02-28"),
        ("P1M", "same", "2023-02-28", "2023-03-28"),
        ("P1Y", "same", "2020-02-29", "2021-02-28"),
        ("P1Y", "next", "2020-02-29", "2021-03-01"),
        ("P4Y", "same", "2020-02-29", "2024-02-29"),
        ("P1Y6M", "same", "2020-08-30", "2022-02-28"),
        ("P3M", "same", "2003-01-10", "2003-04-10"),
        ("P90D", "same", "2003-01-10", "2003-04-10"),
        ("P90D", "same", "2004-01-10", "2004-04-09"),
        ("P1M1D", "same", "2023-01-31", "2023-03-01"),
        ("P2W", "same", "2024-02-20", "2024-03-05"),
        ("P1D", "previous", "2024-02-20", "2024-02-20"),
        ("P12M", "same", "2019-12-31", "2020-12-31"),
        ("P2Y", "previous", "2017-04-28", "2019-04-27"),
        ("P150D", "next", "2023-06-09", "2023-11-07"),
        ("P6M", "next", "2007-05-02", "2007-11-03"),
    ],
)
def test_months_are_clamped_and_then_the_day_convention_applies(
    period: str, day: str, received_on: str, effective_on: str
) -> None:
    assert effect({"rule": "period", "period": period, "day": day}, received_on) == effective_on


@pytest.mark.parametrize(
    ("period", "received_on", "effective_on"),
    [
        ("P6M", "2021-08-03", "2022-03-01"),
        ("P6M", "2021-09-01", "2022-04-01"),
        ("P6M", "2021-08-31", "2022-03-01"),
        ("P3M", "2021-07-01", "2021-11-01"),
        ("P60D", "2003-01-31", "2003-05-01"),
        ("P60D", "2002-06-28", "2002-09-01"),
    ],
)
def test_the_first_of_the_month_follows_the_end_of_the_period_even_when_that_is_a_first(
    period: str, received_on: str, effective_on: str
) -> None:
    assert effect({"rule": "first_of_month_after_period", "period": period}, received_on) == effective_on


@pytest.mark.parametrize(
    ("n", "received_on", "effective_on"),
    [
        (6, "2000-02-29", "2000-08-01"),
        (6, "2011-03-24", "2011-09-01"),
        (6, "2002-09-01", "2003-03-01"),
        (6, "1999-12-31", "2000-06-01"),
        (1, "2021-12-01", "2022-01-01"),
        (13, "2021-12-01", "2023-01-01"),
    ],
)
def test_the_nth_month_is_counted_after_the_month_of_receipt(n: int, received_on: str, effective_on: str) -> None:
    assert effect({"rule": "first_of_nth_month", "n": n}, received_on) == effective_on


@pytest.mark.parametrize(
    ("delay", "received_on", "effective_on"),
    [
        (DECEMBER, "2025-05-04", "2027-01-01"),
        (DECEMBER, "2025-12-31", "2027-01-01"),
        (DECEMBER, "2026-01-01", "2028-01-01"),
        (JUNE, "2018-12-26", "2019-07-01"),
        (JUNE, "2019-01-01", "2019-07-01"),
        (JUNE, "2019-01-02", "2020-07-01"),
        (SEPTEMBER, "2022-03-15", "2023-01-01"),
        (SEPTEMBER, "2022-09-30", "2023-01-01"),
        (SEPTEMBER, "2022-10-01", "2024-01-01"),
        (SEPTEMBER, "1969-12-12", "1971-01-01"),
        (JANUARY, "2011-06-29", "2012-01-01"),
        (JANUARY, "2011-07-01", "2012-01-01"),
        (JANUARY, "2011-07-02", "2013-01-01"),
        ({"rule": "fixed_day", "cutoff": "02-29", "effect": "03-01"}, "2023-02-28", "2023-03-01"),
        ({"rule": "fixed_day", "cutoff": "02-29", "effect": "03-01"}, "2024-02-29", "2024-03-01"),
        ({"rule": "fixed_day", "cutoff": "01-31", "effect": "02-29"}, "2024-01-31", "2024-02-29"),
        ({"rule": "fixed_day", "cutoff": "01-31", "effect": "02-29"}, "2024-02-01", "2025-02-28"),
    ],
)
def test_a_fixed_day_follows_the_first_cutoff_on_or_after_receipt(
    delay: dict[str, JSON], received_on: str, effective_on: str
) -> None:
    assert effect(delay, received_on) == effective_on


@pytest.mark.parametrize(
    ("delay", "received_on", "effective_on"),
    [
        (FIVE_YEARS, "1960-01-01", "1969-09-01"),
        (FIVE_YEARS, "1969-03-01", "1969-09-01"),
        (FIVE_YEARS, "1969-03-02", "1974-09-01"),
        (FIVE_YEARS, "2024-02-29", "2024-09-01"),
        (FIVE_YEARS, "2024-03-02", "2029-09-01"),
        ({**FIVE_YEARS, "anchor": "1951-01-12", "first": "P10Y"}, "1960-07-12", "1961-01-12"),
        ({**FIVE_YEARS, "anchor": "1951-01-12", "first": "P10Y"}, "1960-07-13", "1966-01-12"),
        ({**FIVE_YEARS, "anchor": "2000-08-31", "first": "P1Y"}, "2001-02-28", "2001-08-31"),
        ({**FIVE_YEARS, "anchor": "2000-08-31", "first": "P1Y"}, "2001-03-01", "2006-08-31"),
        ({**FIVE_YEARS, "next": "P1Y6M"}, "2023-01-01", "2023-09-01"),
        ({**FIVE_YEARS, "next": "P1M20D"}, "2023-01-01", "2023-07-09"),
        ({**FIVE_YEARS, "next": "P1D", "notice": "P999Y"}, "2000-01-31", "2999-01-31"),
    ],
)
def test_a_tacit_renewal_ends_with_the_first_term_whose_end_the_notice_precedes_in_time(
    delay: dict[str, JSON], received_on: str, effective_on: str
) -> None:
    assert effect(delay, received_on) == effective_on


@pytest.mark.parametrize(
    ("received_on", "effective_on"),
    [("1995-11-23", "1996-11-23"), ("1996-11-22", "1997-11-22"), ("2026-03-01", "2027-03-01")],
)
def test_within_the_window_the_notice_period_runs(received_on: str, effective_on: str) -> None:
    assert effect(TEN_YEARS, received_on) == effective_on


@pytest.mark.parametrize(
    ("received_on", "opens_on"),
    [
        ("1980-01-01", "1995-11-23"),
        ("1985-12-01", "1995-11-23"),
        ("1995-11-22", "1995-11-23"),
        ("1996-11-23", "2005-11-23"),
    ],
)
def test_outside_the_window_a_notice_is_too_early(received_on: str, opens_on: str) -> None:
    outcome = effect_of(parsed(TEN_YEARS), dt.date.fromisoformat(received_on))
    assert outcome == TooEarly(dt.date.fromisoformat(opens_on))


def test_a_negotiated_exit_has_a_long_stop() -> None:
    assert effect({"rule": "negotiated", "long_stop": "P2Y"}, "2017-03-29") == "2019-03-29"


def test_an_immediate_act_takes_effect_on_its_receipt() -> None:
    assert effect({"rule": "immediate"}, "2022-03-16") == "2022-03-16"


def test_without_a_clause_no_day_is_computed() -> None:
    assert effect_of(parsed({"rule": "no_clause"}), dt.date(2025, 3, 17)) == Undated()


@pytest.mark.parametrize(
    ("delay", "words"),
    [
        ({"rule": "period", "period": "P6M"}, "period P6M"),
        ({"rule": "period", "period": "P150D", "day": "next"}, "period P150D, next day"),
        (JANUARY, "fixed_day 01-01 after 07-01"),
        (FIVE_YEARS, "tacit_renewal P5Y then P5Y, notice P6M"),
        (TEN_YEARS, "window P1Y every P10Y, notice P1Y"),
        ({"rule": "negotiated", "long_stop": "P2Y"}, "negotiated, at most P2Y"),
        ({"rule": "first_of_nth_month", "n": 6}, "first_of_nth_month 6"),
        ({"rule": "first_of_month_after_period", "period": "P3M"}, "first_of_month_after_period P3M"),
        ({"rule": "no_clause"}, "no_clause"),
    ],
)
def test_a_rule_is_named_with_its_parameters(delay: dict[str, JSON], words: str) -> None:
    assert describe(parsed(delay)) == words


def test_a_term_that_ends_beyond_the_calendar_ends_with_it() -> None:
    assert effect({**FIVE_YEARS, "anchor": "1966-09-01"}, "9998-12-01") == "9998-12-31"


def test_a_window_that_opens_beyond_the_calendar_opens_at_its_end() -> None:
    outcome = effect_of(parsed({**TEN_YEARS, "anchor": "1991-11-23"}), dt.date(9998, 12, 31))
    assert outcome == TooEarly(dt.date(9998, 12, 31))
