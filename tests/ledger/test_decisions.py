"""Decisions are pure: what is recorded follows from what was recorded and what is asked, in order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from treaty_ledger.append.candidates import Candidate
from treaty_ledger.append.decide import decide
from treaty_ledger.append.outcomes import Appended, Outcome, Outcomes, Replayed, Request, Submission
from treaty_ledger.errors import Refusal
from treaty_ledger.store.values import Entry, Known, Prior, Target

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
EMPTY = Prior(size=0, now=NOW, last_recorded_at=None, versions={}, known={}, targets={}, codes=frozenset())


def candidate(stream: str, number: int, type_: str = "withdrawal.notified", content: str = "") -> Candidate:
    bytes_ = f"{stream} {number} {type_} {content}".encode()
    return Candidate(
        stream=stream,
        source="urn:test",
        id=str(number),
        identity=sha256(str(number).encode()).digest(),
        type=type_,
        participant=None,
        supersedes=None,
        unlisted=(),
        content=bytes_,
        content_hash=sha256(bytes_).digest(),
    )


def introducing(number: int, code: str) -> Candidate:
    return candidate("participants", number, "participant.registered", code)._replace(participant=code)


streams = st.sampled_from(["a", "b", "c"])
numbers = st.integers(0, 12)
codes = st.sampled_from(["XX-1", "XX-2"])
registrations = st.builds(candidate, streams, numbers, st.just("treaty.registered"))
notices = st.builds(candidate, streams, numbers, content=st.sampled_from(["", "other"]))
introductions = st.builds(introducing, numbers, codes)
strangers = st.builds(lambda notice, code: notice._replace(unlisted=(("/data/participant", code),)), notices, codes)
supersessions = st.builds(
    lambda stream, number, position: candidate(stream, number, "record.superseded", str(position))._replace(
        supersedes=position
    ),
    streams,
    numbers,
    st.integers(0, 8),
)
candidates = st.one_of(registrations, notices, introductions, strangers, supersessions)
requests = st.builds(
    Request,
    candidates=st.lists(candidates, min_size=1, max_size=4).map(tuple),
    recorded_by=st.just("somebody"),
    expected=st.none() | st.integers(0, 3),
)
submissions = st.lists(
    st.builds(Submission, st.lists(requests, min_size=1, max_size=4).map(tuple), st.booleans()), max_size=8
)


def after(entries: Sequence[Entry]) -> Prior:
    """Return what is known after everything in `entries` was recorded."""
    versions: dict[str, int] = {}
    for entry in entries:
        versions[entry.stream] = entry.version
    superseded = {entry.supersedes for entry in entries}
    return Prior(
        size=len(entries),
        now=NOW,
        last_recorded_at=entries[-1].recorded_at if entries else None,
        versions=versions,
        known={
            entry.identity: Known(
                entry.position, entry.stream, entry.version, entry.recorded_at, entry.content_hash, entry.leaf_hash
            )
            for entry in entries
        },
        targets={entry.position: Target(entry.stream, entry.position in superseded) for entry in entries},
        codes=frozenset(
            entry.participant for entry in entries if entry.type == "participant.registered" and entry.participant
        ),
    )


def flat(outcomes: Sequence[Sequence[Outcome]]) -> list[object]:
    """Return outcomes in a form that compares."""
    return [(type(one), str(one) if isinstance(one, Refusal) else one) for group in outcomes for one in group]


@given(submissions)
def test_positions_versions_and_instants_have_no_gap(asked: list[Submission]) -> None:
    entries = decide(EMPTY, asked).entries
    assert [entry.position for entry in entries] == list(range(len(entries)))
    for stream in {entry.stream for entry in entries}:
        versions = [entry.version for entry in entries if entry.stream == stream]
        assert versions == list(range(1, len(versions) + 1))
    instants = [entry.recorded_at for entry in entries]
    assert instants == sorted(set(instants))


@given(submissions)
def test_deciding_together_is_deciding_one_after_the_other(asked: list[Submission]) -> None:
    together = decide(EMPTY, asked)
    entries: list[Entry] = []
    outcomes: list[Outcomes] = []
    for one in asked:
        decision = decide(after(entries), [one])
        outcomes += decision.outcomes
        entries += decision.entries
    assert flat(together.outcomes) == flat(outcomes)
    assert together.entries == tuple(entries)


@given(submissions)
def test_all_of_a_request_is_recorded_or_none_of_it(asked: list[Submission]) -> None:
    decision = decide(EMPTY, asked)
    receipts = []
    for submission, outcomes in zip(asked, decision.outcomes, strict=True):
        for request, outcome in zip(submission.requests, outcomes, strict=False):
            if isinstance(outcome, Appended):
                assert len(outcome.receipts) == len(request.candidates)
                receipts += [receipt.position for receipt in outcome.receipts]
    assert receipts == [entry.position for entry in decision.entries]


@given(submissions)
def test_a_retry_gets_the_first_receipts_and_records_nothing(asked: list[Submission]) -> None:
    first = decide(EMPTY, asked)
    accepted = [
        (request, outcome)
        for submission, outcomes in zip(asked, first.outcomes, strict=True)
        for request, outcome in zip(submission.requests, outcomes, strict=False)
        if isinstance(outcome, Appended)
    ]
    again = decide(after(first.entries), [Submission((request,)) for request, _ in accepted])
    assert again.entries == ()
    for (_, outcome), (replayed,) in zip(accepted, again.outcomes, strict=True):
        assert isinstance(replayed, Replayed)
        assert replayed.receipts == outcome.receipts


@given(submissions)
def test_a_submission_may_stop_at_its_first_refusal(asked: list[Submission]) -> None:
    for submission, outcomes in zip(asked, decide(EMPTY, asked).outcomes, strict=True):
        refused = [isinstance(outcome, Refusal) for outcome in outcomes]
        if submission.stops_at_refusal and any(refused):
            assert refused.index(True) == len(refused) - 1
        else:
            assert len(outcomes) == len(submission.requests)


@given(submissions)
def test_every_stream_but_that_of_participants_starts_with_its_one_registration(asked: list[Submission]) -> None:
    for entry in decide(EMPTY, asked).entries:
        if entry.stream != "participants":
            assert (entry.type == "treaty.registered") == (entry.version == 1)


@given(submissions)
def test_a_position_is_superseded_once_and_by_its_own_stream(asked: list[Submission]) -> None:
    entries = decide(EMPTY, asked).entries
    superseded = [entry.supersedes for entry in entries if entry.supersedes is not None]
    assert len(superseded) == len(set(superseded))
    for entry in entries:
        if entry.supersedes is not None:
            assert entry.supersedes < entry.position
            assert entries[entry.supersedes].stream == entry.stream


def test_instants_rise_also_when_the_clock_goes_back() -> None:
    later = NOW + timedelta(hours=1)
    prior = replace(EMPTY, size=1, last_recorded_at=later)
    decision = decide(prior, [Submission((Request(candidates=(introducing(1, "XX-1"),), recorded_by="somebody"),))])
    assert decision.entries[0].recorded_at == later + timedelta(microseconds=1)
