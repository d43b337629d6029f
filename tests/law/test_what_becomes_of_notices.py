"""Check revocation, suspension and extension of a notice, and what overtakes it: VCLT Art. 65 to 68."""

import pytest
from builders import (
    Event,
    acted,
    ceased,
    deposited,
    folded,
    leaving,
    notified,
    registered,
    revoked,
)
from law.reading import exits, parties, pending, reasons, spells

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


def test_a_revoked_notice_ends_nothing() -> None:
    state = after(revoked("USA", "2010-12-31"))
    assert exits(state, "USA") == [("revoked", "2011-01-01")]
    assert spells(state, "USA")[-1] == ("party", "2001-01-31", None)
    assert reasons(state) == []


def test_a_revoked_notice_stays_visible_on_the_days_it_was_pending() -> None:
    state = after(revoked("USA", "2010-06-01"))
    assert pending(state, "USA", on="2010-05-31") == ("notified", "2011-01-01")
    assert pending(state, "USA", on="2010-06-01") is None


@pytest.mark.parametrize("received_on", ["2011-01-01", "2011-01-02"])
def test_a_revocation_on_the_day_of_effect_comes_too_late(received_on: str) -> None:
    state = after(revoked("USA", received_on))
    assert exits(state, "USA") == [("effective", "2011-01-01")]
    assert reasons(state) == ["revoked_too_late"]


def test_a_revocation_comes_too_late_even_for_one_that_rejoined() -> None:
    state = after(deposited("USA", "2010-12-01"), revoked("USA", "2011-02-01"))
    assert parties(state, on="2012-01-01") == {"USA"}
    assert reasons(state) == ["revoked_too_late"]


def test_there_is_nothing_to_revoke_without_a_notice() -> None:
    state = folded(registered(), deposited("USA", "2001-01-01"), revoked("USA", "2010-12-31"))
    assert reasons(state) == ["no_notice_to_revoke"]


def test_there_is_nothing_to_revoke_after_an_expulsion() -> None:
    state = folded(
        registered(), deposited("USA", "2001-01-01"), ceased("USA", "2009-01-01"), revoked("USA", "2010-12-31")
    )
    assert reasons(state) == ["no_notice_to_revoke"]


def test_a_notice_may_follow_one_that_was_revoked() -> None:
    state = after(revoked("USA", "2010-02-01"), notified("USA", "2010-03-01"))
    assert exits(state, "USA") == [("revoked", "2011-01-01"), ("effective", "2011-03-01")]


def test_a_notice_and_its_revocation_of_one_day_leave_a_party() -> None:
    assert exits(after(revoked("USA", "2010-01-01")), "USA") == [("revoked", "2011-01-01")]


def test_a_suspended_notice_is_contested_and_ends_nothing() -> None:
    state = after(suspended("2010-12-31"))
    assert pending(state, "USA", on="2010-12-30") == ("notified", "2011-01-01")
    assert pending(state, "USA", on="2010-12-31") == ("contested", None)
    assert parties(state, on="2015-01-01") == {"USA"}


def test_a_new_notice_after_a_suspended_one_counts_anew_and_supersedes_it() -> None:
    state = after(suspended("2010-12-31"), notified("USA", "2020-01-10"))
    assert pending(state, "USA", on="2020-02-01") == ("notified", "2021-01-10")
    assert exits(state, "USA") == [("superseded", "2011-01-01"), ("effective", "2021-01-10")]


def test_a_suspended_notice_can_be_revoked() -> None:
    assert exits(after(suspended("2010-12-31"), revoked("USA", "2012-01-01")), "USA") == [("revoked", "2011-01-01")]


def test_there_is_nothing_to_suspend_without_a_notice() -> None:
    state = folded(registered(), deposited("USA", "2001-01-01"), suspended("2010-12-31"))
    assert reasons(state) == ["no_notice_to_suspend"]


def test_extensions_move_the_day_of_effect_one_after_the_other() -> None:
    state = after(
        extended("2011-12-20", "2012-01-12"), extended("2012-01-10", "2012-10-31"), clauses=leaving(NEGOTIATED)
    )
    assert pending(state, "USA", on="2011-01-01") == ("notified", "2012-01-01")
    assert pending(state, "USA", on="2011-12-20") == ("notified", "2012-01-12")
    assert pending(state, "USA", on="2012-01-10") == ("notified", "2012-10-31")
    assert exits(state, "USA") == [("effective", "2012-10-31")]


def test_an_extension_decided_on_the_day_of_effect_comes_too_late() -> None:
    state = after(extended("2012-01-01", "2012-10-31"), clauses=leaving(NEGOTIATED))
    assert exits(state, "USA") == [("effective", "2012-01-01")]
    assert reasons(state) == ["no_notice_to_extend"]


def test_an_extension_cannot_reach_back_beyond_its_decision() -> None:
    state = after(extended("2010-06-01", "2010-05-31"), clauses=leaving(NEGOTIATED))
    assert exits(state, "USA") == [("effective", "2012-01-01")]
    assert reasons(state) == ["effect_before_receipt"]


def test_an_extension_moves_every_notice_that_runs() -> None:
    state = after(notified("USA", "2010-02-01"), extended("2011-12-20", "2012-10-31"), clauses=leaving(NEGOTIATED))
    assert spells(state, "USA")[-1] == ("former", "2012-10-31", None)


def test_a_suspended_notice_cannot_be_extended() -> None:
    state = after(suspended("2010-02-01"), extended("2010-03-01", "2012-10-31"), clauses=leaving(NEGOTIATED))
    assert pending(state, "USA", on="2010-04-01") == ("contested", None)
    assert reasons(state) == ["no_notice_to_extend"]


def test_the_earliest_valid_end_wins() -> None:
    state = after(ceased("USA", "2010-03-16", "decision_of_organ"))
    assert spells(state, "USA")[-1] == ("former", "2010-03-16", None)
    assert exits(state, "USA") == [("superseded", "2011-01-01"), ("effective", "2010-03-16")]
    assert pending(state, "USA", on="2010-03-16") is None


@pytest.mark.parametrize("reason", ["expulsion", "decision_of_organ", "extinction", "merger", "cascade"])
def test_participation_may_cease_without_a_notice(reason: str) -> None:
    state = folded(registered(), deposited("USA", "2001-01-01"), ceased("USA", "2010-03-16", reason))
    assert spells(state, "USA")[1:] == [("party", "2001-01-31", "2010-03-16"), ("former", "2010-03-16", None)]
    assert reasons(state) == []


def test_participation_cannot_cease_twice() -> None:
    assert reasons(after(ceased("USA", "2010-03-16"), ceased("USA", "2010-04-16"))) == ["not_a_party"]
