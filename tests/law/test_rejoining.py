"""Check how a former party comes back: VCLT Art. 15 with the joining clause."""

import pytest
from builders import (
    acted,
    ceased,
    completed,
    deposited,
    folded,
    leaving,
    notified,
    registered,
    revoked,
    signed,
)
from law.reading import consent, exits, parties, reasons, spells

from treaty_contracts.canonical import JSON

JOINED = deposited("USA", "2001-01-01")
THREE_MONTHS: JSON = {"rule": "period", "period": "P3M"}
OPTIONAL_PROTOCOL: dict[str, JSON] = {**leaving(THREE_MONTHS), "joining": {"delay": THREE_MONTHS}}


def test_rejoining_opens_a_new_spell_after_a_gap() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), deposited("USA", "2015-06-01"))
    assert spells(state, "USA")[1:] == [
        ("party", "2001-01-31", "2011-01-01"),
        ("former", "2011-01-01", "2015-06-01"),
        ("contracting", "2015-06-01", "2015-07-01"),
        ("party", "2015-07-01", None),
    ]
    assert reasons(state) == []


def test_one_may_leave_again() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2015-06-01"),
        notified("USA", "2020-01-01"),
    )
    assert exits(state, "USA") == [("effective", "2011-01-01"), ("effective", "2021-01-01")]
    assert spells(state, "USA")[-1] == ("former", "2021-01-01", None)


def test_a_former_party_that_signed_once_is_no_signatory() -> None:
    state = folded(registered(), signed("USA", "2000-06-01"), JOINED, notified("USA", "2010-01-01"))
    assert consent(state, "USA", on="2012-01-01") == "former"


def test_a_former_party_stays_one_whatever_it_signs() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), signed("USA", "2012-01-01"))
    assert consent(state, "USA", on="2013-01-01") == "former"
    assert reasons(state) == ["signed_after_consent"]


def test_an_exit_and_a_deposit_of_one_day_make_two_spells() -> None:
    state = folded(
        registered(OPTIONAL_PROTOCOL),
        deposited("TTO", "2001-01-01"),
        deposited("TTO", "2008-08-26"),
        notified("TTO", "2008-05-26"),
    )
    assert spells(state, "TTO")[1:] == [
        ("party", "2001-04-01", "2008-08-26"),
        ("contracting", "2008-08-26", "2008-11-26"),
        ("party", "2008-11-26", None),
    ]
    assert reasons(state) == []


def test_a_deposit_while_an_exit_is_pending_begins_with_the_exit() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), deposited("USA", "2010-12-20"))
    assert spells(state, "USA")[1:] == [
        ("party", "2001-01-31", "2011-01-01"),
        ("contracting", "2011-01-01", "2011-01-19"),
        ("party", "2011-01-19", None),
    ]
    assert reasons(state) == []


def test_a_notice_and_a_deposit_of_one_day_leave_no_gap() -> None:
    state = folded(
        registered(OPTIONAL_PROTOCOL),
        deposited("GUY", "2001-01-01"),
        deposited("GUY", "2009-01-05"),
        notified("GUY", "2009-01-05"),
    )
    assert spells(state, "GUY")[1:] == [("party", "2001-04-01", "2009-04-05"), ("party", "2009-04-05", None)]
    assert reasons(state) == []


def test_one_that_accedes_and_gives_notice_on_one_day_had_to_be_a_party_first() -> None:
    clauses: dict[str, JSON] = {**leaving(), "joining": {"delay": {"rule": "immediate"}}}
    state = folded(registered(clauses), notified("USA", "2009-01-05"), deposited("USA", "2009-01-05"))
    assert exits(state, "USA") == [("effective", "2010-01-05")]


def test_a_deposit_while_an_exit_is_pending_changes_nothing_if_the_notice_is_revoked() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2010-12-20"),
        revoked("USA", "2010-12-24"),
    )
    assert spells(state, "USA")[-1] == ("party", "2001-01-31", None)
    assert reasons(state) == ["already_bound"]


def test_only_one_deposit_can_wait_for_an_exit() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2010-12-20"),
        deposited("USA", "2010-12-24"),
    )
    assert spells(state, "USA")[-1] == ("party", "2011-01-19", None)
    assert reasons(state) == ["already_bound"]


def test_a_deposit_waits_for_an_exit_whose_day_is_not_known_yet() -> None:
    clauses: dict[str, JSON] = {**leaving({"rule": "no_clause"}), "joining": {"delay": {"rule": "immediate"}}}
    exit_and_return = [JOINED, notified("USA", "2010-01-01"), deposited("USA", "2010-12-20")]
    assert reasons(folded(registered(clauses), *exit_and_return)) == ["already_bound"]
    state = folded(registered(clauses), *exit_and_return, completed("USA", "2011-06-01"))
    assert spells(state, "USA")[-2:] == [("party", "2001-01-01", "2011-06-01"), ("party", "2011-06-01", None)]


def test_a_waiting_deposit_comes_to_nothing_when_the_treaty_ends_first() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2010-12-20"),
        ("treaty.terminated", {"effective_on": "2010-12-25", "reason": "by_consent"}),
    )
    assert spells(state, "USA")[-1] == ("former", "2010-12-25", None)
    assert exits(state, "USA") == [("superseded", "2011-01-01")]
    assert reasons(state) == ["treaty_ended"]


@pytest.mark.parametrize("reason", ["expulsion", "extinction"])
def test_a_waiting_deposit_comes_to_nothing_when_participation_ceases_first(reason: str) -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2010-12-20"),
        ceased("USA", "2010-12-25", reason),
    )
    assert spells(state, "USA")[-1] == ("former", "2010-12-25", None)
    assert reasons(state) == ["already_bound"]


def test_one_that_was_expelled_may_be_admitted_again_on_the_same_day() -> None:
    state = folded(registered(), JOINED, deposited("USA", "2010-12-25"), ceased("USA", "2010-12-25"))
    assert spells(state, "USA")[-2:] == [("contracting", "2010-12-25", "2011-01-24"), ("party", "2011-01-24", None)]


def test_a_new_notice_concerns_the_new_membership_only() -> None:
    clause = leaving(admissible_after={"period": "P3Y", "anchor": "entry_into_force_for_participant"})
    state = folded(
        registered(clause),
        JOINED,
        notified("USA", "2010-01-01"),
        deposited("USA", "2015-01-01"),
        notified("USA", "2016-01-01"),
    )
    assert parties(state, on="2020-01-01") == {"USA"}
    assert reasons(state) == ["premature"]


def test_signals_of_the_first_exit_do_not_outlive_it() -> None:
    state = folded(
        registered(),
        JOINED,
        acted("withdrawal.announced", "USA", announced_on="2009-01-01"),
        notified("USA", "2010-01-01"),
        deposited("USA", "2015-06-01"),
    )
    assert [(signal.period.from_.year, signal.period.until) for signal in state.standings["USA"].signals] == [
        (2009, state.standings["USA"].exits[0].notified_on)
    ]
