"""A fact beside membership that has nothing to act upon is accepted, changes nothing, and is named as odd."""

import pytest
from builders import Event, acted, deposited, folded, notified, registered, signed, superseded
from law.reading import parties, reasons

from treaty_projector.law.anomalies import Reason

JOINED = deposited("USA", "2001-01-01")


def contest(type_: str, *, about: int = 1, by: str = "JPN", on: str) -> Event:
    return acted(type_, "USA", about=about, by=by, on=on)


PAIRS = [
    ("armed_conflict.began", "armed_conflict.ended", "on"),
    ("operation.suspended", "operation.resumed", "effective_on"),
    ("provisional_application.started", "provisional_application.ended", "effective_on"),
    ("reservation.made", "reservation.withdrawn", "received_on"),
    ("restriction.imposed", "restriction.lifted", "on"),
]


@pytest.mark.parametrize(("begins", "ends", "day"), PAIRS)
def test_an_end_of_what_never_began_ends_nothing(begins: str, ends: str, day: str) -> None:
    end = acted(ends, "USA", **{day: "2010-01-01"})
    assert reasons(folded(registered(), JOINED, end)) == ["nothing_to_end"]
    assert parties(folded(registered(), JOINED, end), on="2011-01-01") == {"USA"}

    before, on_the_day = (acted(begins, "USA", **{day: given}) for given in ("2009-01-01", "2010-01-01"))
    assert reasons(folded(registered(), JOINED, end, before)) == []
    assert reasons(folded(registered(), JOINED, end, on_the_day)) == []
    later = acted(begins, "USA", **{day: "2010-01-02"})
    assert reasons(folded(registered(), JOINED, end, later)) == ["nothing_to_end"]
    others = acted(begins, "FRA", **{day: "2009-01-01"})
    assert "nothing_to_end" in reasons(folded(registered(), JOINED, deposited("FRA", "2001-01-01"), end, others))


@pytest.mark.parametrize(("begins", "ends", "day"), PAIRS)
def test_of_several_beginnings_the_first_counts_and_none_of_another_kind(begins: str, ends: str, day: str) -> None:
    end = acted(ends, "USA", **{day: "2010-01-01"})
    early, late = (acted(begins, "USA", **{day: given}) for given in ("2009-01-01", "2011-01-01"))
    others = [acted(type_, "USA", **{its_day: "2009-01-01"}) for type_, _, its_day in PAIRS if type_ != begins]

    assert reasons(folded(registered(), JOINED, end, early, late)) == []
    assert reasons(folded(registered(), JOINED, end, late, early)) == []
    (found,) = folded(registered(), JOINED, *others, end).standings["USA"].anomalies
    assert (found.position, found.reason, found.participant) == (2 + len(others), Reason.NOTHING_TO_END, "USA")


@pytest.mark.parametrize(("begins", "ends", "day"), PAIRS)
@pytest.mark.parametrize("vague", ["2010", "2010-05"])
def test_an_end_in_a_month_may_end_what_began_within_it(begins: str, ends: str, day: str, vague: str) -> None:
    began = acted(begins, "USA", **{day: "2010-05-31"})
    assert reasons(folded(registered(), JOINED, began, acted(ends, "USA", **{day: vague}))) == []


def test_a_contest_is_closed_by_whoever_raised_it_about_the_same_record() -> None:
    raised = contest("contest.raised", on="2009-01-01")
    assert reasons(folded(registered(), JOINED, raised, contest("contest.closed", on="2010-01-01"))) == []
    for closed in (
        contest("contest.closed", by="FRA", on="2010-01-01"),
        contest("contest.closed", about=0, on="2010-01-01"),
        contest("contest.closed", on="2008-12-31"),
    ):
        assert reasons(folded(registered(), JOINED, raised, closed)) == ["nothing_to_end"]


@pytest.mark.parametrize(
    ("resumed", "odd"),
    [
        ({}, []),
        ({"towards": ["RUS"]}, []),
        ({"towards": ["RUS", "BLR"]}, []),
        ({"towards": ["BLR"]}, ["nothing_to_end"]),
        ({"scope": "article 5"}, []),
        ({"scope": "article 6"}, ["nothing_to_end"]),
    ],
)
def test_a_resumption_ends_a_suspension_that_it_covers(resumed: dict[str, str], odd: list[str]) -> None:
    suspended = acted("operation.suspended", "USA", effective_on="2009-01-01", towards=["RUS"], scope="article 5")
    state = folded(
        registered(), JOINED, suspended, acted("operation.resumed", "USA", effective_on="2010-01-01", **resumed)
    )
    assert reasons(state) == odd


def test_nothing_is_suspended_for_one_who_is_not_bound() -> None:
    suspended = acted("operation.suspended", "USA", effective_on="2010-01-01")
    resumed = acted("operation.resumed", "USA", effective_on="2011-01-01")
    provisionally = acted("provisional_application.started", "USA", effective_on="2009-01-01")

    assert reasons(folded(registered(), suspended)) == ["not_in_operation"]
    assert reasons(folded(registered(), signed("USA", "2009-01-01"), suspended)) == ["not_in_operation"]
    assert reasons(folded(registered(), suspended, resumed, deposited("USA", "2011-01-01"))) == ["not_in_operation"]
    assert reasons(folded(registered(), notified("USA", "2005-01-01"), JOINED, suspended)) == ["not_in_operation"]
    assert reasons(folded(registered(), suspended, deposited("USA", "2011-01-01"))) == []
    assert reasons(folded(registered(), signed("USA", "2009-01-01"), provisionally, suspended)) == []
    assert reasons(folded(registered(), JOINED, suspended)) == []


def test_only_a_signatory_renounces_an_intention() -> None:
    renounced = acted("intention.renounced", "USA", received_on="2002-05-06")
    assert reasons(folded(registered(), signed("USA", "2000-12-31"), renounced)) == []
    assert reasons(folded(registered(), renounced)) == ["not_a_signatory"]
    assert reasons(folded(registered(), signed("USA", "2002-05-07"), renounced)) == ["not_a_signatory"]
    assert reasons(folded(registered(), signed("USA", "2000-12-31"), JOINED, renounced)) == ["not_a_signatory"]


def test_what_is_odd_is_no_longer_once_the_record_that_was_missing_comes() -> None:
    lifted = acted("restriction.lifted", "USA", on="2010-01-01")
    imposed = acted("restriction.imposed", "USA", on="2009-01-01")
    assert reasons(folded(registered(), JOINED, lifted)) == ["nothing_to_end"]
    assert reasons(folded(registered(), JOINED, lifted, imposed)) == []
    assert reasons(folded(registered(), JOINED, lifted, imposed, superseded(3))) == ["nothing_to_end"]
