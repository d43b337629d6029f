"""Check the calendar: spans of months are clamped, leap years are leap years, and nothing leaves the calendar."""

import datetime as dt

import pytest

from treaty_contracts.names import Span
from treaty_projector.law.periods import LAST_DAY, Period, add, add_days, earliest, first_of_month, on_month_day

DAY = dt.date(2020, 5, 22)


@pytest.mark.parametrize(
    ("year", "day"), [(2000, 29), (2004, 29), (2023, 28), (1900, 28), (2100, 28), (1600, 29), (2400, 29), (2001, 28)]
)
def test_the_29th_of_february_is_the_28th_where_there_is_none(year: int, day: int) -> None:
    assert on_month_day(year, "02-29") == dt.date(year, 2, day)


@pytest.mark.parametrize("month_day", ["02-28", "03-29", "12-31", "01-01"])
def test_other_days_of_a_year_are_what_they_are(month_day: str) -> None:
    assert on_month_day(2023, month_day).isoformat() == f"2023-{month_day}"


def test_a_span_may_be_taken_away_as_often_as_one_likes() -> None:
    assert add(DAY, Span(years=1, months=2, days=3), times=-2) == dt.date(2018, 1, 16)


def test_years_and_months_add_up() -> None:
    assert add(dt.date(2020, 1, 31), Span(years=1, months=1, days=0)) == dt.date(2021, 2, 28)


def test_the_month_after_december_is_january_of_the_next_year() -> None:
    assert first_of_month(dt.date(2020, 12, 15), months_later=1) == dt.date(2021, 1, 1)
    assert first_of_month(dt.date(2020, 11, 15), months_later=1) == dt.date(2020, 12, 1)


@pytest.mark.parametrize(("months", "first"), [(11, dt.date(9998, 12, 1)), (12, LAST_DAY), (500, LAST_DAY)])
def test_no_month_lies_beyond_the_calendar(months: int, first: dt.date) -> None:
    assert first_of_month(dt.date(9998, 1, 1), months_later=months) == first


def test_a_day_beyond_the_calendar_is_its_last_and_one_before_it_its_first() -> None:
    assert add(DAY, Span(days=9_000_000)) == LAST_DAY
    assert add(DAY, Span(days=9_000_000), times=0) == DAY
    assert add(DAY, Span(years=9_000), times=-1) == dt.date.min


def test_days_are_added_and_taken_away() -> None:
    assert (add_days(DAY, 10), add_days(DAY, -22)) == (dt.date(2020, 6, 1), dt.date(2020, 4, 30))


def test_the_earliest_day_is_found_among_those_that_are_known() -> None:
    assert earliest(None, DAY, dt.date(2019, 1, 1)) == dt.date(2019, 1, 1)
    assert earliest(None, None) is None


def test_a_period_holds_its_first_day_and_not_the_day_of_its_end() -> None:
    period = Period(DAY, dt.date(2020, 6, 1))

    assert [period.contains(add_days(DAY, days)) for days in (-1, 0, 9, 10)] == [False, True, True, False]


def test_a_period_without_an_end_holds_every_later_day() -> None:
    assert Period(DAY).contains(LAST_DAY)
    assert not Period(DAY).contains(add_days(DAY, -1))


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        (Period(dt.date(2020, 1, 1), DAY), False),
        (Period(dt.date(2020, 1, 1), dt.date(2020, 5, 23)), True),
        (Period(dt.date(2020, 5, 31), None), True),
        (Period(dt.date(2020, 6, 1), None), False),
        (Period(dt.date(2020, 1, 1), None), True),
    ],
)
def test_periods_overlap_where_they_share_a_day(other: Period, *, shared: bool) -> None:
    period = Period(DAY, dt.date(2020, 6, 1))

    assert period.overlaps(other) is shared
    assert other.overlaps(period) is shared


def test_periods_without_an_end_overlap() -> None:
    assert Period(DAY).overlaps(Period(dt.date(2030, 1, 1)))
