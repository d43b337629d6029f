"""Check how an armed conflict holds an exit where the clause says so: e.g. Ottawa Convention Art. 20(3)."""

import datetime as dt

import pytest
from builders import (
    Event,
    acted,
    completed,
    deposited,
    folded,
    leaving,
    notified,
    registered,
    revoked,
)
from law.reading import exit_view, exits, pending, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

DEFERRED_BY_WAR = leaving({"rule": "period", "period": "P6M"}, deferred_by_armed_conflict=True)


def after(*more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    """Fold what follows a notice that takes effect on 2011-01-01."""
    return folded(registered(clauses), deposited("USA", "2001-01-01"), notified("USA", "2010-01-01"), *more)


def war(began: str, ended: str | None = None) -> list[Event]:
    began_event = acted("armed_conflict.began", "USA", on=began)
    return [began_event] if ended is None else [began_event, acted("armed_conflict.ended", "USA", on=ended)]


def test_an_exit_within_an_armed_conflict_is_held_until_it_ends() -> None:
    state = after(*war("2010-03-01", "2012-03-01"), clauses=DEFERRED_BY_WAR)
    assert pending(state, "USA", on="2010-02-28") == ("notified", "2010-07-01")
    assert pending(state, "USA", on="2010-03-01") == ("held", None)
    assert pending(state, "USA", on="2012-02-29") == ("held", None)
    assert spells(state, "USA")[-1] == ("former", "2012-03-01", None)


def test_an_exit_is_held_while_the_conflict_has_no_end() -> None:
    state = after(*war("2009-01-01"), clauses=DEFERRED_BY_WAR)
    assert pending(state, "USA", on="2030-01-01") == ("held", None)
    assert pending(state, "USA", on="2010-01-01") == ("held", None)


@pytest.mark.parametrize(
    "conflict", [war("2009-01-01", "2010-07-01"), war("2010-07-02"), war("2010-02-01", "2010-06-30")]
)
def test_only_the_day_of_effect_matters_to_a_conflict(conflict: list[Event]) -> None:
    assert exits(after(*conflict, clauses=DEFERRED_BY_WAR), "USA") == [("effective", "2010-07-01")]


def test_a_conflict_that_begins_as_another_ends_prolongs_it() -> None:
    state = after(*war("2010-03-01", "2012-03-01"), *war("2012-03-01", "2013-03-01"), clauses=DEFERRED_BY_WAR)
    assert spells(state, "USA")[-1] == ("former", "2013-03-01", None)


def test_a_conflict_holds_nothing_where_the_clause_does_not_defer() -> None:
    state = after(*war("2010-03-01"), clauses=leaving({"rule": "period", "period": "P6M"}))
    assert exits(state, "USA") == [("effective", "2010-07-01")]


def test_a_held_exit_can_still_be_revoked() -> None:
    state = after(*war("2010-03-01"), revoked("USA", "2015-01-01"), clauses=DEFERRED_BY_WAR)
    assert exits(state, "USA") == [("revoked", None)]


def test_the_end_of_a_held_exit_can_be_confirmed() -> None:
    state = after(*war("2010-03-01", "2012-03-01"), completed("USA", "2012-03-01"), clauses=DEFERRED_BY_WAR)
    assert reasons(state) == []


def test_a_held_notice_gives_way_to_a_dated_one() -> None:
    clauses = DEFERRED_BY_WAR
    state = after(*war("2010-03-01", "2010-08-01"), notified("USA", "2010-04-01"), clauses=clauses)
    view = exit_view(state, "USA", on="2010-05-01")
    assert view is not None
    assert (view.stage.value, view.effective_on) == ("notified", dt.date(2010, 10, 1))
    assert spells(state, "USA")[-1] == ("former", "2010-08-01", None)


def test_a_conflict_of_another_holds_nobody_else() -> None:
    state = after(acted("armed_conflict.began", "UKR", on="2009-01-01"), clauses=DEFERRED_BY_WAR)
    assert exits(state, "USA") == [("effective", "2010-07-01")]
