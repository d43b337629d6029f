"""Check on which recorded facts an answer rests: a reader follows them back to their sources."""

from builders import Event, acted, ceased, completed, deposited, folded, leaving, notified, registered, revoked, signed
from law.reading import exits, reasons, row

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
NOTICE = notified("USA", "2010-01-15")
NEGOTIATED: JSON = {"rule": "negotiated", "long_stop": "P2Y"}


def rests_on(state: TreatyState) -> list[tuple[int, ...]]:
    return [exit_.basis for exit_ in state.standings["USA"].exits]


def answer_rests_on(state: TreatyState, *, on: str) -> tuple[int, ...]:
    found = row(state, "USA", on=on)
    assert found is not None
    return found.basis


def after(*more: Event, clauses: dict[str, JSON] | None = None) -> TreatyState:
    return folded(registered(clauses), JOINED, NOTICE, *more)


def test_an_exit_that_was_prolonged_rests_on_the_notice_and_on_the_decision() -> None:
    prolonged = acted("withdrawal.extended", "USA", decided_on="2010-03-01", effective_on="2013-01-01")

    assert rests_on(after(prolonged, clauses=leaving(NEGOTIATED))) == [(2, 3)]


def test_an_exit_that_was_suspended_rests_on_the_notice_and_on_who_says_so() -> None:
    assert rests_on(after(acted("withdrawal.suspended", "USA", received_on="2010-03-01"))) == [(2, 3)]


def test_an_exit_that_was_taken_back_rests_on_the_notice_and_on_its_revocation() -> None:
    assert rests_on(after(revoked("USA", "2010-03-01"))) == [(2, 3)]


def test_an_exit_whose_day_the_depositary_moved_rests_on_its_word() -> None:
    for stated in ("2010-12-01", "2011-03-01"):
        assert rests_on(after(completed("USA", stated, asserted_by="depositary"))) == [(2, 3)]


def test_an_exit_that_a_month_confirms_rests_on_who_named_the_month() -> None:
    assert rests_on(after(completed("USA", "2011-01"))) == [(2, 3)]


def test_a_former_party_rests_on_what_made_it_one_and_on_what_ended_that() -> None:
    assert answer_rests_on(after(), on="2012-01-01") == (1, 2)
    assert answer_rests_on(folded(registered(), JOINED, ceased("USA", "2010-01-01")), on="2012-01-01") == (1, 2)


def test_a_party_that_left_rests_on_what_ended_that_even_before_it_did() -> None:
    assert answer_rests_on(folded(registered(), JOINED, ceased("USA", "2010-01-01")), on="2005-01-01") == (1, 2)


def test_an_exit_in_part_that_was_taken_back_rests_on_both() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-15", scope="Part II"), revoked("USA", "2010-03-01"))

    assert rests_on(state) == [(2, 3)]


def test_an_exit_that_the_depositary_moved_keeps_that_day_when_it_is_taken_back() -> None:
    state = after(revoked("USA", "2011-01-20"), completed("USA", "2011-02-01", asserted_by="depositary"))

    assert exits(state, "USA") == [("revoked", "2011-02-01")]


def test_a_confirmation_names_the_exit_that_falls_due_first_even_if_it_was_notified_last() -> None:
    state = folded(
        registered(),
        JOINED,
        notified("USA", "2010-01-15", states_effective_on="2013-01-01"),
        notified("USA", "2010-06-15"),
        completed("USA", "2011-06"),
    )

    assert reasons(state) == []
    assert rests_on(state) == [(2,), (3, 4)]


def test_a_signatory_that_is_no_more_rests_on_what_ended_it() -> None:
    state = folded(registered(), signed("USA", "1999-01-01"), ceased("USA", "2005-01-01", "extinction"))

    assert answer_rests_on(state, on="2000-01-01") == (1, 2)


def test_an_exit_that_somebody_confirmed_rests_on_that_too() -> None:
    assert rests_on(after(completed("USA", "2011-01-15"))) == [(2, 3)]


def test_an_answer_rests_on_a_notice_only_while_it_is_pending_where_it_was_taken_back() -> None:
    state = after(revoked("USA", "2010-03-01"))

    assert [answer_rests_on(state, on=day) for day in ("2010-01-14", "2010-01-15", "2010-03-01")] == [
        (1,),
        (1, 2, 3),
        (1,),
    ]
