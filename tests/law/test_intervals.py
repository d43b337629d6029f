"""Check suspensions, provisional application, contests and signals to the day, and on what each rests."""

import datetime as dt

import pytest
from builders import Event, acted, deposited, fact, facts, folded, notified, registered, revoked, signed
from law.reading import exit_view, row

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import fold
from treaty_projector.law.operation import armed_conflicts, provisional_applications, signals, suspensions
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Dispute, Fact, Interval, Note, Signal, Stage, Standing

RUS = deposited("RUS", "2001-01-01")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def period(from_: str, until: str | None = None) -> Period:
    return Period(day(from_), None if until is None else day(until))


def standing(told: list[Fact]) -> Standing:
    """Return what is concluded of the participant under a treaty that was registered last."""
    type_, data = registered()
    return fold("test", [*told, fact(type_, len(told), data)], successions={}).standings["RUS"]


def suspended(on: str, **more: JSON) -> Event:
    return acted("operation.suspended", "RUS", effective_on=on, **more)


def resumed(on: str, **more: JSON) -> Event:
    return acted("operation.resumed", "RUS", effective_on=on, **more)


def began(on: str) -> Event:
    return acted("armed_conflict.began", "RUS", on=on)


def ended(on: str) -> Event:
    return acted("armed_conflict.ended", "RUS", on=on)


def announced(on: str) -> Event:
    return acted("withdrawal.announced", "RUS", announced_on=on)


def launched(on: str) -> Event:
    return acted("withdrawal.procedure_step", "RUS", step="launched", on=on)


def raised(on: str, *, about: int = 2, by: str = "JPN") -> Event:
    return acted("contest.raised", "RUS", about=about, by=by, on=on)


def closed(on: str, *, about: int = 2, by: str = "JPN") -> Event:
    return acted("contest.closed", "RUS", about=about, by=by, on=on)


def test_a_suspension_lasts_until_the_first_resumption_that_follows() -> None:
    told = facts([resumed("2006-01-01"), suspended("2007-12-12"), resumed("2010-01-01"), resumed("2009-01-01")])

    assert suspensions(told) == (Interval("suspended", period("2007-12-12", "2009-01-01"), (), None, (1, 3)),)


def test_a_suspension_resumed_on_its_own_day_has_no_day() -> None:
    (interval,) = suspensions(facts([suspended("2007-12-12"), resumed("2007-12-12")]))

    assert interval.period.is_empty


def test_a_suspension_without_a_resumption_has_no_end() -> None:
    assert suspensions(facts([suspended("2007-12-12", towards=["POL", "CZE"], scope="Art. 5")])) == (
        Interval("suspended", period("2007-12-12"), ("POL", "CZE"), "Art. 5", (0,)),
    )


def test_an_interval_rests_on_both_its_ends_in_order() -> None:
    (interval,) = suspensions(facts([resumed("2010-01-01"), suspended("2007-12-12")]))

    assert interval.basis == (0, 1)


def test_provisional_application_is_ended_only_by_its_own_end() -> None:
    told = facts(
        [
            acted("provisional_application.started", "RUS", effective_on="1994-12-17"),
            resumed("1995-01-01"),
            acted("provisional_application.ended", "RUS", received_on="2009-10-18"),
        ]
    )

    assert provisional_applications(told) == (
        Interval("provisionally_applied", period("1994-12-17", "2009-10-18"), (), None, (0, 2)),
    )


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([began("2010-01-01"), ended("2011-01-01")], [period("2010-01-01", "2011-01-01")]),
        ([ended("2011-01-01"), began("2010-01-01")], [period("2010-01-01", "2011-01-01")]),
        ([began("2010-01-01")], [period("2010-01-01")]),
        ([ended("2010-01-01")], []),
        ([began("2010-01-01"), began("2010-06-01"), ended("2011-01-01")], [period("2010-01-01", "2011-01-01")]),
        ([began("2010-01-01"), ended("2011-01-01"), ended("2012-01-01")], [period("2010-01-01", "2011-01-01")]),
        (
            [began("2010-01-01"), ended("2011-01-01"), began("2011-01-01"), ended("2012-01-01")],
            [period("2010-01-01", "2012-01-01")],
        ),
        (
            [began("2010-01-01"), ended("2011-01-01"), began("2013-01-01")],
            [period("2010-01-01", "2011-01-01"), period("2013-01-01")],
        ),
    ],
)
def test_a_conflict_lasts_from_where_it_begins_to_where_it_ends(events: list[Event], expected: list[Period]) -> None:
    assert armed_conflicts(facts(events)) == tuple(expected)


def test_a_contest_is_closed_by_the_first_closing_of_the_same_matter_by_the_same_one() -> None:
    told = facts(
        [
            raised("2003-01-11"),
            closed("2003-01-10"),
            closed("2003-02-01", about=7),
            closed("2003-02-02", by="KOR"),
            closed("2003-04-01"),
            closed("2003-03-01"),
        ]
    )

    assert standing(told).disputes == (
        Dispute("contest", "JPN", "2003-01-11", period("2003-01-11", "2003-03-01"), 2, None, None, (), 0),
    )


def test_a_contest_may_be_closed_on_the_day_it_was_raised() -> None:
    (contest,) = standing(facts([raised("2003-01-11"), closed("2003-01-11")])).disputes

    assert contest.period.is_empty


def test_contests_and_breaches_are_listed_in_the_order_of_their_days() -> None:
    told = facts(
        [acted("breach.denied", "RUS", against="USA", on="2014-08-01", provisions=["IV"]), raised("2015-01-01")]
    )

    assert standing(told).disputes[0] == Dispute(
        "breach_denied", "RUS", "2014-08-01", period("2014-08-01"), None, "USA", None, ("IV",), 0
    )
    assert [dispute.kind for dispute in standing(told).disputes] == ["breach_denied", "contest"]


