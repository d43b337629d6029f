"""What hardly ever happens has an answer too: the calendar's end, acts of one day, changes at one size of the log."""

import datetime as dt
from collections.abc import Mapping

from builders import acted, deposited, fact, folded, notified, registered
from law.reading import exit_view, parties

from treaty_contracts.canonical import JSON
from treaty_contracts.names import Span
from treaty_projector.bitemporal.rows import StandingRow
from treaty_projector.bitemporal.versions import Batch, Change
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding
from treaty_projector.law.periods import LAST_DAY, add, add_days


def test_arithmetic_beyond_the_calendar_stays_within_it() -> None:
    long = Span(years=9_000, months=0, days=0)

    assert add(dt.date(2000, 1, 1), long) == LAST_DAY
    assert add(dt.date(2000, 1, 1), long, times=-1) == dt.date.min
    assert add_days(dt.date(2000, 1, 1), 10_000_000) == LAST_DAY


def test_an_announcement_on_the_day_of_a_domestic_step_is_told_as_domestic() -> None:
    state = folded(
        registered(),
        deposited("RUS", "2001-01-01"),
        acted("withdrawal.procedure_step", "RUS", step="launched", on="2021-01-15"),
        acted("withdrawal.announced", "RUS", announced_on="2021-01-15"),
    )

    view = exit_view(state, "RUS", on="2021-02-01")
    assert view is not None
    assert (view.stage, view.since.isoformat()) == ("domestic", "2021-01-15")


def test_a_treaty_that_is_not_at_hand_moves_nobody() -> None:
    assert carry({}, ["elsewhere"]) == set()


def test_the_revocation_of_a_notice_that_was_no_cause_changes_nothing() -> None:
    amended: tuple[str, dict[str, JSON]] = (
        "treaty.clauses_amended",
        {
            "clauses": {"entry_into_force": {"rule": "on_signature"}, "falls_with": ["framework"]},
            "effective_on": "2010-02-01",
        },
    )
    framework = Folding("framework", successions={})
    protocol = Folding("protocol", successions={})
    told: list[tuple[Folding, tuple[str, Mapping[str, JSON]]]] = [
        (framework, registered()),
        (framework, deposited("USA", "2001-01-01")),
        (framework, notified("USA", "2010-01-01")),
        (framework, acted("withdrawal.revoked", "USA", received_on="2010-03-01")),
        (protocol, registered()),
        (protocol, amended),
        (protocol, deposited("USA", "2001-01-01")),
    ]
    for position, (folding, (type_, data)) in enumerate(told):
        folding.step(fact(type_, position, data))
    carry({"framework": framework, "protocol": protocol}, ["framework", "protocol"])

    assert protocol.state.standings["USA"].exits == ()
    assert parties(protocol.state, on="2012-01-01") == {"USA"}


def test_a_row_that_opens_and_closes_at_one_size_is_never_written() -> None:
    row, batch = StandingRow("FRA", b"{}"), Batch()

    batch.add(Change("treaty", row, 5, opens=True))
    batch.add(Change("treaty", row, 5, opens=False))

    assert (batch.inserts, batch.closings) == ({}, [])
