"""Check dates known only to the month or the year: they count from their first possible day, and are marked."""

import pytest
from builders import acted, ceased, completed, deposited, fact, folded, leaving, notified, registered, signed
from law.reading import exit_view, exits, parties, reasons, row, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.days import days_of_receipt, is_imprecise_on
from treaty_projector.law.membership import MemberRow
from treaty_projector.law.state import TreatyState

USA = deposited("USA", "2001-01-01")


def found(state: TreatyState, *, on: str) -> MemberRow:
    answer = row(state, "USA", on=on)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("day", "first"), [("1992-05", "1992-05-01"), ("1992", "1992-01-01"), ("1992-05-07", "1992-05-07")]
)
def test_an_imprecise_day_counts_from_its_first_possible_one(day: str, first: str) -> None:
    assert spells(folded(registered(), signed("USA", day)), "USA") == [("signatory", first, None)]


@pytest.mark.parametrize(("day", "approximate"), [("1992-05", True), ("1992", True), ("1992-05-07", False)])
def test_what_rests_on_an_imprecise_day_is_approximate(day: str, *, approximate: bool) -> None:
    assert found(folded(registered(), signed("USA", day)), on="1995-01-01").approximate is approximate
    assert found(folded(registered(), deposited("USA", day)), on="2005-01-01").approximate is approximate


def test_an_exit_of_an_imprecise_day_makes_an_approximate_former_party() -> None:
    state = folded(registered(), USA, notified("USA", "2010-05"))
    assert exits(state, "USA") == [("effective", "2011-05-01")]
    assert state.standings["USA"].exits[0].approximate
    assert [found(state, on=day).approximate for day in ("2010-01-01", "2012-01-01")] == [True, True]


def test_a_decision_of_an_imprecise_day_makes_an_approximate_former_party() -> None:
    assert found(folded(registered(), USA, ceased("USA", "2010")), on="2012-01-01").approximate


def test_an_exit_is_as_precise_as_the_receipt_that_counts() -> None:
    receipts: JSON = [{"by": "CAN", "on": "2010-05"}, {"by": "HUN", "on": "2010-06-10"}]
    state = folded(registered(), USA, acted("withdrawal.notified", "USA", received=receipts))
    assert exits(state, "USA") == [("effective", "2011-06-10")]
    assert not state.standings["USA"].exits[0].approximate


@pytest.mark.parametrize("stated", ["2011", "2011-05"])
def test_a_stated_month_or_year_that_holds_the_computed_day_agrees_with_it(stated: str) -> None:
    state = folded(registered(leaving()), USA, notified("USA", "2010-05-22", states_effective_on=stated))
    assert exits(state, "USA") == [("effective", "2011-05-22")]
    assert not state.standings["USA"].exits[0].approximate
    assert reasons(state) == []


def test_a_stated_later_year_counts_from_its_first_day_and_is_approximate() -> None:
    state = folded(registered(), USA, notified("USA", "2010-05-22", states_effective_on="2012"))
    assert exits(state, "USA") == [("effective", "2012-01-01")]
    assert state.standings["USA"].exits[0].approximate


def test_a_stated_earlier_month_is_before_the_earliest() -> None:
    state = folded(registered(), USA, notified("USA", "2010-05-22", states_effective_on="2011-04"))
    assert reasons(state) == ["stated_before_earliest"]


@pytest.mark.parametrize("stated", ["2002", "2002-03"])
def test_a_stated_month_or_year_that_holds_the_receipt_is_not_before_it(stated: str) -> None:
    state = folded(registered(), deposited("USA", "2002-03-05", states_effective_on=stated))
    assert spells(state, "USA") == [("party", "2002-03-05", None)]
    assert found(state, on="2003-01-01").approximate
    assert reasons(state) == []


@pytest.mark.parametrize("stated", ["2011-01", "2011"])
def test_a_completion_known_to_the_month_or_year_confirms_the_exit_it_holds(stated: str) -> None:
    state = folded(registered(), USA, notified("USA", "2010-01-15"), completed("USA", stated))
    assert exits(state, "USA") == [("effective", "2011-01-15")]
    assert reasons(state) == []


def test_a_signal_known_to_the_year_is_shown_from_its_first_day() -> None:
    state = folded(registered(), USA, acted("withdrawal.announced", "USA", announced_on="2018"))
    view = exit_view(state, "USA", on="2018-01-01")
    assert view is not None
    assert view.stage.value == "announced"


def test_an_imprecise_deposit_counts_for_entry_into_force_from_its_first_day() -> None:
    clauses: dict[str, JSON] = {
        "entry_into_force": {"rule": "after_deposits", "count": 1, "delay": {"rule": "immediate"}}
    }
    assert parties(folded(registered(clauses), deposited("USA", "1999-07")), on="1999-07-01") == {"USA"}


def test_an_act_that_nobody_receives_has_no_day_of_receipt() -> None:
    signature = fact(signed("USA", "1992-05")[0], 0, signed("USA", "1992-05")[1])
    assert days_of_receipt(signature) == ()
    assert not is_imprecise_on(signature, signature.day)
