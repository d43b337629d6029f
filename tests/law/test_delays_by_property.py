"""Check what is true of every delay, whatever its parameters and the day of receipt."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from law import naive_calendar
from law.strategies import delays
from pydantic import TypeAdapter

from treaty_contracts.canonical import JSON
from treaty_contracts.final_clauses import Delay
from treaty_projector.law.delays import Due, Outcome, TooEarly, effect_of

pytestmark = pytest.mark.property
receipts = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))


def outcome(delay: dict[str, JSON], received: dt.date) -> Outcome:
    clause: Delay = TypeAdapter(Delay).validate_python(delay)
    return effect_of(clause, received)


@given(delays, receipts)
def test_a_delay_gives_the_day_that_counting_gives(delay: dict[str, JSON], received: dt.date) -> None:
    found = outcome(delay, received)
    assert (found.on if isinstance(found, Due) else None) == naive_calendar.effect(delay, received)


@given(delays, receipts)
def test_nothing_takes_effect_before_its_receipt(delay: dict[str, JSON], received: dt.date) -> None:
    found = outcome(delay, received)
    assert not isinstance(found, Due) or found.on >= received


@given(delays, receipts, receipts)
def test_what_is_received_later_takes_effect_no_earlier(delay: dict[str, JSON], one: dt.date, other: dt.date) -> None:
    earlier, later = outcome(delay, min(one, other)), outcome(delay, max(one, other))
    if isinstance(earlier, Due) and isinstance(later, Due):
        assert earlier.on <= later.on


@given(delays, receipts)
def test_a_notice_that_is_too_early_is_admitted_on_the_day_it_is_told(
    delay: dict[str, JSON], received: dt.date
) -> None:
    found = outcome(delay, received)
    if isinstance(found, TooEarly):
        assert found.opens_on > received
        assert isinstance(outcome(delay, found.opens_on), Due)


@given(st.sampled_from(["P999Y", "P9999M", "P99999D", "P9999W"]), st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_no_duration_leads_out_of_the_calendar(period: str, received: dt.date) -> None:
    for delay in (
        {"rule": "period", "period": period, "day": "next"},
        {"rule": "first_of_month_after_period", "period": period},
        {"rule": "tacit_renewal", "anchor": "2999-12-31", "first": period, "next": period, "notice": period},
        {"rule": "window", "anchor": "1000-01-01", "every": period, "open": period, "notice": period},
    ):
        outcome({**delay}, received)
