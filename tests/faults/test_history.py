"""The checker of histories finds each kind of violation, and none where all is well."""

from dataclasses import replace
from hashlib import sha256

import pytest
from faults.history import Attempt, Entry, History, Outcome, Proof, Receipt, Seen, violations

from treaty_contracts.tlog.frontier import Frontier, grow


def receipt(position: int, *, stream: str = "a", version: int | None = None) -> Receipt:
    return Receipt(position, stream, position + 1 if version is None else version, f"2026-01-01T00:00:{position:02}Z")


def entry(position: int, event: str) -> Entry:
    return Entry(event, receipt(position), sha256(event.encode()).digest())


def posted(position: int, *events: str, at: float | None = None) -> Attempt:
    """Return an attempt that was answered at once with the receipts of `position` and those after it."""
    began = float(position) if at is None else at
    receipts = tuple(receipt(position + index) for index in range(len(events)))
    return Attempt(events=events, invoked_at=began, answered_at=began + 0.5, outcome="appended", receipts=receipts)


def root(log: list[Entry], size: int) -> Seen:
    return Seen(size, grow(Frontier(), (one.leaf_hash for one in log[:size]))[0].root())


LOG = [entry(0, "e0"), entry(1, "e1"), entry(2, "e2"), entry(3, "e3")]
GOOD = History(
    attempts=[posted(0, "e0"), posted(1, "e1"), posted(2, "e2", "e3")],
    log=LOG,
    read=[(0, "e0"), (1, "e1")],
    checkpoints=[root(LOG, 0), root(LOG, 2), root(LOG, 4)],
    proofs=[Proof(root(LOG, 1), root(LOG, 2), (LOG[1].leaf_hash,))],
)


def kinds(history: History) -> set[str]:
    return {violation.kind for violation in violations(history)}


def told(outcome: Outcome, *events: str, at: float = 0.1) -> Attempt:
    """Return an attempt without receipts."""
    return Attempt(events=events, invoked_at=at, answered_at=at + 0.1, outcome=outcome)


def test_a_history_in_which_all_is_well_breaks_no_promise() -> None:
    assert violations(GOOD) == []


def test_an_acknowledged_event_that_is_not_recorded_is_lost() -> None:
    assert kinds(replace(GOOD, attempts=[*GOOD.attempts, posted(4, "e4")])) == {"lost"}


def test_an_acknowledged_event_at_another_position_has_moved() -> None:
    wrong = replace(GOOD.attempts[1], receipts=(replace(receipt(1), recorded_at="2026-01-01T00:00:09Z"),))
    assert kinds(replace(GOOD, attempts=[GOOD.attempts[0], wrong, GOOD.attempts[2]])) == {"moved"}


def test_an_event_that_is_recorded_twice_is_duplicated() -> None:
    assert "duplicated" in kinds(replace(GOOD, log=[*LOG, entry(4, "e1")]))


def test_two_receipts_for_one_event_differ() -> None:
    again = replace(posted(2, "e1", at=5.0), outcome="replayed")
    assert "receipts differ" in kinds(replace(GOOD, attempts=[*GOOD.attempts, again]))


def test_an_event_that_is_answered_as_new_twice_is_found() -> None:
    assert kinds(replace(GOOD, attempts=[*GOOD.attempts, posted(1, "e1", at=5.0)])) == {"appended twice"}


def test_an_event_that_is_replayed_is_no_violation() -> None:
    again = replace(posted(1, "e1", at=5.0), outcome="replayed")
    assert violations(replace(GOOD, attempts=[*GOOD.attempts, again])) == []


def test_an_event_that_was_only_refused_must_not_be_recorded() -> None:
    log = [*LOG, entry(4, "e4")]
    assert kinds(replace(GOOD, log=log, attempts=[*GOOD.attempts, told("refused", "e4")])) == {"refused and recorded"}
    unknown = [*GOOD.attempts, told("refused", "e4"), told("unknown", "e4")]
    assert violations(replace(GOOD, log=log, attempts=unknown)) == []


