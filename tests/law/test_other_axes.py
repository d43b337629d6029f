"""Check what does not change membership: signals, suspension, provisional application, contests and remarks."""

import pytest
from builders import Event, acted, deposited, folded, leaving, notified, registered, revoked, signed
from law.reading import consent, exit_view, parties, pending, row

from treaty_contracts.canonical import JSON
from treaty_projector.law.membership import MemberRow
from treaty_projector.law.state import TreatyState

RUS = deposited("RUS", "2001-01-01")


def announced(on: str) -> Event:
    return acted("withdrawal.announced", "RUS", announced_on=on)


def stepped(on: str, step: str = "launched") -> Event:
    return acted("withdrawal.procedure_step", "RUS", step=step, on=on)


def suspended(on: str, **more: JSON) -> Event:
    return acted("operation.suspended", "RUS", effective_on=on, **more)


def resumed(on: str, **more: JSON) -> Event:
    return acted("operation.resumed", "RUS", effective_on=on, **more)


def stage(state: TreatyState, *, on: str) -> str | None:
    view = exit_view(state, "RUS", on=on)
    return None if view is None else view.stage.value


def found(state: TreatyState, *, on: str) -> MemberRow:
    answer = row(state, "RUS", on=on)
    assert answer is not None
    return answer


def operation(state: TreatyState, *, on: str) -> str:
    return found(state, on=on).operation


def test_an_announcement_starts_no_clock() -> None:
    state = folded(registered(), RUS, announced("2020-05-21"))
    view = exit_view(state, "RUS", on="2025-01-01")
    assert view is not None
    assert (view.stage.value, view.effective_on) == ("announced", None)
    assert pending(state, "RUS", on="2025-01-01") is None
    assert parties(state, on="2025-01-01") == {"RUS"}


def test_a_domestic_step_outweighs_an_announcement() -> None:
    state = folded(registered(), RUS, announced("2020-12-22"), stepped("2021-01-15"), announced("2021-02-01"))
    assert [stage(state, on=day) for day in ("2020-12-21", "2020-12-22", "2021-01-15", "2021-03-01")] == [
        None,
        "announced",
        "domestic",
        "domestic",
    ]


def test_a_signal_lasts_since_its_first_sign() -> None:
    state = folded(registered(), RUS, stepped("2021-05-11", "bill_submitted"), stepped("2021-01-15"))
    view = exit_view(state, "RUS", on="2021-06-01")
    assert view is not None
    assert (view.since.isoformat(), view.basis) == ("2021-01-15", (2, 3))


def test_a_notice_consumes_the_signals_before_it() -> None:
    state = folded(
        registered(), RUS, stepped("2021-01-15"), notified("RUS", "2021-06-18"), revoked("RUS", "2021-08-01")
    )
    assert [stage(state, on=day) for day in ("2021-06-17", "2021-06-18", "2021-08-01")] == [
        "domestic",
        "notified",
        None,
    ]


def test_a_signal_after_a_revocation_counts_anew() -> None:
    state = folded(
        registered(),
        RUS,
        stepped("2021-01-15"),
        notified("RUS", "2021-06-18"),
        revoked("RUS", "2021-08-01"),
        announced("2022-01-01"),
    )
    assert stage(state, on="2022-02-01") == "announced"


def test_taking_a_consent_back_consumes_the_signals_before_it() -> None:
    state = folded(
        registered({"entry_into_force": {"rule": "after_deposits", "count": 44, "delay": {"rule": "immediate"}}}),
        signed("RUS", "2000-01-01"),
        RUS,
        announced("2002-01-01"),
        acted("consent.withdrawn", "RUS", received_on="2003-01-01"),
    )
    assert stage(state, on="2002-12-31") == "announced"
    assert stage(state, on="2003-01-01") is None


def test_a_void_notice_goes_before_signals() -> None:
    late = leaving(admissible_after={"period": "P30Y", "anchor": "entry_into_force"})
    state = folded(registered(late), RUS, announced("2017-06-01"), notified("RUS", "2017-08-04"))
    assert [stage(state, on=day) for day in ("2017-07-01", "2017-09-01")] == ["announced", "premature"]


def test_a_former_party_gives_no_signals() -> None:
    state = folded(registered(), RUS, notified("RUS", "2021-06-18"), announced("2023-01-01"))
    assert found(state, on="2023-02-01").exit is None


