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
        self.known = dict(prior.known)
        self.targets = dict(prior.targets)
        self.codes = set(prior.codes)
        self.entries: list[Entry] = []


class Draft:
    """Hold the events of one request on top of a history."""

    def __init__(self, history: History, recorded_by: str) -> None:
        self._history = history
        self._recorded_by = recorded_by
        self._versions: dict[str, int] = {}
        self._targets: dict[int, Target] = {}
        self._codes: set[str] = set()
        self._entries: list[Entry] = []

    def version(self, stream: str) -> int:
        """Return the version a stream is at, 0 when it does not exist."""
        return self._versions.get(stream) or self._history.versions.get(stream, 0)

    def target(self, position: int) -> Target | None:
        """Return what stands at a position that an event supersedes."""
        return self._targets.get(position) or self._history.targets.get(position)

    def knows(self, code: str) -> bool:
        """Tell whether a participant's code was introduced."""
        return code in self._codes or code in self._history.codes

    def add(self, candidate: Candidate) -> None:
        """Give an event its place."""
        entry = self._entry(candidate)
        self._entries.append(entry)
        self._versions[entry.stream] = entry.version
        self._targets[entry.position] = Target(entry.stream, superseded=False)
        if entry.supersedes is not None:
            self._targets[entry.supersedes] = Target(entry.stream, superseded=True)
        if candidate.introduces is not None:
            self._codes.add(candidate.introduces)

    def keep(self) -> tuple[Receipt, ...]:
        """Make the events part of the history; return their receipts."""
        history, entries = self._history, self._entries
        history.size += len(entries)
        history.next_at += _TICK * len(entries)
        history.versions.update(self._versions)
        history.targets.update(self._targets)
        history.codes.update(self._codes)
        history.entries += entries
        for entry in entries:
            history.known[entry.identity] = _known(entry)
        return tuple(_receipt(entry) for entry in entries)

    def _entry(self, candidate: Candidate) -> Entry:
        earlier = len(self._entries)
        at: datetime = self._history.next_at + _TICK * earlier
        return Entry(
            position=self._history.size + earlier,
            stream=candidate.stream,
            version=self.version(candidate.stream) + 1,
            source=candidate.source,
            id=candidate.id,
            identity=candidate.identity,
            type=candidate.type,
            participant=candidate.participant,
            supersedes=candidate.supersedes,
            recorded_at=at,
            recorded_by=self._recorded_by,
            event=candidate.content,
            content_hash=candidate.content_hash,
            leaf_hash=leaf_hash(leaf(candidate.content, format_instant(at), self._recorded_by)),
        )


def _known(entry: Entry) -> Known:
    return Known(entry.position, entry.stream, entry.version, entry.recorded_at, entry.content_hash, entry.leaf_hash)


def _receipt(entry: Entry) -> Receipt:
    return Receipt(entry.position, entry.stream, entry.version, entry.recorded_at, entry.leaf_hash)