def test_each_note_is_in_the_list_of_its_kind() -> None:
    told = facts(
        [
            acted("reservation.made", "RUS", received_on="2001-01-01"),
            acted("reservation.withdrawn", "RUS", received_on="2002-01-01"),
            acted("declaration.made", "RUS", received_on="2003-01-01"),
            acted("objection.made", "RUS", received_on="2004-01-01", to="USA", precludes_entry_into_force=True),
            acted("territory.extended", "RUS", territory="FRO", effective_on="2005-01-01"),
            acted("territory.excluded", "RUS", territory="FRO", effective_on="2006-01-01"),
            acted("appeal.made", "RUS", by="EU", on="2007-01-01"),
            acted("proposal.made", "RUS", on="2008-01-01", to=["USA", "FRA"]),
            acted("proposal.declined", "RUS", on="2009-01-01"),
            acted("restriction.imposed", "RUS", on="2010-01-01", area="Kaliningrad"),
            acted("restriction.lifted", "RUS", on="2011-01-01"),
            acted("intention.renounced", "RUS", received_on="2012-01-01"),
        ]
    )

    assert [note.position for note in standing(told).reservations] == [0, 1, 2, 3]
    assert [note.position for note in standing(told).territories] == [4, 5]
    assert [note.position for note in standing(told).remarks] == [6, 7, 8, 9, 10, 11]
    assert standing(told).reservations[3].values == (("precludes_entry_into_force", "True"), ("to", "USA"))
    assert standing(told).remarks[1] == Note(
        "proposal.made", "2008-01-01", (("on", "2008-01-01"), ("to", "USA; FRA")), 7
    )


def followed(*events: Event, consumed_on: tuple[str, ...] = ()) -> tuple[Signal, ...]:
    return signals(facts(events), consumed_on=[day(text) for text in consumed_on])


def test_an_announcement_stands_until_something_consumes_it() -> None:
    assert followed(announced("2020-01-01"), consumed_on=("2021-01-01",)) == (
        Signal(Stage.ANNOUNCED, period("2020-01-01", "2021-01-01"), day("2020-01-01"), (0,)),
    )


def test_a_domestic_step_ends_the_announcement_and_rests_on_it() -> None:
    assert followed(launched("2020-06-01"), announced("2020-01-01"), launched("2020-07-01")) == (
        Signal(Stage.ANNOUNCED, period("2020-01-01", "2020-06-01"), day("2020-01-01"), (1,)),
        Signal(Stage.DOMESTIC, period("2020-06-01"), day("2020-06-01"), (0, 1, 2)),
    )


def test_an_announcement_after_a_domestic_step_is_no_signal_of_its_own() -> None:
    assert followed(launched("2020-06-01"), announced("2020-07-01")) == (
        Signal(Stage.DOMESTIC, period("2020-06-01"), day("2020-06-01"), (0, 1)),
    )


def test_a_sign_of_the_day_on_which_signs_are_consumed_belongs_to_the_time_after() -> None:
    assert followed(announced("2020-01-01"), announced("2021-01-01"), consumed_on=("2021-01-01", "2021-01-01")) == (
        Signal(Stage.ANNOUNCED, period("2020-01-01", "2021-01-01"), day("2020-01-01"), (0,)),
        Signal(Stage.ANNOUNCED, period("2021-01-01"), day("2021-01-01"), (1,)),
    )


def test_signs_between_two_borders_are_told_apart_from_those_before_and_after() -> None:
    told = followed(
        announced("2020-01-01"),
        announced("2020-03-01"),
        launched("2021-06-01"),
        announced("2023-01-01"),
        consumed_on=("2022-01-01", "2021-01-01"),
    )

    assert [(str(s.period.from_), str(s.period.until), s.basis) for s in told] == [
        ("2020-01-01", "2021-01-01", (0, 1)),
        ("2021-06-01", "2022-01-01", (2,)),
        ("2023-01-01", "None", (3,)),
    ]


def test_of_two_pending_notices_with_one_day_the_latest_is_shown() -> None:
    state = folded(
        registered(),
        RUS,
        notified("RUS", "2010-01-01", states_effective_on="2012-01-01"),
        notified("RUS", "2010-06-01", states_effective_on="2012-01-01"),
    )

    view = exit_view(state, "RUS", on="2010-07-01")
    assert view is not None
    assert view.notified_on == day("2010-06-01")


def test_an_applicant_that_applies_provisionally_may_suspend_that() -> None:
    state = folded(
        registered(),
        signed("RUS", "1995-01-01"),
        acted("provisional_application.started", "RUS", effective_on="1995-01-01"),
        suspended("1996-01-01"),
    )

    found = row(state, "RUS", on="1996-06-01")
    assert found is not None
    assert (found.operation, found.provisional) == ("suspended", True)


def test_a_contracting_participant_gives_signals_too() -> None:
    state = folded(registered(), deposited("RUS", "1998-01-01"), announced("1999-01-01"))

    view = exit_view(state, "RUS", on="1999-06-01")
    assert view is not None
    assert (view.stage, view.since, view.basis) == (Stage.ANNOUNCED, day("1999-01-01"), (2,))


def test_a_notice_taken_back_leaves_an_earlier_signal_consumed() -> None:
    state = folded(
        registered(), RUS, announced("2009-01-01"), notified("RUS", "2010-01-01"), revoked("RUS", "2010-03-01")
    )

    assert exit_view(state, "RUS", on="2010-04-01") is None
