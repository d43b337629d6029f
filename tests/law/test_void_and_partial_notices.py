"""Check notices about a part, notices that came too early, and what either leaves of a later one."""

import datetime as dt

from builders import ONE_YEAR, Event, acted, deposited, folded, leaving, notified, registered
from law.reading import exit_view, exits, pending, reasons

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")


def after(notice: Event, *more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    return folded(registered(clauses), JOINED, notice, *more)


def test_a_notice_about_a_part_without_a_day_can_be_taken_back_at_any_time() -> None:
    silent: dict[str, JSON] = {**leaving(), "withdrawal": {"article": "none"}}
    state = after(
        notified("USA", "2010-05-22", scope="Part II"),
        acted("withdrawal.revoked", "USA", received_on="2020-08-01"),
        clauses=silent,
    )
    (exit_,) = state.standings["USA"].exits
    assert (exit_.outcome, exit_.closed_on) == ("revoked", dt.date(2020, 8, 1))


def test_a_notice_about_a_part_cannot_be_taken_back_on_the_day_of_its_effect() -> None:
    state = after(
        notified("USA", "2010-05-22", scope="Part II"), acted("withdrawal.revoked", "USA", received_on="2011-05-22")
    )
    assert exits(state, "USA") == [("effective", "2011-05-22")]
    assert reasons(state) == ["revoked_too_late"]


def test_a_void_notice_of_an_earlier_membership_says_nothing_of_a_later_one() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force_for_participant", "early_notice": "void"}
    state = after(
        notified("USA", "2002-01-01"),
        notified("USA", "2005-01-01"),
        deposited("USA", "2010-01-01"),
        clauses=leaving(ONE_YEAR, admissible_after=admissible),
    )
    assert exit_view(state, "USA", on="2004-01-01") is not None
    assert exit_view(state, "USA", on="2011-01-01") is None


def test_a_notice_that_counts_goes_before_one_that_was_void() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force_for_participant", "early_notice": "void"}
    state = after(
        notified("USA", "2002-01-01"),
        notified("USA", "2005-01-01"),
        clauses=leaving(ONE_YEAR, admissible_after=admissible),
    )
    assert pending(state, "USA", on="2005-06-01") == ("notified", "2006-01-01")


def test_a_negotiated_exit_may_be_moved_to_the_very_day_of_the_decision() -> None:
    moved = acted("withdrawal.extended", "USA", decided_on="2011-03-01", effective_on="2011-03-01")
    state = after(notified("USA", "2010-05-22"), moved, clauses=leaving({"rule": "negotiated", "long_stop": "P2Y"}))
    assert exits(state, "USA") == [("effective", "2011-03-01")]
    assert reasons(state) == []


def test_a_void_notice_has_no_day_whatever_it_states() -> None:
    late = leaving(admissible_after={"period": "P30Y", "anchor": "entry_into_force"})
    state = after(notified("USA", "2010-05-22", states_effective_on="2015-01-01"), clauses=late)
    (exit_,) = state.standings["USA"].exits
    assert (exit_.effective_on, exit_.stated_on) == (None, dt.date(2015, 1, 1))
    assert reasons(state) == ["premature"]


def test_a_notice_is_in_time_where_nothing_is_known_of_the_day_from_which_to_count() -> None:
    admissible: JSON = {"period": "P3Y", "anchor": "entry_into_force"}
    withdrawal: dict[str, JSON] = {"withdrawal": {"notice": ONE_YEAR, "admissible_after": admissible}}
    state = folded(
        registered(withdrawal),
        deposited("USA", "2001-01-01", states_effective_on="2001-02-01"),
        notified("USA", "2001-05-22"),
    )
    assert exits(state, "USA") == [("effective", "2002-05-22")]
    assert reasons(state) == []
