"""Check what statements that a withdrawal took effect do: VCLT Art. 68 and 70."""

import pytest
from builders import (
    Event,
    acted,
    completed,
    deposited,
    folded,
    leaving,
    notified,
    registered,
    revoked,
    signed,
)
from law.reading import consent, exits, parties, pending, reasons, row, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

NEGOTIATED: JSON = {"rule": "negotiated", "long_stop": "P2Y"}


def after(*more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    """Fold what follows a notice that takes effect on 2011-01-01."""
    return folded(registered(clauses), deposited("USA", "2001-01-01"), notified("USA", "2010-01-01"), *more)


def extended(decided_on: str, effective_on: str) -> Event:
    return acted("withdrawal.extended", "USA", decided_on=decided_on, effective_on=effective_on)


def suspended(received_on: str) -> Event:
    return acted("withdrawal.suspended", "USA", received_on=received_on)


def test_a_completion_after_two_notices_speaks_of_the_one_that_was_not_revoked() -> None:
    state = after(revoked("USA", "2010-02-01"), notified("USA", "2010-03-01"), completed("USA", "2011-03-01"))
    assert reasons(state) == []


def test_a_suspended_notice_takes_effect_when_somebody_says_it_did() -> None:
    state = after(suspended("2010-12-31"), completed("USA", "2012-01-01"))
    assert spells(state, "USA")[-1] == ("former", "2012-01-01", None)


def test_a_completion_confirms_an_exit_that_was_extended() -> None:
    state = after(extended("2011-12-20", "2012-10-31"), completed("USA", "2012-10-31"), clauses=leaving(NEGOTIATED))
    assert reasons(state) == []
    assert pending(state, "USA", on="2011-12-19") == ("notified", "2012-01-01")


@pytest.mark.parametrize("asserted_by", ["depositary", "official", "party", "press"])
def test_a_completion_on_the_day_of_effect_changes_nothing(asserted_by: str) -> None:
    state = after(completed("USA", "2011-01-01", asserted_by=asserted_by))
    assert exits(state, "USA") == exits(after(), "USA")
    assert spells(state, "USA") == spells(after(), "USA")
    assert reasons(state) == []


def test_what_a_completion_confirms_rests_on_it_too() -> None:
    found = row(after(completed("USA", "2011-01-01")), "USA", on="2012-01-01")
    assert found is not None
    assert found.basis == (1, 2, 3)


@pytest.mark.parametrize("stated", ["2010-12-01", "2011-02-01"])
def test_a_differing_completion_is_flagged_and_not_used(stated: str) -> None:
    state = after(completed("USA", stated))
    assert exits(state, "USA") == [("effective", "2011-01-01")]
    assert reasons(state) == ["completion_differs"]


@pytest.mark.parametrize("stated", ["2010-12-01", "2011-02-01"])
def test_a_differing_completion_is_used_where_the_depositary_asserts_it(stated: str) -> None:
    state = after(completed("USA", stated, asserted_by="depositary"))
    assert exits(state, "USA") == [("effective", stated)]
    assert spells(state, "USA")[1:] == [("party", "2001-01-31", stated), ("former", stated, None)]
    assert reasons(state) == []


@pytest.mark.parametrize("stated", ["2010-12-01", "2011-02-01"])
def test_what_is_pending_agrees_with_the_day_that_the_depositary_asserts(stated: str) -> None:
    state = after(completed("USA", stated, asserted_by="depositary"))
    assert pending(state, "USA", on="2010-06-01") == ("notified", stated)


def test_the_depositarys_later_day_leaves_time_for_a_revocation() -> None:
    state = after(revoked("USA", "2011-01-15"), completed("USA", "2011-02-01", asserted_by="depositary"))
    assert parties(state, on="2012-01-01") == {"USA"}
    assert reasons(state) == ["completed_after_revocation"]


def test_the_depositarys_word_about_a_later_exit_does_not_move_an_earlier_one() -> None:
    state = after(deposited("USA", "2012-01-01"), completed("USA", "2020-01-01", asserted_by="depositary"))
    assert [spell[:2] for spell in spells(state, "USA")] == [
        ("contracting", "2001-01-01"),
        ("party", "2001-01-31"),
        ("former", "2011-01-01"),
        ("contracting", "2012-01-01"),
        ("party", "2012-01-31"),
        ("former", "2020-01-01"),
    ]
    assert reasons(state) == ["completed_without_notice"]


def test_a_completion_speaks_of_the_notice_that_falls_due_first() -> None:
    state = after(notified("USA", "2010-06-01"), completed("USA", "2011-01-01"))
    assert exits(state, "USA") == [("effective", "2011-01-01"), ("superseded", "2011-06-01")]
    assert reasons(state) == []


def test_a_completion_where_no_clause_gives_a_day_is_taken_at_its_word() -> None:
    clauses: dict[str, JSON] = {"entry_into_force": {"rule": "on_date", "date": "1948-04-07"}}
    state = after(completed("USA", "2010-07-01", asserted_by="party"), clauses=clauses)
    assert pending(state, "USA", on="2010-02-01") == ("notified", "2010-07-01")
    assert spells(state, "USA")[-1] == ("former", "2010-07-01", None)
    assert reasons(state) == []


def test_a_completion_without_a_notice_ends_the_membership_on_its_day() -> None:
    state = folded(registered(), deposited("USA", "2001-01-01"), completed("USA", "2011-01-01"))
    assert spells(state, "USA")[-1] == ("former", "2011-01-01", None)
    assert exits(state, "USA") == [("effective", "2011-01-01")]
    assert reasons(state) == ["completed_without_notice"]


def test_a_completion_after_a_revocation_ends_nothing() -> None:
    state = after(revoked("USA", "2010-06-01"), completed("USA", "2011-01-01"))
    assert parties(state, on="2012-01-01") == {"USA"}
    assert reasons(state) == ["completed_after_revocation"]


def test_a_completion_of_one_that_never_was_a_party_does_nothing() -> None:
    state = folded(registered(), signed("USA", "2001-01-01"), completed("USA", "2011-01-01"))
    assert consent(state, "USA", on="2012-01-01") == "signatory"
    assert reasons(state) == ["not_a_party"]


def test_a_late_statement_about_the_first_exit_does_not_end_the_second_membership() -> None:
    state = after(deposited("USA", "2010-12-25"), completed("USA", "2011-01-05"))
    assert spells(state, "USA")[-1] == ("party", "2011-01-24", None)
    assert reasons(state) == ["completion_differs"]


def test_where_membership_ends_with_a_day_a_completion_may_name_that_day() -> None:
    december: JSON = {"rule": "fixed_day", "cutoff": "12-31", "effect": "12-31", "boundary": "end_of_day"}
    state = after(completed("USA", "2011-12-31"), clauses=leaving(december))
    assert exits(state, "USA") == [("effective", "2012-01-01")]
    assert reasons(state) == []


def test_a_notice_that_was_void_is_not_one_that_was_taken_back() -> None:
    late = leaving(admissible_after={"period": "P30Y", "anchor": "entry_into_force"})
    state = after(completed("USA", "2012-01-01"), clauses=late)
    assert reasons(state) == ["premature", "completed_without_notice"]
    assert spells(state, "USA")[-1] == ("former", "2012-01-01", None)


def test_what_was_taken_back_in_an_earlier_membership_is_of_no_matter_to_a_later_one() -> None:
    state = after(
        revoked("USA", "2010-02-01"),
        acted("participation.ceased", "USA", effective_on="2012-01-01", reason="expulsion"),
        deposited("USA", "2013-01-01"),
        completed("USA", "2015-01-01"),
    )
    assert reasons(state) == ["completed_without_notice"]
    assert spells(state, "USA")[-1] == ("former", "2015-01-01", None)


def test_a_notice_of_the_first_day_of_a_membership_that_was_taken_back_counts_as_such() -> None:
    at_once: dict[str, JSON] = {**leaving(), "joining": {"delay": {"rule": "immediate"}}}
    state = folded(
        registered(at_once),
        deposited("USA", "2010-01-01"),
        notified("USA", "2010-01-01"),
        revoked("USA", "2010-03-01"),
        completed("USA", "2011-01-01"),
    )
    assert reasons(state) == ["completed_after_revocation"]


def test_an_exit_by_decision_states_its_day_and_how_precise_that_is() -> None:
    state = folded(registered(), deposited("USA", "2001-01-01"), completed("USA", "2011-05"))
    (exit_,) = state.standings["USA"].exits
    assert (str(exit_.stated_on), exit_.computed_on, exit_.approximate) == ("2011-05-01", None, True)
    assert (exit_.rule, exit_.notified_on, exit_.steps) == ("withdrawal.completed", None, ())