def test_suspension_is_not_exit() -> None:
    state = folded(registered(), RUS, suspended("2007-12-12"), resumed("2010-01-01"))
    days = ("2007-12-11", "2007-12-12", "2009-12-31", "2010-01-01")
    assert [operation(state, on=day) for day in days] == ["in_operation", "suspended", "suspended", "in_operation"]
    assert {consent(state, "RUS", on=day) for day in days} == {"party"}


def test_an_answer_about_a_suspension_rests_on_it() -> None:
    assert found(folded(registered(), RUS, suspended("2007-12-12")), on="2008-01-01").basis == (1, 2)


def test_who_contests_a_suspension_contests_the_answer_that_rests_on_it() -> None:
    contest = acted("contest.raised", "RUS", about=2, by="USA", on="2008-01-01")
    state = folded(registered(), RUS, suspended("2007-12-12"), contest)
    assert [found(state, on=day).contested for day in ("2007-12-31", "2008-01-01")] == [False, True]


@pytest.mark.parametrize(
    ("start", "end", "resumes"),
    [
        ({}, {}, True),
        ({"scope": "Art. 5"}, {"scope": "Art. 5"}, True),
        ({"scope": "Art. 5"}, {}, True),
        ({"scope": "Art. 5"}, {"scope": "Art. 6"}, False),
        ({}, {"scope": "Art. 5"}, False),
        ({"towards": ["POL", "CZE"]}, {"towards": ["CZE", "POL"]}, True),
        ({"towards": ["POL"]}, {"towards": ["CZE", "POL"]}, True),
        ({"towards": ["POL", "CZE"]}, {"towards": ["POL"]}, False),
        ({"towards": ["POL"]}, {}, True),
        ({}, {"towards": ["POL"]}, False),
    ],
)
def test_only_what_covers_a_suspension_resumes_operation(
    start: dict[str, JSON], end: dict[str, JSON], *, resumes: bool
) -> None:
    state = folded(registered(), RUS, suspended("2007-12-12", **start), resumed("2010-01-01", **end))
    assert operation(state, on="2011-01-01") == ("in_operation" if resumes else "suspended")


def test_only_a_party_can_suspend_what_operates() -> None:
    state = folded(registered(), signed("RUS", "1999-01-01"), suspended("1999-06-01"))
    assert operation(state, on="1999-07-01") == "in_operation"


def test_a_signatory_may_apply_a_treaty_provisionally() -> None:
    state = folded(
        registered(),
        signed("RUS", "1994-12-17"),
        acted("provisional_application.started", "RUS", effective_on="1994-12-17"),
        acted("provisional_application.ended", "RUS", effective_on="2009-10-18"),
    )
    days = ("1994-12-17", "2009-10-17", "2009-10-18")
    assert [found(state, on=day).provisional for day in days] == [True, True, False]
    assert [operation(state, on=day) for day in days] == ["provisionally_applied"] * 2 + ["in_operation"]
    assert {consent(state, "RUS", on=day) for day in days} == {"signatory"}


def test_nothing_is_provisional_once_the_treaty_is_in_force() -> None:
    started = acted("provisional_application.started", "RUS", effective_on="2001-01-01")
    state = folded(registered(), RUS, started, notified("RUS", "2010-01-01"))
    assert [found(state, on=day).provisional for day in ("2001-01-15", "2005-01-01", "2012-01-01")] == [
        True,
        False,
        False,
    ]


def test_a_contest_marks_a_notice_and_changes_no_day() -> None:
    raised = acted("contest.raised", "RUS", about=2, by="JPN", on="2003-01-11", claims_effective_on="2003-04-10")
    state = folded(registered(), RUS, notified("RUS", "2003-01-10"), raised)
    view = exit_view(state, "RUS", on="2003-06-01")
    assert view is not None
    assert view.contested
    assert pending(state, "RUS", on="2003-06-01") == ("notified", "2004-01-10")
    [dispute] = state.standings["RUS"].disputes
    assert (dispute.by, dispute.claims_effective_on) == ("JPN", "2003-04-10")


def test_a_contest_goes_on_after_the_exit() -> None:
    raised = acted("contest.raised", "RUS", about=2, by="JPN", on="2003-01-11")
    state = folded(registered(), RUS, notified("RUS", "2003-01-10"), raised)
    assert found(state, on="2010-01-01").contested


