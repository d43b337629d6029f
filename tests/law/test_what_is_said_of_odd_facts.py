"""Check what the register says of a fact without the effect one might expect: the sentence, and the days it names."""

import pytest
from builders import Event, acted, ceased, completed, deposited, folded, leaving, notified, registered, revoked, signed

from treaty_contracts.canonical import JSON
from treaty_projector.law.anomalies import EXPLANATIONS, Reason, anomaly
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
NOTICE = notified("USA", "2010-05-22")


def said(state: TreatyState, participant: str = "USA") -> list[tuple[int, str | None, str]]:
    """Return the position, the participant and the sentence of every odd fact of a participant."""
    return [(odd.position, odd.participant, odd.detail) for odd in state.standings[participant].anomalies]


def admitted_after_three_years(early_notice: str) -> dict[str, JSON]:
    return leaving(
        admissible_after={
            "period": "P3Y",
            "anchor": "entry_into_force_for_participant",
            "early_notice": early_notice,
        }
    )


@pytest.mark.parametrize(
    ("early_notice", "when"), [("void", "It is open from 2004-01-31."), ("deferred", "It counts from 2004-01-31.")]
)
def test_a_premature_notice_is_told_the_day_on_which_it_would_be_in_time(early_notice: str, when: str) -> None:
    state = folded(registered(admitted_after_three_years(early_notice)), JOINED, notified("USA", "2003-06-01"))

    assert said(state) == [(2, "USA", f"The clause does not admit a notice on that day. {when}")]


@pytest.mark.parametrize(
    ("stated", "reason"),
    [("2011-04", Reason.STATED_BEFORE_EARLIEST), ("2011-12-31", Reason.STATED_LATER_NOT_ALLOWED)],
)
def test_a_stated_day_that_is_not_used_is_repeated(stated: str, reason: Reason) -> None:
    state = folded(registered(leaving()), JOINED, notified("USA", "2010-05-22", states_effective_on=stated))

    assert said(state) == [(2, "USA", f"{EXPLANATIONS[reason]} Stated: {stated}.")]


def test_a_stated_day_before_the_receipt_of_a_deposit_is_repeated() -> None:
    state = folded(registered(), deposited("USA", "2005-05-05", states_effective_on="2005-05"))
    assert said(state) == []

    state = folded(registered(), deposited("USA", "2005-05-05", states_effective_on="2005-04"))
    assert said(state) == [(1, "USA", f"{EXPLANATIONS[Reason.EFFECT_BEFORE_RECEIPT]} Stated: 2005-04.")]


def test_a_stated_day_before_the_treaty_is_in_force_is_repeated() -> None:
    state = folded(registered(), deposited("USA", "1999-05-05", states_effective_on="1999-06-01"))

    assert said(state) == [(1, "USA", f"{EXPLANATIONS[Reason.EFFECT_BEFORE_ENTRY_INTO_FORCE]} Stated: 1999-06-01.")]


def test_who_says_that_an_exit_took_effect_on_another_day_is_told_the_day() -> None:
    state = folded(registered(), JOINED, NOTICE, completed("USA", "2011-06-01"))
    assert said(state) == [(3, "USA", EXPLANATIONS[Reason.COMPLETION_DIFFERS])]

    state = folded(registered(), JOINED, NOTICE, completed("USA", "2010-12-01"))
    assert said(state) == [(3, "USA", f"{EXPLANATIONS[Reason.COMPLETION_DIFFERS]} Expected: 2011-05-22.")]


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        (
            [signed("USA", "2000-06-01"), acted("consent.withdrawn", "USA", received_on="2001-01-01")],
            "no_consent_to_withdraw",
        ),
        (
            [JOINED, acted("consent.withdrawn", "USA", received_on="2005-01-01")],
            "consent_withdrawn_after_entry_into_force",
        ),
        ([JOINED, deposited("USA", "2005-01-01")], "already_bound"),
        ([JOINED, signed("USA", "2005-01-01")], "signed_after_consent"),
        ([JOINED, revoked("USA", "2005-01-01")], "no_notice_to_revoke"),
        ([JOINED, acted("withdrawal.suspended", "USA", received_on="2005-01-01")], "no_notice_to_suspend"),
        ([JOINED, completed("USA", "2005-01-01")], "completed_without_notice"),
        ([signed("USA", "2000-06-01"), ceased("USA", "2005-01-01")], "not_a_party"),
        ([signed("USA", "2000-06-01"), notified("USA", "2005-01-01")], "not_a_party"),
    ],
)
def test_an_odd_fact_is_named_with_its_participant_and_a_sentence(events: list[Event], reason: str) -> None:
    assert said(folded(registered(), *events)) == [(2, "USA", EXPLANATIONS[Reason(reason)])]


def test_an_extension_of_no_notice_and_one_into_the_past_are_told_apart() -> None:
    extended = acted("withdrawal.extended", "USA", decided_on="2005-03-01", effective_on="2005-06-01")
    assert said(folded(registered(), JOINED, extended)) == [(2, "USA", EXPLANATIONS[Reason.NO_NOTICE_TO_EXTEND])]

    backwards = acted("withdrawal.extended", "USA", decided_on="2010-08-01", effective_on="2010-07-31")
    state = folded(registered(), JOINED, NOTICE, backwards)
    assert said(state) == [(3, "USA", EXPLANATIONS[Reason.EFFECT_BEFORE_RECEIPT])]


def test_what_was_odd_is_told_in_the_order_of_recording() -> None:
    state = folded(registered(), revoked("USA", "2009-01-01"), deposited("USA", "2005-01-01"), JOINED)

    assert [position for position, _, _ in said(state)] == [1, 2]


def test_where_there_is_no_more_to_say_the_sentence_of_the_reason_is_all() -> None:
    assert anomaly(Reason.PREMATURE, 3, "USA").detail == EXPLANATIONS[Reason.PREMATURE]
