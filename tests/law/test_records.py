"""Check what superseding a record does, and how several reports of one act are read."""

import pytest
from builders import Event, acted, deposited, fact, facts, folded, notified, registered, revoked, superseded
from law.reading import exits, parties, pending, reasons, row, spells

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.state import TreatyState

BEL = deposited("BEL", "2001-01-01")


def contested(about: int, *, closed: bool = False) -> Event:
    type_ = "contest.closed" if closed else "contest.raised"
    return acted(type_, "BEL", about=about, by="JPN", on="2012-01-01" if closed else "2010-06-01")


def reported(*reports: tuple[str, Event]) -> TreatyState:
    """Fold what several sources report, after a registration and an accession by one of them."""
    first = [fact(*_at(0, registered())), fact(*_at(1, BEL))]
    more = [fact(event[0], 2 + number, event[1], source=source) for number, (source, event) in enumerate(reports)]
    return fold("test", [*first, *more], successions={})


def _at(position: int, event: Event) -> tuple[str, int, dict[str, JSON]]:
    return event[0], position, dict(event[1])


def test_a_superseded_record_has_no_effect() -> None:
    state = folded(registered(), BEL, notified("BEL", "2010-01-01"), superseded(2))
    assert exits(state, "BEL") == []
    assert parties(state, on="2012-01-01") == {"BEL"}


def test_a_replacement_takes_the_place_of_the_record() -> None:
    state = folded(registered(), BEL, notified("BEL", "2010-03-05"), superseded(2, notified("BEL", "2010-05-03")))
    assert exits(state, "BEL") == [("effective", "2011-05-03")]


def test_what_is_said_rests_on_the_replacement() -> None:
    state = folded(registered(), BEL, notified("BEL", "2010-03-05"), superseded(2, notified("BEL", "2010-05-03")))
    found = row(state, "BEL", on="2010-06-01")
    assert found is not None
    assert found.basis == (1, 3)


def test_a_replacement_may_be_about_somebody_else() -> None:
    state = folded(
        registered(),
        BEL,
        deposited("GMB", "2001-01-01"),
        notified("BEL", "2010-01-01"),
        superseded(3, notified("GMB", "2010-01-01")),
    )
    assert parties(state, on="2012-01-01") == {"BEL"}


def test_a_replacement_may_be_of_another_type() -> None:
    announced = acted("withdrawal.announced", "BEL", announced_on="2010-01-01")
    state = folded(registered(), BEL, notified("BEL", "2010-01-01"), superseded(2, announced))
    assert exits(state, "BEL") == []
    assert len(state.standings["BEL"].signals) == 1


def test_superseding_a_supersession_brings_the_record_back() -> None:
    state = folded(registered(), BEL, notified("BEL", "2010-01-01"), superseded(2), superseded(3))
    assert exits(state, "BEL") == [("effective", "2011-01-01")]


def test_superseding_a_replacement_without_another_brings_the_first_record_back() -> None:
    state = folded(
        registered(), BEL, notified("BEL", "2010-03-05"), superseded(2, notified("BEL", "2010-05-03")), superseded(3)
    )
    assert exits(state, "BEL") == [("effective", "2011-03-05")]


def test_a_replacement_of_a_replacement_stands_alone() -> None:
    state = folded(
        registered(),
        BEL,
        notified("BEL", "2010-03-05"),
        superseded(2, notified("BEL", "2010-05-03")),
        superseded(3, notified("BEL", "2010-06-03")),
    )
    assert exits(state, "BEL") == [("effective", "2011-06-03")]


def test_a_replacement_of_a_retraction_stands_in_the_place_of_the_record() -> None:
    state = folded(
        registered(), BEL, notified("BEL", "2010-03-05"), superseded(2), superseded(3, notified("BEL", "2010-06-03"))
    )
    assert exits(state, "BEL") == [("effective", "2011-06-03")]


def test_without_its_registration_a_treaty_has_no_members() -> None:
    assert folded(registered(), BEL, superseded(0)).standings == {}


def test_facts_recorded_while_the_registration_is_out_count_once_it_is_back() -> None:
    events = [registered(), superseded(0), BEL, superseded(1)]
    assert folded(*events[:3]).standings == {}
    assert parties(folded(*events), on="2002-01-01") == {"BEL"}


def test_a_corrected_registration_brings_its_own_clauses() -> None:
    state = folded(registered({}), BEL, superseded(0, registered()))
    assert parties(state, on="2002-01-01") == {"BEL"}


@pytest.mark.parametrize("late", [False, True])
def test_a_contest_follows_the_record_to_its_replacement(*, late: bool) -> None:
    correction = superseded(2, notified("BEL", "2010-05-03"))
    events = [registered(), BEL, notified("BEL", "2010-03-05")]
    state = folded(*events, *([correction, contested(2)] if late else [contested(2), correction]))
    found = row(state, "BEL", on="2010-07-01")
    assert found is not None
    assert found.contested


