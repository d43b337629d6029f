"""State what is asked to be recorded, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeAlias

from treaty_ledger.append.candidates import Candidate
from treaty_ledger.errors import Refusal
from treaty_ledger.store.values import Entry, Wanted


class Receipt(NamedTuple):
    """Tell where, when and as what an event was recorded."""

    position: int
    treaty: str
    version: int
    recorded_at: datetime
    leaf_hash: bytes


class Request(NamedTuple):
    """Ask to record events, all or none of them.

    `expected` is the version at which the writer believes their stream to be, 0 where it should not exist, and None
    when the writer does not care.
    """

    candidates: tuple[Candidate, ...]
    recorded_by: str
    expected: int | None = None


class Submission(NamedTuple):
    """Ask for several requests in their order; with `stops_at_refusal` those after a refused one are not tried."""

    requests: tuple[Request, ...]
    stops_at_refusal: bool = False

    @property
    def events(self) -> int:
        """Return how many events it holds."""
        return sum(len(request.candidates) for request in self.requests)

    @property
    def size(self) -> int:
        """Return how many bytes its events have."""
        return sum(len(candidate.content) for request in self.requests for candidate in request.candidates)


class Appended(NamedTuple):
    """Tell that events were recorded now."""

    receipts: tuple[Receipt, ...]


class Replayed(NamedTuple):
    """Tell that events had been recorded before, with the same content: the first receipts."""

    receipts: tuple[Receipt, ...]


Outcome: TypeAlias = Appended | Replayed | Refusal
Outcomes: TypeAlias = tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """Hold what becomes of each submission's requests, and the entries to store for it."""

    outcomes: tuple[Outcomes, ...]
    entries: tuple[Entry, ...]


def wanted(submissions: Sequence[Submission]) -> Wanted:
    """Return what must be read to decide on submissions."""
    candidates = [
        candidate for submission in submissions for request in submission.requests for candidate in request.candidates
    ]
    return Wanted(
        identities=tuple({candidate.identity: None for candidate in candidates}),
        streams=tuple({candidate.stream: None for candidate in candidates}),
        targets=tuple({candidate.supersedes: None for candidate in candidates if candidate.supersedes is not None}),
        codes=tuple({code: None for candidate in candidates for _, code in candidate.unlisted}),
    )
