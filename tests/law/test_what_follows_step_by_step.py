"""Check what is shown, day by day, of an exit that follows the exit from another treaty."""

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    ceased,
    deposited,
    fact,
    leaving,
    notified,
    registered,
    revoked,
    superseded,
)
from law.reading import exit_view, exits, parties, pending, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.cascade import carry, falls_with
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import TreatyState

NEGOTIATED: JSON = {"rule": "negotiated", "long_stop": "P2Y"}
BOTH = deposited("USA", "2001-01-01")
NOTICE = notified("USA", "2010-01-01")
PROLONGED = acted("withdrawal.extended", "USA", decided_on="2011-06-01", effective_on="2013-01-01")
TALKS = registered(leaving(NEGOTIATED, conference={"from": "P30D", "to": "P60D"}))


def falling(*parents: str) -> Event:
    return registered({**SIMPLE_CLAUSES, "falls_with": list(parents)})


def tied(**events: list[Event]) -> dict[str, TreatyState]:
    """Return the states of treaties that are folded together."""
    foldings = {treaty: Folding(treaty, successions={}) for treaty in events}
    told = [(treaty, event) for treaty, several in events.items() for event in several]
    for position, (treaty, (type_, data)) in enumerate(told):
        foldings[treaty].step(fact(type_, position, data))
    carry(foldings, foldings)
    return {treaty: folding.state for treaty, folding in foldings.items()}


def child(*parent: Event, joins: Event = BOTH) -> TreatyState:
    return tied(parent=[*parent], child=[falling("parent"), joins])["child"]


def steps(state: TreatyState) -> list[list[tuple[str, str, str | None]]]:
    return [
        [(str(s.from_), s.stage.value, None if s.effective_on is None else str(s.effective_on)) for s in exit_.steps]
        for exit_ in state.standings["USA"].exits
    ]


def test_an_exit_that_follows_moves_on_the_day_the_other_one_moves() -> None:
    state = child(TALKS, BOTH, NOTICE, PROLONGED)

    assert pending(state, "USA", on="2011-05-31") == ("notified", "2012-01-01")
    assert pending(state, "USA", on="2011-06-01") == ("notified", "2013-01-01")


def test_who_joins_while_the_other_exit_runs_is_shown_as_leaving_since_it_joined() -> None:
    state = child(TALKS, BOTH, NOTICE, PROLONGED, joins=deposited("USA", "2010-06-01"))

    assert steps(state) == [[("2010-06-01", "notified", "2012-01-01"), ("2011-06-01", "notified", "2013-01-01")]]


def test_who_joins_on_the_day_the_other_exit_moves_is_shown_with_the_new_day() -> None:
    state = child(TALKS, BOTH, NOTICE, PROLONGED, joins=deposited("USA", "2011-06-01"))

    assert steps(state) == [[("2011-06-01", "notified", "2013-01-01")]]


def test_an_exit_that_follows_a_decision_begins_and_ends_on_its_day() -> None:
    state = child(registered(), BOTH, ceased("USA", "2010-03-16"))

    assert steps(state) == [[("2010-03-16", "notified", "2010-03-16")]]
    assert exits(state, "USA") == [("effective", "2010-03-16")]


def test_nothing_follows_a_notice_that_is_said_to_be_suspended() -> None:
    state = child(registered(), BOTH, NOTICE, acted("withdrawal.suspended", "USA", received_on="2010-06-01"))

    assert parties(state, on="2012-01-01") == {"USA"}
    assert pending(state, "USA", on="2012-01-01") == ("contested", None)


def test_the_conference_of_one_treaty_is_not_that_of_another() -> None:
    states = tied(parent=[TALKS, BOTH, NOTICE], child=[falling("parent"), BOTH])

    views = [exit_view(states[treaty], "USA", on="2010-02-01") for treaty in ("parent", "child")]
    assert [view is not None and view.conference is not None for view in views] == [True, False]


def test_taking_back_one_of_two_causes_leaves_the_other() -> None:
    later = notified("USA", "2010-06-01")
    states = tied(
        one=[registered(), BOTH, NOTICE, revoked("USA", "2010-03-01")],
        two=[registered(), BOTH, later],
        child=[falling("one", "two"), BOTH],
    )

    assert exits(states["child"], "USA") == [("revoked", "2011-01-01"), ("effective", "2011-06-01")]


