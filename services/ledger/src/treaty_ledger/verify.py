"""Check everything the database holds: each byte hashed again, each number dense, each signature and each root."""

import json
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from treaty_contracts.canonical import JSON, JsonObject, canonical_bytes
from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import parse_checkpoint
from treaty_contracts.tlog.frontier import Frontier, Subtree, grow
from treaty_contracts.tlog.notes import NoteWrong, Verifier, open_note
from treaty_contracts.tlog.replay import LogWrong
from treaty_ledger.store.audit import AuditReads
from treaty_ledger.store.tree import Signed
from treaty_ledger.store.values import Entry


@dataclass(frozen=True, slots=True)
class Audited:
    """Tell what was checked."""

    events: int
    streams: int
    checkpoints: int


async def verify_database(
    reads: AuditReads, verifiers: Iterable[Verifier], *, progress: Callable[[int], None]
) -> Audited:
    """Check a whole database; `progress` hears how many events are checked.

    Raises LogWrong, which names the first bad position, and DatabaseUnavailable.
    """
    audit = _Audit(_Checkpoints(reads.checkpoints(), tuple(verifiers)), _Subtrees(reads))
    await audit.checkpoints.meet(audit.frontier)
    async for rows in reads.events():
        for row in rows:
            await audit.take(row)
        progress(audit.frontier.size)
    await audit.checkpoints.end(audit.frontier.size)
    await audit.subtrees.end()
    return Audited(audit.frontier.size, len(audit.versions), audit.checkpoints.met)


class _Checkpoints:
    """Meet each checkpoint at its size, in order."""

    def __init__(self, signed: AsyncIterator[Signed], verifiers: tuple[Verifier, ...]) -> None:
        self.met = 0
        self._signed = signed
        self._verifiers = verifiers
        self._next: Signed | None = None

    async def meet(self, frontier: Frontier) -> None:
        """Check what was signed at the size the tree has now."""
        if self._next is None and not self.met:
            self._next = await anext(self._signed, None)
        while self._next is not None and self._next.size == frontier.size:
            self._check(self._next, frontier.root())
            self.met += 1
            self._next = await anext(self._signed, None)

    async def end(self, size: int) -> None:
        """Check that nothing was signed beyond the last event."""
        if self._next is not None:
            raise LogWrong(f"{self._next.size} events were signed, and {size} are stored", position=size)

    def _check(self, signed: Signed, root: bytes) -> None:
        where = f"the checkpoint of size {signed.size}"
        try:
            told = parse_checkpoint(open_note(signed.note, self._verifiers)[0])
        except NoteWrong as error:
            raise LogWrong(f"{where}: {error}") from error
        if (told.size, told.root) != (signed.size, signed.root):
            raise LogWrong(f"{where} has another size or root in its note than beside it")
        if signed.root != root:
            raise LogWrong(f"the first {signed.size} events are not those that were signed")


class _Subtrees:
    """Compare complete subtrees with those that are stored, level by level."""

    def __init__(self, reads: AuditReads) -> None:
        self._reads = reads
        self._levels: dict[int, AsyncIterator[tuple[int, bytes]]] = {}

    async def meet(self, made: Subtree, position: int) -> None:
        """Check one subtree; what is recorded and not signed yet has none."""
        stored = self._levels.setdefault(made.level, self._reads.subtrees(made.level))
        told = await anext(stored, None)
        if told is not None and told != (made.index, made.hash):
            raise LogWrong(f"another hash is stored for subtree {made.index} of level {made.level}", position=position)

    async def end(self) -> None:
        """Check that no other subtree is stored."""
        for level in range(1, max(self._levels, default=0) + 2):
            stored = self._levels.get(level, self._reads.subtrees(level))
            if (other := await anext(stored, None)) is not None:
                raise LogWrong(f"subtree {other[0]} of level {level} is stored, and there are no events under it")


@dataclass(slots=True)
class _Audit:
    """Hold what follows from the rows so far."""

    checkpoints: _Checkpoints
    subtrees: _Subtrees
    frontier: Frontier = field(default_factory=Frontier)
    versions: dict[str, int] = field(default_factory=dict)
    last_at: datetime | None = None

    async def take(self, row: Entry) -> None:
        """Check one row against itself and those before; raise LogWrong."""
        expected = self.frontier.size
        if row.position != expected:
            raise LogWrong(f"it is missing; the next that is stored is {row.position}", position=expected)
        if row.version != (version := self.versions.get(row.stream, 0) + 1):
            raise LogWrong(f"it is version {row.version} of {row.stream}, where {version} follows", position=expected)
        if self.last_at is not None and row.recorded_at <= self.last_at:
            raise LogWrong("it is not recorded later than the one before", position=expected)
        for column, told, made in _columns(row):
            if told != made:
                raise LogWrong(f"its column {column} does not follow from the event", position=expected)
        self.versions[row.stream], self.last_at = version, row.recorded_at
        self.frontier, done = grow(self.frontier, (row.leaf_hash,))
        for subtree in done:
            await self.subtrees.meet(subtree, expected)
        await self.checkpoints.meet(self.frontier)


def _columns(row: Entry) -> Iterable[tuple[str, object, object]]:
    """Yield each column that follows from the event, as it is stored and as it should be."""
    event = _event(row)
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    type_, identity = event.get("type"), f"{event.get('source')}\0{event.get('id')}"
    participant = data.get("code" if type_ == "participant.registered" else "participant")
    yield "event", row.event, canonical_bytes(event)
    yield "stream", row.stream, event.get("subject")
    yield "source", row.source, event.get("source")
    yield "id", row.id, event.get("id")
    yield "type", row.type, type_
    yield "participant", row.participant, participant
    yield "supersedes", row.supersedes, data.get("position") if type_ == "record.superseded" else None
    yield "identity", row.identity, sha256(identity.encode()).digest()
    yield "content_hash", row.content_hash, sha256(row.event).digest()
    made = leaf(row.event, format_instant(row.recorded_at), row.recorded_by)
    yield "leaf_hash", row.leaf_hash, leaf_hash(made)


def _event(row: Entry) -> JsonObject:
    try:
        value: JSON = json.loads(row.event)
    except (ValueError, RecursionError) as error:
        raise LogWrong("it is not JSON", position=row.position) from error
    if not isinstance(value, dict):
        raise LogWrong("it is not an event", position=row.position)
    return value