def test_an_attempt_that_was_refused_must_not_have_recorded_what_the_next_one_finds() -> None:
    found = replace(posted(3, "e3", at=5.0), outcome="replayed")
    attempts = [*GOOD.attempts[:2], posted(2, "e2"), told("refused", "e3"), found]
    assert kinds(replace(GOOD, attempts=attempts)) == {"refused and recorded"}
    assert violations(replace(GOOD, attempts=[*attempts, told("unknown", "e3")])) == []


def test_an_event_that_nobody_posted_is_invented() -> None:
    assert kinds(replace(GOOD, log=[*LOG, entry(4, "e4")])) == {"invented"}


def test_an_event_whose_answer_was_lost_may_be_recorded_or_not() -> None:
    attempts = [*GOOD.attempts, told("unknown", "e4")]
    assert violations(replace(GOOD, attempts=attempts)) == []
    assert violations(replace(GOOD, attempts=attempts, log=[*LOG, entry(4, "e4")])) == []


def test_a_hole_between_positions_is_found() -> None:
    log = [*LOG, replace(entry(4, "e4"), receipt=receipt(5, version=5))]
    assert kinds(replace(GOOD, log=log, attempts=[*GOOD.attempts, told("unknown", "e4")])) == {"positions not dense"}


def test_a_hole_between_versions_is_found() -> None:
    log = [*LOG, replace(entry(4, "e4"), receipt=receipt(4, version=6))]
    assert kinds(replace(GOOD, log=log, attempts=[*GOOD.attempts, told("unknown", "e4")])) == {"versions not dense"}


def test_an_instant_that_goes_back_is_found() -> None:
    late = replace(receipt(4), recorded_at=receipt(3).recorded_at)
    log = [*LOG, replace(entry(4, "e4"), receipt=late)]
    assert kinds(replace(GOOD, log=log, attempts=[*GOOD.attempts, told("unknown", "e4")])) == {"instants not rising"}


@pytest.mark.parametrize("batch", [("e1", "e4"), ("e0", "e2")])
def test_a_batch_that_is_recorded_in_parts_is_torn(batch: tuple[str, ...]) -> None:
    assert kinds(replace(GOOD, attempts=[*GOOD.attempts, told("unknown", *batch)])) == {"batch torn"}


def test_an_event_before_one_that_was_acknowledged_earlier_is_out_of_order() -> None:
    attempts = [posted(0, "e0"), posted(1, "e1", at=5.0), posted(2, "e2", "e3", at=2.0)]
    assert kinds(replace(GOOD, attempts=attempts)) == {"out of order"}


def test_events_posted_at_the_same_time_may_stand_in_any_order() -> None:
    late = replace(posted(2, "e2", "e3", at=0.0), answered_at=9.0)
    assert violations(replace(GOOD, attempts=[posted(0, "e0"), posted(1, "e1", at=5.0), late])) == []


def test_a_first_attempt_counts_when_its_answer_was_lost() -> None:
    attempts = [posted(0, "e0"), told("unknown", "e1", at=0.6), posted(1, "e1", at=9.0), posted(2, "e2", "e3", at=2.0)]
    assert violations(replace(GOOD, attempts=attempts)) == []


@pytest.mark.parametrize("read", [[(0, "e0"), (2, "e2")], [(0, "e1")], [*((i, f"e{i}") for i in range(5))]])
def test_a_reader_that_was_given_anything_else_is_contradicted(read: list[tuple[int, str]]) -> None:
    assert kinds(replace(GOOD, read=read)) == {"read contradicted"}


@pytest.mark.parametrize("seen", [Seen(2, b"x" * 32), Seen(9, b"x" * 32), Seen(0, b"x" * 32)])
def test_a_checkpoint_that_the_log_does_not_extend_is_found(seen: Seen) -> None:
    assert kinds(replace(GOOD, checkpoints=[*GOOD.checkpoints, seen])) == {"checkpoint contradicted"}


def test_a_proof_that_proves_nothing_is_found() -> None:
    proof = replace(GOOD.proofs[0], hashes=(LOG[2].leaf_hash,))
    assert kinds(replace(GOOD, proofs=[proof])) == {"consistency not proved"}


def test_an_answer_that_no_promise_allows_is_found() -> None:
    assert kinds(replace(GOOD, attempts=[*GOOD.attempts, told("wrong", "e4")])) == {"unexpected answer"}
