"""Check when the treaty itself enters into force: VCLT Art. 24(1), (2) and Art. 55."""

import datetime as dt

import pytest
from builders import Event, acted, ceased, completed, deposited, folded, registered

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

AFTER_60_DAYS: JSON = {"rule": "period", "period": "P60D"}


def after_deposits(**rule: JSON) -> tuple[str, dict[str, JSON]]:
    return registered({"entry_into_force": {"rule": "after_deposits", "delay": AFTER_60_DAYS, **rule}})


def in_force_from(state: TreatyState) -> str | None:
    day = state.rules.in_force_from
    return None if day is None else day.isoformat()


def entered(effective_on: str, **more: JSON) -> Event:
    return ("treaty.entered_into_force", {"effective_on": effective_on, **more})


def taken_back(participant: str, received_on: str) -> Event:
    return acted("consent.withdrawn", participant, received_on=received_on)


def test_a_treaty_enters_into_force_on_the_day_it_names() -> None:
    assert in_force_from(folded(registered())) == "2000-01-01"


def test_the_depositarys_word_overrides_the_clause() -> None:
    assert in_force_from(folded(registered(), entered("2000-03-01"))) == "2000-03-01"


def test_of_two_stated_days_the_stronger_assertion_wins() -> None:
    state = folded(
        registered(), entered("2000-03-01", asserted_by="depositary"), entered("2000-04-01", asserted_by="press")
    )
    assert in_force_from(state) == "2000-03-01"


def test_a_stated_day_takes_nobody_before_its_joining_delay() -> None:
    state = folded(registered(), entered("1999-06-01"), deposited("FRA", "1999-05-20"))
    assert state.standings["FRA"].spells[-1].period.from_ == dt.date(1999, 6, 19)


def test_a_treaty_without_enough_deposits_is_not_in_force() -> None:
    assert in_force_from(folded(after_deposits(count=2), deposited("FRA", "1999-01-01"))) is None


def test_the_deposit_that_completes_the_number_starts_the_delay() -> None:
    state = folded(after_deposits(count=2), deposited("FRA", "1999-01-01"), deposited("DEU", "2001-11-02"))
    assert in_force_from(state) == "2002-01-01"


def test_deposits_count_by_their_day_whatever_the_order_of_recording() -> None:
    state = folded(
        after_deposits(count=2),
        deposited("DEU", "2001-11-02"),
        deposited("ITA", "2005-01-01"),
        deposited("FRA", "1999-01-01"),
    )
    assert in_force_from(state) == "2002-01-01"


def test_two_deposits_of_one_participant_count_once() -> None:
    state = folded(after_deposits(count=2), deposited("FRA", "1999-01-01"), deposited("FRA", "2000-01-01"))
    assert in_force_from(state) is None


def test_a_required_participant_holds_up_the_others() -> None:
    clause = after_deposits(count=2, required=["HUN"])
    others = [deposited("FRA", "1999-01-01"), deposited("DEU", "1999-02-01")]
    assert in_force_from(folded(clause, *others)) is None
    assert in_force_from(folded(clause, *others, deposited("HUN", "2001-11-02"))) == "2002-01-01"


def test_required_participants_alone_are_enough_where_no_number_is_named() -> None:
    state = folded(
        after_deposits(required=["HUN", "CAN"]), deposited("HUN", "1999-01-01"), deposited("CAN", "2001-11-02")
    )
    assert in_force_from(state) == "2002-01-01"


def test_only_those_named_count_towards_the_number() -> None:
    state = folded(
        after_deposits(count=2, of=["FRA", "DEU", "ITA"]),
        deposited("FRA", "1999-01-01"),
        deposited("ESP", "1999-02-01"),
        deposited("ITA", "2001-11-02"),
    )
    assert in_force_from(state) == "2002-01-01"


def test_all_of_those_named_must_consent_where_no_number_is_named() -> None:
    clause = after_deposits(of=["FRA", "DEU", "FRA"])
    assert in_force_from(folded(clause, deposited("FRA", "1999-01-01"))) is None
    state = folded(clause, deposited("FRA", "1999-01-01"), deposited("DEU", "2001-11-02"))
    assert in_force_from(state) == "2002-01-01"


def test_a_consent_withdrawn_before_the_day_does_not_count() -> None:
    state = folded(
        after_deposits(count=2),
        deposited("FRA", "1999-01-01"),
        taken_back("FRA", "2001-12-31"),
        deposited("DEU", "2001-11-02"),
    )
    assert in_force_from(state) is None


def test_a_consent_withdrawn_on_the_day_of_entry_into_force_comes_too_late() -> None:
    state = folded(
        after_deposits(count=2),
        deposited("FRA", "1999-01-01"),
        taken_back("FRA", "2002-01-01"),
        deposited("DEU", "2001-11-02"),
    )
    assert in_force_from(state) == "2002-01-01"


def test_the_next_deposit_makes_up_for_a_consent_withdrawn() -> None:
    state = folded(
        after_deposits(count=2),
        deposited("FRA", "1999-01-01"),
        taken_back("FRA", "2001-12-31"),
        deposited("DEU", "2001-11-02"),
        deposited("ITA", "2003-11-02"),
    )
    assert in_force_from(state) == "2004-01-01"


def test_what_ends_on_a_day_comes_before_the_deposit_of_that_day() -> None:
    state = folded(after_deposits(count=1), taken_back("FRA", "2001-11-02"), deposited("FRA", "2001-11-02"))
    assert in_force_from(state) == "2002-01-01"


@pytest.mark.parametrize(
    "end",
    [
        ceased("CSK", "1993-01-01", "extinction"),
        ceased("CSK", "1993-01-01", "decision_of_organ"),
        completed("CSK", "1993-01-01"),
    ],
)
def test_a_consent_that_ended_before_the_day_does_not_count(end: Event) -> None:
    state = folded(after_deposits(count=2), deposited("CSK", "1992-12-21"), end, deposited("DEU", "2001-11-02"))
    assert in_force_from(state) is None


def test_a_succession_counts_from_its_receipt() -> None:
    state = folded(
        after_deposits(count=2),
        deposited("DEU", "1990-01-01"),
        deposited("CZE", "2001-11-02", instrument="succession", states_effective_on="1993-01-01"),
    )
    assert in_force_from(state) == "2002-01-01"


def test_a_delay_without_a_day_leaves_entry_into_force_open() -> None:
    clauses: dict[str, JSON] = {
        "entry_into_force": {"rule": "after_deposits", "count": 1, "delay": {"rule": "no_clause"}}
    }
    assert in_force_from(folded(registered(clauses), deposited("FRA", "1999-01-01"))) is None


def test_the_entry_into_force_moves_everybody_who_waited() -> None:
    state = folded(after_deposits(count=2), deposited("FRA", "1999-01-01"), deposited("DEU", "2001-11-02"))
    assert {standing.spells[-1].period.from_ for standing in state.standings.values()} == {dt.date(2002, 1, 1)}
