"""Know what is recorded while decisions are made: what was read, and what was accepted since."""

from datetime import datetime, timedelta

from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.merkle import leaf_hash
from treaty_ledger.append.candidates import Candidate
from treaty_ledger.append.outcomes import Receipt
from treaty_ledger.store.values import Entry, Known, Prior, Target

_TICK = timedelta(microseconds=1)


class History:
    """Hold what is recorded, as far as it was wanted; a draft becomes part of it at once or not at all."""

    def __init__(self, prior: Prior) -> None:
        self.size = prior.size
        # Every position has an instant of its own, so that an instant tells one size of the log.
        self.next_at = prior.now
        if prior.last_recorded_at is not None and prior.last_recorded_at >= prior.now:
            self.next_at = prior.last_recorded_at + _TICK
        self.versions = dict(prior.versions)
        self.known: dict[bytes, Known | Entry] = {**prior.known}
        self.codes = set(prior.codes)
        self.superseded: set[int] = set()
        self.entries: list[Entry] = []
        self._before = prior

    def target(self, position: int) -> Target | None:
        """Return what stands at a position that an event supersedes."""
        ours = position - self._before.size
        if 0 <= ours < len(self.entries):
            return Target(self.entries[ours].stream, superseded=position in self.superseded)
        found = self._before.targets.get(position)
        return Target(found.stream, superseded=True) if found and position in self.superseded else found


class Draft:
    """Hold the events of one request on top of a history."""

    def __init__(self, history: History, recorded_by: str) -> None:
        self._history = history
        self._recorded_by = recorded_by
        self._next_at = history.next_at
        self._versions: dict[str, int] = {}
        self._superseded: set[int] = set()
        self._codes: set[str] = set()
        self._entries: list[Entry] = []

    def version(self, stream: str) -> int:
        """Return the version a stream is at, 0 when it does not exist."""
        return self._versions.get(stream) or self._history.versions.get(stream, 0)

    def target(self, position: int) -> Target | None:
        """Return what stands at a position that an event supersedes."""
        ours = position - self._history.size
        if 0 <= ours < len(self._entries):
            return Target(self._entries[ours].stream, superseded=position in self._superseded)
        found = self._history.target(position)
        return Target(found.stream, superseded=True) if found and position in self._superseded else found

    def knows(self, code: str) -> bool:
        """Tell whether a participant's code was introduced."""
        return code in self._codes or code in self._history.codes

    def add(self, candidate: Candidate) -> None:
        """Give an event its place."""
        at, version = self._next_at, self.version(candidate.stream) + 1
        self._next_at = at + _TICK
        self._versions[candidate.stream] = version
        self._entries.append(self._entry(candidate, version, at))
        if candidate.supersedes is not None:
            self._superseded.add(candidate.supersedes)
        if candidate.introduces is not None:
            self._codes.add(candidate.introduces)

    def keep(self) -> tuple[Receipt, ...]:
        """Make the events part of the history; return their receipts."""
        history, entries = self._history, self._entries
        history.size += len(entries)
        history.next_at = self._next_at
        history.versions.update(self._versions)
        history.superseded.update(self._superseded)
        history.codes.update(self._codes)
        history.entries += entries
        for entry in entries:
            history.known[entry.identity] = entry
        return tuple([receipt(entry) for entry in entries])

    def _entry(self, candidate: Candidate, version: int, at: datetime) -> Entry:
        # In the order of the columns: naming fourteen fields costs more than hashing the leaf.
        return Entry(
            self._history.size + len(self._entries),
            candidate.stream,
            version,
            candidate.source,
            candidate.id,
            candidate.identity,
            candidate.type,
            candidate.participant,
            candidate.supersedes,
            at,
            self._recorded_by,
            candidate.content,
            candidate.content_hash,
            leaf_hash(leaf(candidate.content, format_instant(at), self._recorded_by)),
        )


def receipt(recorded: Known | Entry) -> Receipt:
    """Return the receipt of a recorded event."""
    return Receipt(recorded.position, recorded.stream, recorded.version, recorded.recorded_at, recorded.leaf_hash)
