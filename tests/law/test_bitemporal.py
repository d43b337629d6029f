"""Check that rows opened and closed as the log grows say, at every size, what folding up to that size says."""

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import pairwise

import pytest
from builders import Event, deposited, facts, notified, registered, revoked, superseded
from hypothesis import given
from hypothesis import strategies as st
from law.strategies import histories, recorded

from treaty_projector.bitemporal.rows import Key, MembershipRow, Row, row_bytes, standing_rows, treaty_rows
from treaty_projector.bitemporal.versions import Batch, Change, OpenRows, Version, add_to_digest, digest_of
from treaty_projector.law.fold import Folding, fold
from treaty_projector.law.state import Fact, TreatyState

ZERO = bytes(32)


def rows_of(state: TreatyState) -> dict[Key, Row]:
    rows = [*treaty_rows(state), *(row for standing in state.standings.values() for row in standing_rows(standing))]
    found = {row.key: row for row in rows}
    assert len(found) == len(rows)
    return found


def changes_of(recorded_facts: Sequence[Fact]) -> list[Change]:
    """Return every change, as one writes them who folds fact by fact."""
    folding, rows = Folding("test", successions={}), OpenRows("test")
    changes: list[Change] = []
    for size, each in enumerate(recorded_facts, start=1):
        folding.step(each)
        changes += rows.advance(folding, size)
    return changes


def stored(batches: Iterable[Sequence[Change]]) -> list[Version]:
    """Return the table of versions after each batch was written in turn."""
    table: list[Version] = []
    for changes in batches:
        batch = Batch()
        for change in changes:
            batch.add(change)
        closed = {(version.treaty, version.row.key): version for version in batch.closings}
        assert len(closed) == len(batch.closings)
        for index, version in enumerate(table):
            closing = closed.pop((version.treaty, version.row.key), None) if version.known_to is None else None
            if closing is not None:
                assert closing.row == version.row
                table[index] = Version(version.treaty, version.row, version.known_from, closing.known_to)
        assert not closed
        table += batch.inserts.values()
    return table


def known_at(table: Iterable[Version], size: int) -> dict[Key, Row]:
    versions = [v for v in table if v.known_from <= size and (v.known_to is None or size < v.known_to)]
    found = {version.row.key: version.row for version in versions}
    assert len(found) == len(versions)
    return found


def digest(changes: Iterable[Change]) -> str:
    total = ZERO
    for change in changes:
        total = add_to_digest(total, change)
    return digest_of(total)


@pytest.mark.property
@given(histories(), st.data())
def test_every_size_answers_as_if_the_log_ended_there_however_it_was_cut(
    events: list[Event], data: st.DataObject
) -> None:
    everything = recorded(events, sources=("urn:a", "urn:b"))
    changes = changes_of(everything)
    cuts = sorted(data.draw(st.sets(st.integers(1, len(everything))), label="cuts"))
    bounds = [0, *cuts, len(everything)]
    batches = [[change for change in changes if start < change.at <= end] for start, end in pairwise(bounds)]
    table = stored(batches)
    for size in range(1, len(everything) + 1):
        assert known_at(table, size) == rows_of(fold("test", everything[:size], successions={}))


@pytest.mark.property
@given(histories())
def test_versions_are_never_empty_and_never_rewritten(events: list[Event]) -> None:
    changes = changes_of(recorded(events))
    table = stored([changes])
    assert all(version.known_to is None or version.known_from < version.known_to for version in table)
    opened = [(change.row.key, change.at) for change in changes if change.opens]
    assert len(opened) == len(set(opened))


@pytest.mark.property
@given(histories())
def test_the_digest_does_not_depend_on_the_order_of_changes(events: list[Event]) -> None:
    changes = changes_of(recorded(events))
    shuffled = sorted(changes, key=lambda change: row_bytes(change.row)[::-1])
    assert digest(shuffled) == digest(changes)


@pytest.mark.property
@given(histories())
def test_membership_rows_of_one_size_never_overlap(events: list[Event]) -> None:
    rows = rows_of(fold("test", recorded(events), successions={})).values()
    members = sorted((row.participant, row.valid_from, row.valid_to) for row in rows if isinstance(row, MembershipRow))
    for (who, _, until), (other, since, _) in pairwise(members):
        assert who != other or (until is not None and until <= since)


def test_a_fact_that_changes_nothing_writes_nothing_about_others() -> None:
    events = [
        registered(),
        deposited("FRA", "2001-01-01"),
        deposited("USA", "2001-01-01"),
        notified("USA", "2010-01-01"),
    ]
    last = [change for change in changes_of(facts(events)) if change.at == len(events)]
    assert {change.row.key[1] for change in last} == {"USA"}


def test_what_was_known_before_a_revocation_stays_known_for_its_size() -> None:
    events = [registered(), deposited("USA", "2001-01-01"), notified("USA", "2010-01-01"), revoked("USA", "2010-06-01")]
    table = stored([changes_of(facts(events))])
    former = [row for row in known_at(table, 3).values() if isinstance(row, MembershipRow) and row.consent == "former"]
    assert [row.valid_from for row in former] == [dt.date(2011, 1, 1)]
    assert not [
        row for row in known_at(table, 4).values() if isinstance(row, MembershipRow) and row.consent == "former"
    ]


def test_rows_of_a_participant_that_a_correction_takes_away_are_closed() -> None:
    events = [registered(), deposited("USA", "2001-01-01"), superseded(1, deposited("FRA", "2001-01-01"))]
    table = stored([changes_of(facts(events))])
    assert {row.key[1] for row in known_at(table, 3).values() if isinstance(row, MembershipRow)} == {"FRA"}


def test_the_digest_tells_what_is_known_from_what_was() -> None:
    events = [registered(), deposited("USA", "2001-01-01")]
    changes = changes_of(facts(events))
    assert digest(changes) != digest(changes[:-1])
    assert digest([]) == digest_of(ZERO)
