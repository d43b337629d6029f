"""Check what a notice of withdrawal does, and when: VCLT Art. 54, 56, 65 to 67, 70 and 78."""

import datetime as dt

import pytest
from builders import ONE_YEAR, Event, acted, deposited, folded, leaving, notified, registered, signed
from law.reading import consent, exit_view, exits, parties, pending, reasons, row, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
END_OF_DECEMBER: JSON = {"rule": "fixed_day", "cutoff": "12-31", "effect": "12-31", "boundary": "end_of_day"}


def after(notice: Event, *more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    return folded(registered(clauses), JOINED, notice, *more)


def received(*days: str, **more: JSON) -> Event:
    receipts: JSON = [{"by": f"Depositary {number}", "on": day} for number, day in enumerate(days)]
    return acted("withdrawal.notified", "USA", received=receipts, **more)


def test_a_notice_ends_the_membership_by_lapse_of_time() -> None:
    state = after(notified("USA", "2010-05-22"))
    assert spells(state, "USA")[1:] == [("party", "2001-01-31", "2011-05-22"), ("former", "2011-05-22", None)]
    assert exits(state, "USA") == [("effective", "2011-05-22")]


def test_a_notice_is_pending_from_its_receipt_to_the_day_before_its_effect() -> None:
    state = after(notified("USA", "2010-05-22"))
    assert pending(state, "USA", on="2010-05-21") is None
    assert pending(state, "USA", on="2010-05-22") == ("notified", "2011-05-22")
    assert pending(state, "USA", on="2011-05-21") == ("notified", "2011-05-22")
    assert pending(state, "USA", on="2011-05-22") is None


def test_an_answer_rests_on_the_consent_and_on_the_notice() -> None:
    found = row(after(notified("USA", "2010-05-22")), "USA", on="2010-06-01")
    assert found is not None
    assert found.basis == (1, 2)


def test_a_pending_notice_names_its_rule_and_article() -> None:
    view = exit_view(after(notified("USA", "2010-05-22")), "USA", on="2010-06-01")
    assert view is not None
    assert (view.rule, view.article) == ("period P1Y", "10")


def test_a_notice_recorded_before_the_accession_counts_all_the_same() -> None:
    state = folded(registered(), notified("JPN", "2012-05-31"), deposited("JPN", "2005-02-01"))
    assert parties(state, on="2013-05-30") == {"JPN"}
    assert parties(state, on="2013-05-31") == set()
    assert reasons(state) == []


@pytest.mark.parametrize("before", [[], [signed("USA", "2001-01-01")], [deposited("USA", "2010-05-20")]])
def test_only_a_party_can_give_notice(before: list[Event]) -> None:
    state = folded(registered(), *before, notified("USA", "2010-05-22"))
    assert exits(state, "USA") == []
    assert reasons(state) == ["not_a_party"]


def test_a_former_party_cannot_give_notice_again() -> None:
    state = after(notified("USA", "2010-05-22"), notified("USA", "2011-05-22"))
    assert exits(state, "USA") == [("effective", "2011-05-22")]
    assert reasons(state) == ["not_a_party"]


def test_the_last_receipt_starts_the_clock() -> None:
    state = after(received("1993-03-12", "2010-03-01", "2010-04-01"))
    assert pending(state, "USA", on="2010-03-31") is None
    assert pending(state, "USA", on="2010-04-01") == ("notified", "2011-04-01")


def test_the_first_receipt_starts_the_clock_where_the_clause_says_so() -> None:
    state = after(received("2010-04-01", "2010-03-01"), clauses=leaving(receipt="first"))
    assert exits(state, "USA") == [("effective", "2011-03-01")]


def test_a_stated_later_day_is_used_where_the_clause_allows_one() -> None:
    state = after(notified("USA", "2010-05-22", states_effective_on="2011-12-31"))
    assert exits(state, "USA") == [("effective", "2011-12-31")]
    assert reasons(state) == []


def test_a_stated_later_day_is_shown_and_not_used_where_the_clause_allows_none() -> None:
    state = after(notified("USA", "2010-05-22", states_effective_on="2011-12-31"), clauses=leaving())
    assert exits(state, "USA") == [("effective", "2011-05-22")]
    assert reasons(state) == ["stated_later_not_allowed"]


@pytest.mark.parametrize("stated", ["2010-05-22", "2010-06-01", "2011-05-20", "2009-01-01"])
def test_a_stated_day_before_the_earliest_is_shown_and_the_earliest_used(stated: str) -> None:
    state = after(notified("USA", "2010-05-22", states_effective_on=stated))
    view = exit_view(state, "USA", on="2010-06-01")
    assert view is not None
    assert (view.stated_on, view.effective_on) == (dt.date.fromisoformat(stated), dt.date(2011, 5, 22))
    assert reasons(state) == ["stated_before_earliest"]


@pytest.mark.parametrize("stated", ["2011-05-21", "2011-05-23"])
def test_a_stated_day_that_differs_by_convention_is_used_and_the_difference_shown(stated: str) -> None:
    state = after(notified("USA", "2010-05-22", states_effective_on=stated), clauses=leaving())
    view = exit_view(state, "USA", on="2010-06-01")
    assert view is not None
    assert (view.effective_on, view.computed_on) == (dt.date.fromisoformat(stated), dt.date(2011, 5, 22))
    assert reasons(state) == []


def test_no_convention_lets_a_notice_take_effect_before_its_receipt() -> None:
    state = after(
        notified("USA", "2010-05-22", states_effective_on="2010-05-21"), clauses=leaving({"rule": "immediate"})
    )
    assert exits(state, "USA") == [("effective", "2010-05-22")]
    assert reasons(state) == ["stated_before_earliest"]


@pytest.mark.parametrize("printed", ["2018-12-31", "2019-01-01"])
def test_where_membership_ends_with_a_day_the_printed_day_is_the_last_one(printed: str) -> None:
    state = after(notified("USA", "2017-10-12", states_effective_on=printed), clauses=leaving(END_OF_DECEMBER))
    assert parties(state, on="2018-12-31") == {"USA"}
    assert parties(state, on="2019-01-01") == set()
    assert reasons(state) == []


def test_an_immediate_notice_ends_the_membership_on_the_day_of_receipt() -> None:
    state = after(notified("USA", "2010-05-22"), clauses=leaving({"rule": "immediate"}))
    assert spells(state, "USA")[-1] == ("former", "2010-05-22", None)


def test_without_a_clause_a_notice_has_no_day() -> None:
    state = after(notified("USA", "2010-05-22"), clauses={**leaving(), "withdrawal": {"article": "none"}})
    assert pending(state, "USA", on="2030-01-01") == ("notified", None)
    assert parties(state, on="2030-01-01") == {"USA"}


def test_without_a_clause_a_stated_day_is_taken() -> None:
    clauses: dict[str, JSON] = {"entry_into_force": {"rule": "on_date", "date": "1948-04-07"}}
    state = after(notified("USA", "2025-01-22", states_effective_on="2026-01-22"), clauses=clauses)
    assert exits(state, "USA") == [("effective", "2026-01-22")]


def test_without_a_clause_a_stated_day_before_the_receipt_is_no_day() -> None:
    clauses: dict[str, JSON] = {"entry_into_force": {"rule": "on_date", "date": "1948-04-07"}}
    state = after(notified("USA", "2025-01-22", states_effective_on="2024-12-31"), clauses=clauses)
    assert pending(state, "USA", on="2026-01-01") == ("notified", None)
    assert reasons(state) == ["effect_before_receipt"]


def test_of_two_notices_the_earlier_effect_wins_and_the_other_is_superseded() -> None:
    state = after(notified("USA", "2010-05-22", states_effective_on="2012-01-01"), notified("USA", "2010-06-01"))
    assert exits(state, "USA") == [("superseded", "2012-01-01"), ("effective", "2011-06-01")]
    assert pending(state, "USA", on="2010-05-25") == ("notified", "2012-01-01")
    assert pending(state, "USA", on="2010-06-25") == ("notified", "2011-06-01")


def test_a_notice_about_a_part_leaves_the_membership_alone() -> None:
    state = after(notified("USA", "2010-05-22", scope="Part II"))
    assert consent(state, "USA", on="2012-01-01") == "party"
    assert pending(state, "USA", on="2010-06-01") is None
    assert exits(state, "USA") == [("effective", "2011-05-22")]


def test_a_notice_about_a_part_can_be_taken_back() -> None:
    state = after(
        notified("USA", "2010-05-22", scope="Part II"), acted("withdrawal.revoked", "USA", received_on="2010-08-01")
    )
    assert exits(state, "USA") == [("revoked", "2011-05-22")]
    assert reasons(state) == []


def test_a_completion_of_a_partial_exit_leaves_the_membership_alone() -> None:
    state = after(
        notified("USA", "2010-05-22", scope="Part II"),
        acted("withdrawal.completed", "USA", effective_on="2011-05-22"),
    )
    assert consent(state, "USA", on="2012-01-01") == "party"
    assert reasons(state) == []


def test_the_condition_of_a_notice_is_shown_and_stops_no_clock() -> None:
    state = after(notified("USA", "2010-05-22", condition="unless dues are paid"))
    view = exit_view(state, "USA", on="2010-06-01")
    assert view is not None
    assert (view.condition, view.effective_on) == ("unless dues are paid", dt.date(2011, 5, 22))


def test_the_conference_window_is_counted_from_the_receipt() -> None:
    clauses = leaving({"rule": "period", "period": "P6M"}, conference={"from": "P30D", "to": "P60D"})
    view = exit_view(after(notified("USA", "2021-06-18"), clauses=clauses), "USA", on="2021-07-01")
    assert view is not None
    assert view.conference is not None
    assert (view.conference.from_, view.conference.until) == (dt.date(2021, 7, 18), dt.date(2021, 8, 17))


def amended(effective_on: str, clauses: dict[str, JSON]) -> Event:
    return ("treaty.clauses_amended", {"effective_on": effective_on, "clauses": clauses})


def test_a_notice_keeps_the_clause_under_which_it_was_received() -> None:
    to_two_years = amended("2010-06-01", leaving({"rule": "period", "period": "P2Y"}))
    assert exits(after(notified("USA", "2010-05-31"), to_two_years), "USA") == [("effective", "2011-05-31")]
    assert exits(after(notified("USA", "2010-06-01"), to_two_years), "USA") == [("effective", "2012-06-01")]


def test_a_notice_received_before_and_after_an_amendment_counts_by_its_last_receipt() -> None:
    to_first_receipt = amended("2010-06-01", leaving({"rule": "period", "period": "P2Y"}, receipt="first"))
    state = after(received("2010-05-31", "2010-07-01"), to_first_receipt)
    assert exits(state, "USA") == [("effective", "2012-07-01")]
    assert pending(state, "USA", on="2010-06-15") is None


def test_a_premature_notice_is_void_where_the_clause_says_so() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force_for_participant", "early_notice": "void"}
    state = after(
        notified("USA", "2004-01-30"),
        notified("USA", "2004-01-31"),
        clauses=leaving(ONE_YEAR, admissible_after=admissible),
    )
    view = exit_view(state, "USA", on="2004-01-30")
    assert view is not None
    assert (view.stage.value, view.effective_on) == ("premature", None)
    assert pending(state, "USA", on="2004-01-30") is None
    assert exits(state, "USA") == [("premature", None), ("effective", "2005-01-31")]
    assert reasons(state) == ["premature"]


def test_a_premature_notice_counts_from_the_first_admissible_day_where_the_clause_defers_it() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force_for_participant", "early_notice": "deferred"}
    state = after(notified("USA", "2003-06-01"), clauses=leaving(ONE_YEAR, admissible_after=admissible))
    assert pending(state, "USA", on="2003-06-01") == ("notified", "2005-01-31")
    assert reasons(state) == ["premature"]


def test_admissibility_may_be_counted_from_the_entry_into_force_of_the_treaty() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force"}
    clauses = leaving(ONE_YEAR, admissible_after=admissible)
    assert reasons(after(notified("USA", "2002-12-31"), clauses=clauses)) == ["premature"]
    assert reasons(after(notified("USA", "2003-01-01"), clauses=clauses)) == []


def test_a_deferred_notice_under_a_silent_clause_has_no_day_and_is_not_void() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force", "early_notice": "deferred"}
    state = after(notified("USA", "2002-12-31"), clauses=leaving({"rule": "no_clause"}, admissible_after=admissible))
    assert pending(state, "USA", on="2005-01-01") == ("notified", None)


def test_a_notice_outside_the_window_is_premature() -> None:
    window: JSON = {"rule": "window", "anchor": "2000-01-01", "every": "P10Y", "open": "P1Y", "notice": "P1Y"}
    state = after(notified("USA", "2009-12-31"), notified("USA", "2010-12-31"), clauses=leaving(window))
    assert exits(state, "USA") == [("premature", None), ("effective", "2011-12-31")]
    assert reasons(state) == ["premature"]
