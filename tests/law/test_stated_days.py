"""Check what a stated day of effect does to a consent, by what is known of the treaty's own entry into force."""

import pytest
from builders import Event, acted, ceased, deposited, folded, registered, signed
from law.reading import reasons, row, spells

from treaty_contracts.canonical import JSON

NOT_YET: dict[str, JSON] = {"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}
ENTERED: Event = ("treaty.entered_into_force", {"effective_on": "2000-03-01"})


def test_a_stated_day_makes_nobody_a_party_to_a_treaty_that_still_waits_for_deposits() -> None:
    state = folded(registered(NOT_YET), deposited("FRA", "1999-05-05", states_effective_on="1999-06-01"))

    assert spells(state, "FRA") == [("contracting", "1999-05-05", None)]
    assert reasons(state) == ["effect_before_entry_into_force"]


def test_a_stated_day_before_a_known_entry_into_force_gives_way_to_it() -> None:
    state = folded(registered({}), ENTERED, deposited("FRA", "1999-05-05", states_effective_on="1999-06-01"))

    assert spells(state, "FRA")[-1] == ("party", "2000-03-01", None)
    assert reasons(state) == ["effect_before_entry_into_force"]


def test_a_stated_day_may_be_the_day_of_entry_into_force() -> None:
    state = folded(registered(), deposited("FRA", "1999-05-05", states_effective_on="2000-01-01"))

    assert spells(state, "FRA")[-1] == ("party", "2000-01-01", None)
    assert reasons(state) == []


@pytest.mark.parametrize(
    ("received_on", "odd"), [("2001-05-05", []), ("2006-05-05", ["effect_before_entry_into_force"])]
)
def test_the_clauses_of_the_day_of_deposit_say_whether_entry_into_force_is_modelled(
    received_on: str, odd: list[str]
) -> None:
    amended: Event = ("treaty.clauses_amended", {"effective_on": "2005-01-01", "clauses": NOT_YET})
    state = folded(registered({}), amended, deposited("FRA", received_on, states_effective_on="2007-01-01"))

    assert reasons(state) == odd


def test_the_first_of_several_signatures_counts_where_signature_is_enough() -> None:
    on_signature: dict[str, JSON] = {"entry_into_force": {"rule": "on_signature"}}
    state = folded(
        registered(on_signature), signed("FRA", "2001-01-01"), signed("FRA", "2005-01-01"), signed("DEU", "2003-01-01")
    )

    assert str(state.rules.in_force_from) == "2003-01-01"


def test_a_treaty_that_needs_two_signatures_waits_for_the_second() -> None:
    on_signature: dict[str, JSON] = {"entry_into_force": {"rule": "on_signature"}}
    state = folded(
        registered(on_signature), signed("ITA", "2004-01-01"), signed("FRA", "2001-01-01"), signed("DEU", "2003-01-01")
    )

    assert str(state.rules.in_force_from) == "2003-01-01"
    assert folded(registered(on_signature), signed("FRA", "2001-01-01")).rules.in_force_from is None


def test_a_membership_that_ended_in_a_month_is_told_as_approximate() -> None:
    completed = acted("withdrawal.completed", "FRA", effective_on="2005-06")
    state = folded(registered(), deposited("FRA", "2001-01-01"), completed)

    found = row(state, "FRA", on="2006-01-01")
    assert found is not None
    assert found.approximate


def test_a_stated_day_before_receipt_says_nothing_of_a_treaty_that_waits_for_deposits() -> None:
    state = folded(registered(NOT_YET), deposited("FRA", "1999-05-05", states_effective_on="1999-04-01"))

    assert spells(state, "FRA") == [("contracting", "1999-05-05", None)]


def test_a_stated_day_before_receipt_takes_nobody_before_a_known_entry_into_force() -> None:
    state = folded(registered({}), ENTERED, deposited("FRA", "1999-05-05", states_effective_on="1999-04-01"))

    assert spells(state, "FRA")[-1] == ("party", "2000-03-01", None)


@pytest.mark.parametrize(("received_on", "consent"), [("2001-05-05", "party"), ("2006-05-05", "contracting")])
def test_the_clauses_of_the_day_of_deposit_say_whether_a_treaty_waits_for_deposits(
    received_on: str, consent: str
) -> None:
    amended: Event = ("treaty.clauses_amended", {"effective_on": "2005-01-01", "clauses": NOT_YET})
    state = folded(registered({}), amended, deposited("FRA", received_on, states_effective_on="2000-01-01"))

    assert spells(state, "FRA") == [(consent, received_on, None)]


@pytest.mark.parametrize(("day", "approximate"), [("2010", True), ("2010-06", True), ("2010-06-01", False)])
def test_a_party_that_is_no_more_is_as_precise_as_the_day_that_is_named(day: str, *, approximate: bool) -> None:
    state = folded(registered(), deposited("CSK", "2001-01-01"), ceased("CSK", day, "extinction"))

    assert {spell.approximate for spell in state.standings["CSK"].spells} == {approximate}


def test_the_end_of_a_treaty_is_as_precise_for_a_party_as_its_own_consent() -> None:
    terminated: Event = ("treaty.terminated", {"effective_on": "2010-03-01", "reason": "by_consent"})
    state = folded(registered(), deposited("FRA", "2001-01-01"), terminated)

    assert {spell.approximate for spell in state.standings["FRA"].spells} == {False}
