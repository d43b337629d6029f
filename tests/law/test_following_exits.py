"""Check what happens where an exit that follows another treaty's meets other exits, deposits and consents."""

from collections.abc import Mapping, Sequence

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    completed,
    deposited,
    fact,
    leaving,
    notified,
    registered,
    revoked,
)
from hypothesis import given
from hypothesis import strategies as st
from law.reading import consent, exit_view, exits, parties, reasons, spells
from law.strategies import acts

from treaty_contracts.canonical import JSON
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Fact, Stage, TreatyState

PARENT = [registered(), deposited("USA", "2001-01-01")]
LEAVES = notified("USA", "2010-01-01")
JOINS_BOTH = deposited("USA", "2003-01-01")


def falling(*, with_: Sequence[str] = ("parent",), **more: JSON) -> Event:
    return registered({**SIMPLE_CLAUSES, "falls_with": list(with_), **more})


def recorded(events: Mapping[str, Sequence[Event]]) -> list[tuple[str, Fact]]:
    told = [(treaty, event) for treaty, several in events.items() for event in several]
    return [(treaty, fact(event[0], position, event[1])) for position, (treaty, event) in enumerate(told)]


def tied(**events: Sequence[Event]) -> dict[str, TreatyState]:
    """Return the states of treaties that are folded together."""
    foldings = {treaty: Folding(treaty, successions={}) for treaty in events}
    for treaty, each in recorded(events):
        foldings[treaty].step(each)
    carry(foldings, foldings)
    return {treaty: folding.state for treaty, folding in foldings.items()}


def child(*parent: Event, joins: Sequence[Event] = (JOINS_BOTH,)) -> TreatyState:
    """Return the state of a treaty that falls with another."""
    return tied(parent=[*PARENT, *parent], child=[falling(), *joins])["child"]


def test_an_exit_that_follows_says_what_it_follows_and_rests_on_it() -> None:
    view = exit_view(child(LEAVES), "USA", on="2010-06-01")
    assert view is not None
    assert (view.rule, view.article, view.basis) == ("falls_with parent", None, (2,))


def test_a_partial_or_void_notice_has_no_followers() -> None:
    assert exits(child(notified("USA", "2010-01-01", scope="Annex B")), "USA") == []
    late = registered(leaving(admissible_after={"period": "P30Y", "anchor": "entry_into_force"}))
    states = tied(parent=[late, PARENT[1], LEAVES], child=[falling(), JOINS_BOTH])
    assert exits(states["child"], "USA") == []


def test_one_that_comes_back_at_once_leaves_again_with_the_cause() -> None:
    back = deposited("USA", "2010-12-01")
    state = child(notified("USA", "2010-06-01"), joins=[JOINS_BOTH, LEAVES, back])
    assert [spell[:2] for spell in spells(state, "USA")[1:]] == [
        ("party", "2003-01-31"),
        ("party", "2011-01-01"),
        ("former", "2011-06-01"),
    ]


def test_revoking_ones_own_notice_leaves_the_cause_in_place() -> None:
    state = child(LEAVES, joins=[JOINS_BOTH, notified("USA", "2010-02-01"), revoked("USA", "2010-03-01")])
    assert spells(state, "USA")[-1] == ("former", "2011-01-01", None)


def test_a_deposit_that_waits_goes_on_waiting_for_the_cause_when_ones_own_notice_is_revoked() -> None:
    own = [notified("USA", "2010-02-01"), deposited("USA", "2010-02-15"), revoked("USA", "2010-03-01")]
    state = child(LEAVES, joins=[JOINS_BOTH, *own])
    assert spells(state, "USA")[-2:] == [("party", "2003-01-31", "2011-01-01"), ("party", "2011-01-01", None)]
    assert reasons(state) == []


def test_a_deposit_that_waited_for_a_revoked_cause_does_not_wait_for_the_next_exit() -> None:
    joins = [JOINS_BOTH, deposited("USA", "2010-02-15"), notified("USA", "2020-01-01")]
    state = child(LEAVES, revoked("USA", "2010-06-01"), joins=joins)
    assert spells(state, "USA")[-1] == ("former", "2021-01-01", None)
    assert reasons(state) == ["already_bound"]


def test_who_takes_a_consent_back_has_nothing_pending() -> None:
    not_yet: JSON = {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}
    joins = [JOINS_BOTH, acted("consent.withdrawn", "USA", received_on="2010-06-01"), deposited("USA", "2012-01-01")]
    state = tied(parent=[*PARENT, LEAVES], child=[falling(entry_into_force=not_yet), *joins])["child"]
    assert consent(state, "USA", on="2010-06-01") == "none"
    assert consent(state, "USA", on="2013-01-01") == "contracting"


def test_a_completion_confirms_an_exit_that_follows() -> None:
    state = child(LEAVES, joins=[JOINS_BOTH, completed("USA", "2011-01-01")])
    assert reasons(state) == []


def test_an_exit_never_follows_itself_around_a_circle() -> None:
    states = tied(one=[falling(with_=["two"]), JOINS_BOTH, LEAVES], two=[falling(with_=["one"]), JOINS_BOTH])
    assert exits(states["one"], "USA") == [("effective", "2011-01-01")]
    assert exits(states["two"], "USA") == [("effective", "2011-01-01")]


def test_in_a_circle_ones_own_exit_goes_before_one_that_follows() -> None:
    states = tied(one=[falling(with_=["two"]), JOINS_BOTH, LEAVES], two=[falling(with_=["one"]), JOINS_BOTH, LEAVES])
    for state in states.values():
        assert [(exit_.via, exit_.outcome) for exit_ in state.standings["USA"].exits if not exit_.via] == [
            ((), Stage.EFFECTIVE)
        ]


def test_only_the_clause_in_force_on_the_day_of_the_notice_ties_treaties() -> None:
    untied: Event = ("treaty.clauses_amended", {"effective_on": "2009-01-01", "clauses": dict(SIMPLE_CLAUSES)})
    states = tied(parent=[*PARENT, LEAVES], child=[falling(), JOINS_BOTH, untied])
    assert parties(states["child"], on="2012-01-01") == {"USA"}


@pytest.mark.property
@given(
    st.lists(st.tuples(st.sampled_from(["one", "two", "three"]), acts), max_size=12), st.sampled_from([(), ("three",)])
)
def test_treaties_tied_to_one_another_are_the_same_however_they_were_folded(
    done: list[tuple[str, Event]], around: tuple[str, ...]
) -> None:
    starts = {"one": falling(with_=around), "two": falling(with_=["one"]), "three": falling(with_=["one", "two"])}
    told = [*starts.items(), *((treaty, deposited("USA", "1998-01-01")) for treaty in starts), *done]
    by_step = {treaty: Folding(treaty, successions={}) for treaty in starts}
    facts: dict[str, list[Fact]] = {treaty: [] for treaty in starts}
    for position, (treaty, event) in enumerate(told):
        each = fact(event[0], position, event[1])
        facts[treaty].append(each)
        by_step[treaty].step(each)
        carry(by_step, [treaty])
        at_once = {name: Folding(name, facts[name], successions={}) for name in starts}
        carry(at_once, at_once)
        assert {name: folding.state for name, folding in by_step.items()} == {
            name: folding.state for name, folding in at_once.items()
        }