def test_taking_back_one_of_two_causes_leaves_the_other_that_was_pending_beside_it() -> None:
    states = tied(
        one=[registered(), BOTH, NOTICE, revoked("USA", "2010-08-01")],
        two=[registered(), BOTH, notified("USA", "2010-06-01")],
        child=[falling("one", "two"), BOTH],
    )

    assert exits(states["child"], "USA") == [("revoked", "2011-01-01"), ("effective", "2011-06-01")]


def test_an_exit_goes_from_treaty_to_treaty_and_names_the_nearest_first() -> None:
    states = tied(top=[registered(), BOTH, NOTICE], middle=[falling("top"), BOTH], bottom=[falling("middle"), BOTH])

    (exit_,) = states["bottom"].standings["USA"].exits
    assert (exit_.via, exit_.rule) == (("middle", "top"), "falls_with middle")


@pytest.mark.parametrize("moved", [["top"], ["bottom", "top"], ["not-at-hand", "top"]])
def test_those_that_moved_are_named(moved: list[str]) -> None:
    foldings = {treaty: Folding(treaty, successions={}) for treaty in ("top", "middle", "bottom", "elsewhere")}
    told = [
        ("top", registered()),
        ("top", BOTH),
        ("top", NOTICE),
        ("middle", falling("top")),
        ("middle", BOTH),
        ("bottom", falling("middle")),
        ("bottom", BOTH),
        ("elsewhere", registered()),
        ("elsewhere", BOTH),
    ]
    for position, (treaty, (type_, data)) in enumerate(told):
        foldings[treaty].step(fact(type_, position, data))

    assert carry(foldings, moved) == {"middle", "bottom"}
    assert carry(foldings, moved) == set()


def test_a_treaty_falls_with_others_by_any_version_of_its_clauses() -> None:
    amended: Event = ("treaty.clauses_amended", {"effective_on": "2010-01-01", "clauses": {"falls_with": ["two"]}})

    assert falls_with(tied(child=[falling("one"), amended])["child"].rules) == {"one", "two"}


def test_a_treaty_that_falls_with_itself_has_one_exit() -> None:
    assert exits(tied(alone=[falling("alone"), BOTH, NOTICE])["alone"], "USA") == [("effective", "2011-01-01")]


def test_a_treaty_that_is_not_at_hand_does_not_hide_another_with_which_one_falls() -> None:
    states = tied(parent=[registered(), BOTH, NOTICE], child=[falling("absent", "parent"), BOTH])

    assert exits(states["child"], "USA") == [("effective", "2011-01-01")]


def test_an_exit_that_was_recorded_by_mistake_has_no_followers_any_more() -> None:
    foldings = {treaty: Folding(treaty, successions={}) for treaty in ("parent", "child")}
    told = [
        ("parent", registered()),
        ("parent", BOTH),
        ("child", falling("parent")),
        ("child", BOTH),
        ("parent", NOTICE),
        ("parent", superseded(4)),
    ]
    seen = []
    for position, (treaty, (type_, data)) in enumerate(told):
        foldings[treaty].step(fact(type_, position, data))
        carry(foldings, [treaty])
        seen.append(parties(foldings["child"].state, on="2012-01-01"))

    assert seen[-3:] == [{"USA"}, set(), {"USA"}]


def test_a_consent_that_waited_for_an_exit_comes_to_nothing_with_the_consent_that_was_to_end() -> None:
    not_yet: JSON = {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}
    states = tied(
        parent=[registered(), BOTH, NOTICE],
        child=[
            registered({"entry_into_force": not_yet, "falls_with": ["parent"]}),
            BOTH,
            deposited("USA", "2010-02-01"),
            acted("consent.withdrawn", "USA", received_on="2010-03-01"),
        ],
    )

    assert reasons(states["child"]) == ["already_bound"]
    assert spells(states["child"], "USA") == [("contracting", "2001-01-01", "2010-03-01")]


def test_an_exit_that_follows_consumes_what_had_been_announced_and_so_does_its_end() -> None:
    states = tied(
        parent=[registered(), BOTH, NOTICE, revoked("USA", "2010-06-01")],
        child=[
            falling("parent"),
            BOTH,
            acted("withdrawal.announced", "USA", announced_on="2009-01-01"),
            acted("withdrawal.announced", "USA", announced_on="2010-03-01"),
            acted("withdrawal.announced", "USA", announced_on="2011-01-01"),
        ],
    )

    told = [(str(s.period.from_), str(s.period.until)) for s in states["child"].standings["USA"].signals]
    assert told == [("2009-01-01", "2010-01-01"), ("2010-03-01", "2010-06-01"), ("2011-01-01", "None")]
