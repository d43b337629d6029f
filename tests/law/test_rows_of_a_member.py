"""Check how a standing is cut into rows: one for each time in which the answer stays the same, and no more."""

import pytest
from builders import acted, ceased, deposited, fact, folded, leaving, notified, registered, revoked, signed
from law.reading import consent, row, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import Folding
from treaty_projector.law.membership import member_rows
from treaty_projector.law.state import TreatyState

JOINED = deposited("USA", "2001-01-01")
NOT_YET: dict[str, JSON] = {"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}


def days(state: TreatyState) -> list[tuple[str, str]]:
    """Return the first day of each row, and the first day after it."""
    return [(str(found.period.from_), str(found.period.until)) for found in member_rows(state.standings["USA"])]


def test_a_day_on_which_the_answer_stays_the_same_is_no_border() -> None:
    about_nothing = acted("contest.raised", "USA", about=99, by="JPN", on="2005-01-01")

    assert days(folded(registered(), JOINED, about_nothing)) == [("2001-01-01", "2001-01-31"), ("2001-01-31", "None")]


def test_several_such_days_are_no_borders_either() -> None:
    contests = [acted("contest.raised", "USA", about=99, by="JPN", on=f"200{year}-01-01") for year in (3, 5, 7)]
    closed = acted("contest.closed", "USA", about=99, by="JPN", on="2008-01-01")

    state = folded(registered(), JOINED, *contests, closed)

    assert days(state) == [("2001-01-01", "2001-01-31"), ("2001-01-31", "None")]


def test_the_times_before_and_after_a_notice_that_was_taken_back_are_two_rows() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), revoked("USA", "2010-03-01"))

    assert days(state)[1:] == [
        ("2001-01-31", "2010-01-01"),
        ("2010-01-01", "2010-03-01"),
        ("2010-03-01", "None"),
    ]


def test_a_row_tells_the_spell_it_lies_in_and_not_its_own_days() -> None:
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"))

    found = row(state, "USA", on="2010-06-01")
    assert found is not None
    assert (str(found.since), str(found.until)) == ("2001-01-31", "2011-01-01")


def test_a_member_whose_notice_is_said_to_be_suspended_is_contested() -> None:
    suspended = acted("withdrawal.suspended", "USA", received_on="2010-03-01")
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), suspended)

    found = [row(state, "USA", on=day) for day in ("2010-02-28", "2010-03-01")]
    assert [answer is not None and answer.contested for answer in found] == [False, True]
    assert [answer is not None and answer.exit is not None and answer.exit.contested for answer in found] == [
        False,
        True,
    ]


def test_a_contest_of_the_consent_is_none_of_the_exit() -> None:
    contest = acted("contest.raised", "USA", about=1, by="JPN", on="2010-02-01")
    state = folded(registered(), JOINED, notified("USA", "2010-01-01"), contest)

    found = row(state, "USA", on="2010-03-01")
    assert found is not None
    assert found.exit is not None
    assert (found.contested, found.exit.contested) == (True, False)


@pytest.mark.parametrize("reason", ["extinction", "merger"])
def test_a_signatory_that_is_no_more_is_nothing(reason: str) -> None:
    state = folded(registered(), signed("USA", "1999-01-01"), ceased("USA", "2005-01-01", reason))

    assert spells(state, "USA") == [("signatory", "1999-01-01", "2005-01-01")]


@pytest.mark.parametrize(("reason", "left"), [("expulsion", "signatory"), ("merger", "none")])
def test_one_that_signed_and_was_not_yet_a_party_is_a_signatory_again_unless_it_is_no_more(
    reason: str, left: str
) -> None:
    state = folded(
        registered(NOT_YET),
        signed("USA", "1999-01-01"),
        deposited("USA", "2001-01-01"),
        ceased("USA", "2005-01-01", reason),
    )

    assert consent(state, "USA", on="2006-01-01") == left


def test_a_fact_about_one_participant_leaves_what_was_concluded_of_others_untouched() -> None:
    folding = Folding("test", successions={})
    told = [registered(leaving()), JOINED, deposited("FRA", "2001-01-01")]
    for position, (type_, data) in enumerate(told):
        folding.step(fact(type_, position, data))
    before = folding.state.standings["FRA"]

    type_, data = notified("USA", "2010-01-01")
    folding.step(fact(type_, len(told), data))

    assert folding.state.standings["FRA"] is before
    assert folding.participants == {"USA", "FRA"}
