"""Decide, strictly in order of arrival, what is recorded: the structural rules of the ledger.

Pure: takes what is known and what is asked, returns what becomes of it.
"""

from collections.abc import Sequence

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_ledger.append.candidates import Candidate
from treaty_ledger.append.history import Draft, History, receipt
from treaty_ledger.append.outcomes import Appended, Decision, Outcome, Outcomes, Replayed, Request, Submission
from treaty_ledger.errors import (
    AlreadySuperseded,
    EventIdConflict,
    NotInThisStream,
    PartlyKnownBatch,
    Refusal,
    RefusedInBatch,
    RepeatedInBatch,
    TreatyAlreadyRegistered,
    TreatyNotRegistered,
    UnknownParticipant,
    VersionMismatch,
)
from treaty_ledger.store.values import Prior


def decide(prior: Prior, submissions: Sequence[Submission]) -> Decision:
    """Return what becomes of submissions, in their order, on top of what was recorded before."""
    history = History(prior)
    outcomes = tuple(_submission(history, submission) for submission in submissions)
    return Decision(outcomes, tuple(history.entries))


def _submission(history: History, submission: Submission) -> Outcomes:
    outcomes: list[Outcome] = []
    for request in submission.requests:
        outcomes.append(_request(history, request))
        if submission.stops_at_refusal and isinstance(outcomes[-1], Refusal):
            break
    return tuple(outcomes)


def _request(history: History, request: Request) -> Outcome:
    repeated = _repeated_before(history, request.candidates)
    if repeated is not None:
        return repeated
    draft = Draft(history, request.recorded_by)
    if request.expected is not None:
        stream = request.candidates[0].stream
        actual = draft.version(stream)
        if actual != request.expected:
            return VersionMismatch(stream, expected=request.expected, actual=actual)
    for index, candidate in enumerate(request.candidates):
        breach = _breach(draft, candidate)
        if breach is not None:
            return _placed(breach, index, of=len(request.candidates))
        draft.add(candidate)
    return Appended(draft.keep())


def _repeated_before(history: History, candidates: tuple[Candidate, ...]) -> Replayed | Refusal | None:
    """Return the outcome of a request whose events, or some of them, are recorded already."""
    if len(candidates) > 1:
        seen: set[bytes] = set()
        for index, candidate in enumerate(candidates):
            if candidate.identity in seen:
                return RefusedInBatch(index, RepeatedInBatch(candidate.source, candidate.id))
            seen.add(candidate.identity)
    recorded = []
    for index, candidate in enumerate(candidates):
        found = history.known.get(candidate.identity)
        if found is not None:
            recorded.append(found)
            if found.content_hash != candidate.content_hash:
                conflict = EventIdConflict(candidate.source, candidate.id, position=found.position)
                return _placed(conflict, index, of=len(candidates))
    if not recorded:
        return None
    if len(recorded) < len(candidates):
        return PartlyKnownBatch([found.position for found in recorded])
    return Replayed(tuple(receipt(found) for found in recorded))


def _breach(draft: Draft, candidate: Candidate) -> Refusal | None:
    """Return the structural rule an event breaks."""
    stream, version = candidate.stream, draft.version(candidate.stream)
    if candidate.type == "treaty.registered":
        if version > 0:
            return TreatyAlreadyRegistered(stream)
    elif version == 0 and stream != PARTICIPANTS_SUBJECT:
        return TreatyNotRegistered(stream)
    for pointer, code in candidate.unlisted:
        if not draft.knows(code):
            return UnknownParticipant(code, pointer=pointer)
    if candidate.supersedes is not None:
        target = draft.target(candidate.supersedes)
        if target is None or target.stream != stream:
            return NotInThisStream(stream, candidate.supersedes)
        if target.superseded:
            return AlreadySuperseded(candidate.supersedes)
    return None


def _placed(breach: Refusal, index: int, *, of: int) -> Refusal:
    return breach if of == 1 else RefusedInBatch(index, breach)
