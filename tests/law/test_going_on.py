"""Check that folding one more fact goes on from where it stood, and arrives where folding everything anew does."""

import json
import re
from collections.abc import Sequence

import pytest
from builders import (
    Event,
    completed,
    deposited,
    fact,
    facts,
    leaving,
    notified,
    registered,
    revoked,
    signed,
    superseded,
)
from hypothesis import given
from hypothesis import strategies as st
from law.strategies import acts, clauses, recorded, registration, treaty_acts

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.state import Standing

TWO_PARTIES = (registered(), deposited("FRA", "2001-01-01"), deposited("USA", "2001-01-01"))
IN_FORCE_EARLIER: Event = ("treaty.entered_into_force", {"effective_on": "1999-01-01"})


def stepped(events: Sequence[Event]) -> Folding:
    folding = Folding("test", successions={})
    for each in facts(events):
        folding.step(each)
    return folding


def moved_by(last: Event, *events: Event) -> set[str]:
    """Return whose standing is another value after one more fact."""
    folding = Folding("test", facts(events), successions={})
    before: dict[str, Standing] = dict(folding.standings)
    folding.step(fact(last[0], len(events), last[1]))
    assert folding.state == fold("test", facts([*events, last]), successions={})
    return {who for who, standing in folding.standings.items() if before.get(who) is not standing}


def first_day(event: Event) -> str:
    return min(re.findall(r"\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|\d{4}", json.dumps(event[1])), default="")


@pytest.mark.property
@given(
    clauses(),
    st.sampled_from(["multilateral", "bilateral"]),
    st.lists(acts | acts | acts | acts | treaty_acts(), min_size=8, max_size=30),
)
def test_facts_in_legal_order_arrive_step_by_step_where_they_do_at_once(
    chosen: dict[str, JSON], kind: str, done: list[Event]
) -> None:
    told = recorded(
        [registration(chosen, kind=kind), *sorted(done, key=first_day)], sources=("urn:a", "urn:a", "urn:b")
    )
    folding = Folding("test", successions={})
    for size, each in enumerate(told, start=1):
        folding.step(each)
        assert folding.state == fold("test", told[:size], successions={})


def test_a_fact_about_one_participant_leaves_every_other_standing_as_it_is() -> None:
    assert moved_by(notified("USA", "2010-01-01"), *TWO_PARTIES) == {"USA"}


def test_clauses_that_begin_after_every_act_move_nobody() -> None:
    amended: Event = (
        "treaty.clauses_amended",
        {"clauses": leaving({"rule": "immediate"}), "effective_on": "2020-01-01"},
    )
    assert moved_by(amended, *TWO_PARTIES) == set()


def test_clauses_that_begin_before_an_act_move_whoever_acted() -> None:
    amended: Event = (
        "treaty.clauses_amended",
        {"clauses": leaving({"rule": "immediate"}), "effective_on": "2009-01-01"},
    )
    assert moved_by(amended, *TWO_PARTIES, notified("USA", "2010-01-01")) == {"USA"}


def test_an_earlier_entry_into_force_moves_nobody_who_consented_later() -> None:
    assert moved_by(IN_FORCE_EARLIER, *TWO_PARTIES, deposited("DEU", "1998-01-01")) == {"DEU"}


def test_an_earlier_entry_into_force_moves_those_whose_notice_is_open_so_long_after_it() -> None:
    clause = leaving(admissible_after={"period": "P3Y", "anchor": "entry_into_force"})
    events = [registered(clause), *TWO_PARTIES[1:], notified("USA", "2002-06-01")]
    assert moved_by(IN_FORCE_EARLIER, *events) == {"USA"}


def test_the_depositary_may_still_say_that_an_exit_took_effect_later() -> None:
    events = [
        *TWO_PARTIES,
        notified("USA", "2010-01-01"),
        signed("USA", "2011-06-01"),
        completed("USA", "2012-01-01", asserted_by="depositary"),
    ]
    folding = stepped(events)
    assert folding.state == fold("test", facts(events), successions={})
    (exit_,) = folding.standings["USA"].exits
    assert str(exit_.closed_on) == "2012-01-01"


def test_a_treaty_that_an_exit_ended_goes_on_when_the_exit_is_taken_back() -> None:
    events = [registered(kind="bilateral"), *TWO_PARTIES[1:], notified("USA", "2010-01-01")]
    folding = stepped(events)
    assert str(folding.state.terminated_on) == "2011-01-01"
    folding.take_moved()
    folding.step(fact(*_numbered(revoked("USA", "2010-06-01"), len(events))))
    assert folding.state.terminated_on is None
    assert folding.take_moved() == {"FRA", "USA"}


def test_a_correction_leaves_those_alone_of_whom_it_does_not_speak() -> None:
    assert moved_by(superseded(2, deposited("USA", "2001-02-01")), *TWO_PARTIES) == {"USA"}


def _numbered(event: Event, position: int) -> tuple[str, int, dict[str, JSON]]:
    return event[0], position, dict(event[1])
