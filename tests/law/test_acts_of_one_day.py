"""Check acts that fall on the very day on which something else happens: where the borders of the rules lie."""

from builders import Event, acted, ceased, completed, deposited, folded, leaving, notified, registered, succeeded
from law.reading import exit_view, exits, reasons, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
NOTICE = notified("USA", "2010-01-01")
NOT_YET: dict[str, JSON] = {"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}


def after(*more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    return folded(registered(clauses), JOINED, NOTICE, *more)


def steps(state: TreatyState) -> list[tuple[str, str, str]]:
    (exit_,) = state.standings["USA"].exits
    return [(str(step.from_), step.stage.value, str(step.effective_on)) for step in exit_.steps]


def test_the_depositarys_word_after_a_deposit_of_the_day_of_effect_speaks_of_another_exit() -> None:
    state = after(deposited("USA", "2011-01-01"), completed("USA", "2012-01-01", asserted_by="depositary"))

    assert exits(state, "USA") == [("effective", "2011-01-01"), ("effective", "2012-01-01")]
    assert reasons(state) == ["completed_without_notice"]


def test_a_notice_of_the_day_of_effect_leaves_the_depositary_its_word() -> None:
    state = after(notified("USA", "2011-01-01"), completed("USA", "2011-02-01", asserted_by="depositary"))

    assert exits(state, "USA") == [("effective", "2011-02-01"), ("superseded", "2012-01-01")]


def test_a_later_notice_takes_the_depositarys_word_for_itself() -> None:
    state = after(notified("USA", "2011-01-02"), completed("USA", "2011-02-01", asserted_by="depositary"))

    assert exits(state, "USA") == [("effective", "2011-01-01")]


def test_a_notice_given_in_an_armed_conflict_is_held_from_its_first_day() -> None:
    state = after(
        acted("armed_conflict.began", "USA", on="2009-06-01"),
        acted("armed_conflict.ended", "USA", on="2012-01-01"),
        clauses=leaving(deferred_by_armed_conflict=True),
    )

    assert steps(state) == [("2010-01-01", "held", "None")]
    assert exits(state, "USA") == [("effective", "2012-01-01")]


def test_a_notice_given_before_an_armed_conflict_is_held_from_where_that_begins() -> None:
    state = after(
        acted("armed_conflict.began", "USA", on="2010-06-01"),
        acted("armed_conflict.ended", "USA", on="2012-01-01"),
        clauses=leaving(deferred_by_armed_conflict=True),
    )

    assert steps(state) == [("2010-01-01", "notified", "2011-01-01"), ("2010-06-01", "held", "None")]


def test_without_a_clause_a_notice_may_state_its_own_day() -> None:
    silent: dict[str, JSON] = {**leaving(), "withdrawal": {"article": "none"}}
    state = folded(registered(silent), JOINED, notified("USA", "2010-01-01", states_effective_on="2010-01-01"))

    assert exits(state, "USA") == [("effective", "2010-01-01")]
    assert reasons(state) == []


def test_a_notice_of_one_day_may_state_its_own_day() -> None:
    one_day = leaving({"rule": "period", "period": "P1D"})
    state = folded(registered(one_day), JOINED, notified("USA", "2010-01-01", states_effective_on="2010-01-01"))

    assert exits(state, "USA") == [("effective", "2010-01-01")]
    assert reasons(state) == []


def test_a_deposit_that_does_not_complete_the_number_is_not_measured() -> None:
    window: JSON = {"rule": "window", "anchor": "2000-01-01", "every": "P10Y", "open": "P1Y", "notice": "P1Y"}
    clauses: dict[str, JSON] = {"entry_into_force": {"rule": "after_deposits", "count": 2, "delay": window}}
    state = folded(registered(clauses), deposited("FRA", "2005-01-01"), deposited("DEU", "2010-06-01"))

    assert str(state.rules.in_force_from) == "2011-06-01"


def told(state: TreatyState) -> list[tuple[str, str, bool]]:
    return [(spell.consent.value, spell.mode, spell.approximate) for spell in state.standings["CZE"].spells]


def test_a_succession_of_an_unknown_day_is_a_succession_all_the_same() -> None:
    state = folded(registered(), succeeded("CZE", "1996-12"))

    assert told(state) == [("contracting", "succession", True), ("party", "succession", True)]


def test_a_succession_is_as_precise_as_the_day_it_states() -> None:
    for stated, approximate in [("1993-01-01", False), ("1993-01", True)]:
        state = folded(registered(), succeeded("CZE", "2002-12-11", states_effective_on=stated))
        assert told(state)[-1] == ("party", "succession", approximate)


def test_a_succession_makes_nobody_a_party_to_a_treaty_that_waits_for_deposits() -> None:
    state = folded(registered(NOT_YET), succeeded("CZE", "1996-12-11", states_effective_on="1993-01-01"))

    assert spells(state, "CZE") == [("contracting", "1993-01-01", None)]


def test_one_that_is_put_out_on_the_day_it_was_to_become_a_party_never_was_one() -> None:
    state = folded(registered(), JOINED, ceased("USA", "2001-01-31"))

    assert spells(state, "USA") == [("contracting", "2001-01-01", "2001-01-31")]


def test_what_was_overtaken_is_closed_on_the_day_that_something_else_ended_the_membership() -> None:
    state = after(ceased("USA", "2010-06-01"), deposited("USA", "2010-08-01"))

    assert [str(exit_.closed_on) for exit_ in state.standings["USA"].exits] == ["2010-06-01", "2010-06-01"]
    assert exit_view(state, "USA", on="2010-10-01") is None


def test_a_notice_without_a_day_is_held_by_no_armed_conflict() -> None:
    state = after(
        acted("armed_conflict.began", "USA", on="2009-06-01"),
        clauses=leaving({"rule": "no_clause"}, deferred_by_armed_conflict=True),
    )

    assert steps(state) == [("2010-01-01", "notified", "None")]


def test_a_consent_that_was_taken_back_is_as_precise_as_it_was() -> None:
    withdrawn = acted("consent.withdrawn", "USA", received_on="2003-01-01")
    state = folded(registered(NOT_YET), JOINED, withdrawn)

    assert [spell.approximate for spell in state.standings["USA"].spells] == [False]


def test_a_former_party_is_one_by_exit() -> None:
    assert [spell.mode for spell in after().standings["USA"].spells] == ["accession", "accession", "exit"]
