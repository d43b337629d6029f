"""Check how clauses that follow one another decide when exits, or the lapse of time, end the treaty itself."""

from builders import SIMPLE_CLAUSES, Event, deposited, folded, leaving, notified, registered
from law.reading import exits

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

THREE = [deposited(code, "1999-01-01") for code in ("FRA", "SUN", "USA")]


def ended_on(state: TreatyState) -> str | None:
    return None if state.terminated_on is None else state.terminated_on.isoformat()


def amended(effective_on: str, clauses: dict[str, JSON]) -> Event:
    return ("treaty.clauses_amended", {"effective_on": effective_on, "clauses": clauses})


def lasting(until: str) -> dict[str, JSON]:
    return {**SIMPLE_CLAUSES, "duration": {"until": until}}


def test_amendments_count_by_their_days_whatever_the_order_of_recording() -> None:
    state = folded(
        registered(leaving()),
        amended("2010-01-01", leaving({"rule": "period", "period": "P2Y"})),
        amended("2005-01-01", leaving({"rule": "period", "period": "P6M"})),
        *THREE,
        notified("FRA", "2009-01-01"),
        notified("USA", "2011-01-01"),
    )

    assert (exits(state, "FRA"), exits(state, "USA")) == ([("effective", "2009-07-01")], [("effective", "2013-01-01")])


def test_the_first_of_several_exits_ends_a_treaty_whose_clause_says_so() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "bilateral_ends_on_exit": True}
    state = folded(registered(clauses), *THREE, notified("FRA", "2009-01-01"), notified("USA", "2009-06-01"))

    assert ended_on(state) == "2010-01-01"


def test_a_treaty_that_demands_one_party_lives_with_one() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 1}
    leaves = [notified(code, "2009-01-01") for code in ("FRA", "USA", "SUN")]

    assert ended_on(folded(registered(clauses), *THREE, *leaves[:2])) is None
    assert ended_on(folded(registered(clauses), *THREE, *leaves)) == "2010-01-01"


def test_a_treaty_that_never_had_its_least_number_of_parties_does_not_end_for_want_of_them() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 4}
    state = folded(registered(clauses), *THREE, notified("FRA", "2009-01-01"), notified("USA", "2010-01-01"))

    assert ended_on(state) is None


def test_a_treaty_whose_least_number_was_amended_away_does_not_end_for_want_of_parties() -> None:
    clauses: dict[str, JSON] = {**SIMPLE_CLAUSES, "minimum_parties": 2}
    leaves = [notified(code, "2009-01-01") for code in ("FRA", "USA", "SUN")]

    assert ended_on(folded(registered(clauses), amended("2005-01-01", SIMPLE_CLAUSES), *THREE, *leaves)) is None


def test_an_amendment_of_the_very_day_of_the_end_is_in_time() -> None:
    state = folded(registered(lasting("2010-01-01")), *THREE, amended("2010-01-01", lasting("2020-01-01")))

    assert ended_on(state) == "2020-01-01"