def test_a_contest_follows_the_record_step_by_step() -> None:
    events = [
        registered(),
        BEL,
        notified("BEL", "2010-03-05"),
        superseded(2, notified("BEL", "2010-05-03")),
        contested(2),
    ]
    folding = Folding("test", successions={})
    for each in facts(events):
        folding.step(each)
    assert folding.state == folded(*events)


def test_the_closing_of_a_contest_follows_too() -> None:
    correction = superseded(2, notified("BEL", "2010-05-03"))
    state = folded(
        registered(), BEL, notified("BEL", "2010-03-05"), contested(2), correction, contested(4, closed=True)
    )
    found = row(state, "BEL", on="2012-01-01")
    assert found is not None
    assert not found.contested


def test_a_contest_of_a_retracted_record_marks_nothing() -> None:
    state = folded(registered(), BEL, notified("BEL", "2010-03-05"), contested(2), superseded(2))
    found = row(state, "BEL", on="2010-07-01")
    assert found is not None
    assert not found.contested


def test_several_reports_of_one_notice_are_one_notice() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-01")), ("urn:b", notified("BEL", "2010-02-01")))
    assert len(exits(state, "BEL")) == 1


def test_the_depositarys_report_is_stronger_than_any_other() -> None:
    state = reported(
        ("urn:a", notified("BEL", "2010-01-10", asserted_by="depositary")),
        ("urn:b", notified("BEL", "2010-01-01", asserted_by="official")),
        ("urn:c", notified("BEL", "2010-01-05", asserted_by="party")),
        ("urn:d", notified("BEL", "2010-01-07", asserted_by="press")),
    )
    assert exits(state, "BEL") == [("effective", "2011-01-10")]


def test_of_equally_strong_reports_the_latest_recorded_wins() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-10")), ("urn:b", notified("BEL", "2010-01-01")))
    assert exits(state, "BEL") == [("effective", "2011-01-01")]


def test_weaker_reports_stay_visible_in_the_basis() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-10")), ("urn:b", notified("BEL", "2010-01-01")))
    found = row(state, "BEL", on="2010-06-01")
    assert found is not None
    assert found.basis == (1, 2, 3)


def test_who_contests_a_weaker_report_contests_the_act() -> None:
    state = reported(
        ("urn:a", notified("BEL", "2010-01-10")), ("urn:b", notified("BEL", "2010-01-01")), ("urn:a", contested(2))
    )
    found = row(state, "BEL", on="2010-07-01")
    assert found is not None
    assert found.contested


def test_reports_of_one_source_are_different_acts() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-10")), ("urn:a", notified("BEL", "2010-01-01")))
    assert exits(state, "BEL") == [("effective", "2011-01-01"), ("superseded", "2011-01-10")]


@pytest.mark.parametrize(("day", "notices"), [("2010-02-01", 1), ("2010-02-02", 2)])
def test_reports_more_than_31_days_apart_are_different_acts(day: str, notices: int) -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-01")), ("urn:b", notified("BEL", day)))
    assert len(exits(state, "BEL")) == notices


def test_reports_that_lie_far_apart_are_of_different_acts_in_whatever_order_they_are_recorded() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-01")), ("urn:b", notified("BEL", "2005-01-01")))
    assert len(exits(state, "BEL")) == 1
    assert reasons(state) == ["not_a_party"]


def test_reports_of_different_types_are_different_acts() -> None:
    state = reported(("urn:a", notified("BEL", "2010-01-01")), ("urn:b", revoked("BEL", "2010-01-02")))
    assert exits(state, "BEL") == [("revoked", "2011-01-01")]


def test_a_second_report_of_a_deposit_is_not_odd() -> None:
    state = reported(("urn:b", deposited("BEL", "2001-01-15", asserted_by="press")))
    assert spells(state, "BEL")[0] == ("contracting", "2001-01-01", "2001-01-31")
    assert reasons(state) == []


def test_a_weaker_report_counts_once_the_stronger_one_is_superseded() -> None:
    recorded = [
        *facts([registered(), BEL]),
        fact(*_at(2, notified("BEL", "2010-01-10", asserted_by="depositary"))),
        fact("withdrawal.notified", 3, dict(notified("BEL", "2010-01-01")[1]), source="urn:other"),
        fact(*_at(4, superseded(2))),
    ]
    state = fold("test", recorded, successions={})
    assert pending(state, "BEL", on="2010-06-01") == ("notified", "2011-01-01")


def test_reservations_that_two_sources_report_are_listed_twice() -> None:
    made = acted("reservation.made", "BEL", received_on="2001-01-01")
    state = reported(("urn:a", made), ("urn:b", made))
    assert [note.position for note in state.standings["BEL"].reservations] == [2, 3]


def test_taking_one_supersession_back_leaves_an_earlier_one_in_place() -> None:
    state = folded(
        registered(),
        BEL,
        notified("BEL", "2010-01-01"),
        superseded(2),
        deposited("GMB", "2001-01-01"),
        superseded(4),
        superseded(5),
    )
    assert parties(state, on="2012-01-01") == {"BEL", "GMB"}