def test_a_contest_ends_when_the_same_one_closes_it() -> None:
    raised = acted("contest.raised", "RUS", about=2, by="JPN", on="2003-01-11")
    by_another = acted("contest.closed", "RUS", about=2, by="KOR", on="2003-02-01")
    closed = acted("contest.closed", "RUS", about=2, by="JPN", on="2003-03-01")
    state = folded(registered(), RUS, notified("RUS", "2003-01-10"), raised, by_another, closed)
    assert [found(state, on=day).contested for day in ("2003-02-15", "2003-03-01")] == [True, False]


def test_without_a_clause_a_contest_leaves_the_stated_day() -> None:
    clauses: dict[str, JSON] = {"entry_into_force": {"rule": "on_date", "date": "1948-04-07"}}
    state = folded(
        registered(clauses),
        RUS,
        notified("RUS", "2025-03-17", states_effective_on="2026-03-17"),
        acted("contest.raised", "RUS", about=2, by="WHO", on="2025-05-01"),
    )
    view = exit_view(state, "RUS", on="2025-06-01")
    assert view is not None
    assert view.contested
    assert pending(state, "RUS", on="2025-06-01") == ("notified", "2026-03-17")


def test_breaches_are_listed_and_change_nothing() -> None:
    state = folded(
        registered(),
        RUS,
        acted("breach.alleged", "USA", against="RUS", on="2014-07", provisions=["IV"]),
        acted("breach.denied", "RUS", against="USA", on="2014-08"),
    )
    assert [dispute.kind for dispute in state.standings["RUS"].disputes] == ["breach_denied"]
    assert [dispute.against for dispute in state.standings["USA"].disputes] == ["RUS"]
    assert not found(state, on="2015-01-01").contested


def test_reservations_and_territories_are_listed() -> None:
    state = folded(
        registered(),
        RUS,
        acted("reservation.made", "RUS", received_on="2001-01-01", text="Not Article 5."),
        acted("territory.excluded", "RUS", territory="FRO", effective_on="2001-01-01"),
    )
    assert [note.values for note in state.standings["RUS"].reservations] == [(("text", "Not Article 5."),)]
    assert dict(state.standings["RUS"].territories[0].values)["territory"] == "FRO"


def test_appeals_proposals_and_restrictions_are_remarks() -> None:
    state = folded(
        registered(),
        RUS,
        acted("appeal.made", "RUS", by="EU", on="2020-05-22"),
        acted("proposal.made", "RUS", on="2020-12-11"),
        acted("restriction.imposed", "RUS", on="2014", area="Kaliningrad"),
    )
    assert [note.kind for note in state.standings["RUS"].remarks] == [
        "restriction.imposed",
        "appeal.made",
        "proposal.made",
    ]
    assert consent(state, "RUS", on="2021-01-01") == "party"


def test_what_is_listed_stands_in_the_order_of_its_days_however_it_was_recorded() -> None:
    told = [
        suspended("2009-01-01"),
        acted("provisional_application.started", "RUS", effective_on="2000-06-01"),
        suspended("2002-01-01", scope="article 5"),
        resumed("2003-01-01", scope="article 5"),
        acted("reservation.made", "RUS", received_on="2005-02-01"),
        acted("reservation.made", "RUS", received_on="2005"),
        acted("territory.extended", "RUS", territory="A", effective_on="2006-01-01"),
        acted("territory.extended", "RUS", territory="B", effective_on="2004-01-01"),
        acted("restriction.imposed", "RUS", on="2008-01-01"),
        acted("appeal.made", "RUS", by="FRA", on="2007-01-01"),
        acted("intention.renounced", "RUS", received_on="2000-07-01"),
        acted("breach.alleged", "RUS", on="2010-01-01"),
        acted("contest.raised", "RUS", about=1, by="JPN", on="2011-01-01"),
        acted("breach.denied", "RUS", on="2009-06-01"),
    ]
    for recorded in (told, told[::-1]):
        standing = folded(registered(), RUS, *recorded).standings["RUS"]
        assert [each.period.from_.isoformat() for each in standing.operation] == [
            "2000-06-01",
            "2002-01-01",
            "2009-01-01",
        ]
        assert [note.on for note in standing.reservations] == ["2005", "2005-02-01"]
        assert [note.on for note in standing.territories] == ["2004-01-01", "2006-01-01"]
        assert [note.on for note in standing.remarks] == ["2000-07-01", "2007-01-01", "2008-01-01"]
        assert [dispute.on for dispute in standing.disputes] == ["2009-06-01", "2010-01-01", "2011-01-01"]
