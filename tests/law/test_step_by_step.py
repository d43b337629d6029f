"""Check what one more fact moves: whoever it is about, and everybody where it moves the treaty's own days."""

from collections.abc import Iterable

from builders import SIMPLE_CLAUSES, Event, deposited, fact, facts, folded, leaving, notified, registered, revoked
from law.reading import consent, exits, parties

from treaty_contracts.canonical import JSON
from treaty_contracts.events import TreatyRegistered
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.state import TreatyState

TWO = [deposited("USA", "1999-01-01"), deposited("SUN", "1999-01-01")]
LEAVES = notified("USA", "2009-01-01")


def stepped(events: Iterable[Event]) -> list[TreatyState]:
    """Return the state after each event."""
    folding, found = Folding("test", successions={}), []
    for each in facts(events):
        folding.step(each)
        found.append(folding.state)
    return found


def test_a_state_names_its_treaty() -> None:
    folding = Folding("open-skies", facts([registered()]), successions={})

    assert (folding.treaty, folding.state.treaty) == ("open-skies", "open-skies")


def test_a_notice_that_ends_a_treaty_between_two_moves_the_other_one_too() -> None:
    *_, before, after = stepped([registered(kind="bilateral"), *TWO, LEAVES])

    assert parties(before, on="2010-01-01") == {"USA", "SUN"}
    assert consent(after, "SUN", on="2010-01-01") == "former"
    assert after == folded(registered(kind="bilateral"), *TWO, LEAVES)


def test_a_revocation_that_saves_a_treaty_between_two_moves_the_other_one_too() -> None:
    *_, after = stepped([registered(kind="bilateral"), *TWO, LEAVES, revoked("USA", "2009-06-01")])

    assert parties(after, on="2010-01-01") == {"USA", "SUN"}


def test_an_earlier_exit_moves_the_end_of_the_treaty_for_everybody() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "bilateral_ends_on_exit": True}
    three = [*TWO, deposited("FRA", "1999-01-01")]
    *_, after = stepped([registered(clauses), *three, LEAVES, notified("SUN", "2008-06-01")])

    assert exits(after, "USA") == [("superseded", "2010-01-01")]
    assert {consent(after, code, on="2009-06-01") for code in ("USA", "SUN", "FRA")} == {"former"}


def test_once_a_treaty_has_ended_by_an_exit_a_fact_moves_only_whom_it_is_about() -> None:
    *_, before, after = stepped([registered(kind="bilateral"), *TWO, LEAVES, revoked("SUN", "2012-01-01")])

    assert after.standings["USA"] is before.standings["USA"]
    assert after.standings["SUN"] is not before.standings["SUN"]


def test_a_deposit_that_brings_the_treaty_into_force_moves_those_who_waited() -> None:
    after_two: JSON = {"rule": "after_deposits", "count": 2, "delay": {"rule": "immediate"}}
    events = [registered({"entry_into_force": after_two}), *TWO]
    *_, before, after = stepped(events)

    assert parties(before, on="2000-01-01") == set()
    assert parties(after, on="2000-01-01") == {"USA", "SUN"}


def test_of_two_registrations_the_first_recorded_counts() -> None:
    second, first = registered(leaving(), title="Second"), registered(title="First")
    state = fold("test", [fact(second[0], 1, second[1]), fact(first[0], 0, first[1])], successions={})

    assert state.registration is not None
    assert isinstance(state.registration.data, TreatyRegistered)
    assert state.registration.data.title == "First"


def test_a_treaty_that_is_not_on_the_books_has_no_members() -> None:
    states = stepped([TWO[0], registered()])

    assert [set(state.standings) for state in states] == [set(), {"USA"}]
