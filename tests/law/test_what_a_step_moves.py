"""Check that a step says the same as if everything had been known at once, where it moves days concluded before."""

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    ceased,
    completed,
    deposited,
    fact,
    facts,
    leaving,
    notified,
    registered,
    revoked,
)
from law.reading import exits, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Fact, TreatyState

USA, SUN, FRA = (deposited(code, "1999-01-01") for code in ("USA", "SUN", "FRA"))
TWO_AND_A_YEAR: JSON = {"rule": "after_deposits", "count": 2, "delay": {"rule": "period", "period": "P1Y"}}
ENDS_ON_EXIT = registered({**SIMPLE_CLAUSES, "bilateral_ends_on_exit": True})


def stepped(told: list[Fact]) -> list[TreatyState]:
    """Return the state after each fact."""
    folding, found = Folding("test", successions={}), []
    for each in told:
        folding.step(each)
        found.append(folding.state)
    return found


def last(*events: Event) -> TreatyState:
    return stepped(facts(events))[-1]


def entries(told: list[Fact]) -> list[str]:
    return [str(state.rules.in_force_from) for state in stepped(told)]


def amended(effective_on: str, clauses: dict[str, JSON]) -> Event:
    return ("treaty.clauses_amended", {"effective_on": effective_on, "clauses": clauses})


def test_a_deposit_that_takes_the_place_of_one_taken_back_brings_the_treaty_into_force() -> None:
    told = facts(
        [
            registered({"entry_into_force": TWO_AND_A_YEAR}),
            USA,
            deposited("SUN", "1999-06-01"),
            acted("consent.withdrawn", "SUN", received_on="1999-09-01"),
            deposited("FRA", "1999-12-01"),
        ]
    )

    assert entries(told) == ["None", "None", "2000-06-01", "None", "2000-12-01"]


def test_a_stronger_report_that_puts_a_deposit_later_puts_entry_into_force_later() -> None:
    (type_, press), (_, depositary) = (
        deposited("SUN", "1999-06-01", asserted_by="press"),
        deposited("SUN", "1999-06-20", asserted_by="depositary"),
    )
    told = [
        *facts([registered({"entry_into_force": TWO_AND_A_YEAR}), USA]),
        fact(type_, 2, press, source="urn:press"),
        fact(type_, 3, depositary, source="urn:depositary"),
    ]

    assert entries(told) == ["None", "None", "2000-06-01", "2000-06-20"]


def test_a_deposit_recorded_late_may_complete_the_number_while_the_window_was_open() -> None:
    window: JSON = {"rule": "window", "anchor": "2000-01-01", "every": "P5Y", "open": "P1Y", "notice": "P1M"}
    told = facts(
        [
            registered({"entry_into_force": {"rule": "after_deposits", "count": 2, "delay": window}}),
            deposited("USA", "2005-03-01"),
            deposited("SUN", "2007-01-01"),
            deposited("FRA", "2005-06-01"),
        ]
    )

    assert entries(told) == ["None", "None", "None", "2005-07-01"]


def test_who_joined_long_after_the_entry_into_force_is_not_moved_by_its_correction() -> None:
    entered: list[Event] = [
        ("treaty.entered_into_force", {"effective_on": day}) for day in ("2000-01-01", "2001-01-01")
    ]
    *_, before, after = stepped(facts([registered({}), entered[0], deposited("USA", "2005-01-01"), entered[1]]))

    assert str(after.rules.in_force_from) == "2001-01-01"
    assert after.standings["USA"] is before.standings["USA"]


def test_a_deposit_of_the_day_on_which_a_treaty_turns_out_to_have_ended_comes_too_late() -> None:
    state = last(
        registered(),
        deposited("USA", "2010-01-01"),
        ("treaty.terminated", {"effective_on": "2010-01-01", "reason": "by_consent"}),
    )

    assert reasons(state) == ["treaty_ended"]


def test_a_notice_counts_by_an_amendment_of_its_own_day_that_was_recorded_later() -> None:
    six_months = amended("2009-01-01", leaving({"rule": "period", "period": "P6M"}))
    state = last(registered(), USA, notified("USA", "2009-01-01"), six_months)

    assert exits(state, "USA") == [("effective", "2009-07-01")]


def test_the_end_of_a_participant_ends_no_treaty_from_which_another_was_to_exit_that_day() -> None:
    leaves, stays = notified("USA", "2009-01-01"), revoked("USA", "2009-06-01")
    state = last(ENDS_ON_EXIT, USA, SUN, FRA, leaves, stays, ceased("SUN", "2010-01-01", "extinction"))

    assert state.terminated_on is None


@pytest.mark.parametrize("began_first", [True, False])
def test_what_is_recorded_while_no_exit_ends_a_treaty_counts_once_another_does(*, began_first: bool) -> None:
    (type_, press), (_, depositary) = (
        deposited("SUN", "1999-06-01", asserted_by="press"),
        deposited("SUN", "1999-06-20", asserted_by="depositary"),
    )
    meanwhile = [
        fact("armed_conflict.began", 5, {"participant": "SUN", "on": "2001-01-01"}),
        fact(type_, 6, depositary, source="urn:depositary"),
    ]
    told = [
        *facts([registered(kind="bilateral"), USA]),
        fact(type_, 2, press, source="urn:press"),
        fact(*_at(3, notified("USA", "2009-01-01"))),
        fact(*_at(4, revoked("USA", "2009-06-01"))),
        *(meanwhile if began_first else reversed(meanwhile)),
        fact(*_at(7, notified("USA", "2011-01-01"))),
    ]
    state = stepped(told)[-1]

    assert spells(state, "SUN")[0] == ("contracting", "1999-06-20", "2000-01-01")


def _at(position: int, event: Event) -> tuple[str, int, dict[str, JSON]]:
    return event[0], position, dict(event[1])


def test_a_deposit_of_the_day_to_which_an_exit_was_moved_shows_that_it_took_effect() -> None:
    state = last(
        registered(),
        USA,
        notified("USA", "2009-01-01"),
        deposited("USA", "2009-06-01"),
        acted("withdrawal.extended", "USA", decided_on="2009-06-01", effective_on="2009-06-01"),
        completed("USA", "2009-06-15", asserted_by="depositary"),
    )

    assert exits(state, "USA") == [("effective", "2009-06-01")]
    assert reasons(state) == ["completion_differs"]


def test_who_joined_while_no_exit_ended_a_treaty_leaves_it_with_the_others_once_another_does() -> None:
    leaves, stays, joins = notified("USA", "2009-01-01"), revoked("USA", "2009-06-01"), deposited("FRA", "2000-01-01")
    state = last(ENDS_ON_EXIT, USA, SUN, leaves, stays, joins, notified("SUN", "2009-01-01"))

    assert spells(state, "FRA")[-2:] == [("party", "2000-01-31", "2010-01-01"), ("former", "2010-01-01", None)]


def test_who_moved_is_named_once_asked_for_whatever_was_told_of_the_treaty_since() -> None:
    folding = Folding("test", successions={})
    for each in facts([registered(), USA, amended("2050-01-01", leaving())]):
        folding.step(each)

    assert folding.take_moved() == {"USA"}
