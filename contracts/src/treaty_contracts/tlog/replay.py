"""Replay a whole log from its entries, and compare every hash with what was published: nothing is taken on trust."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from treaty_contracts.canonical import JSON, canonical_bytes
from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.checkpoints import Checkpoint, parse_checkpoint
from treaty_contracts.tlog.frontier import Frontier, grow
from treaty_contracts.tlog.notes import Verifier, open_note
from treaty_contracts.tlog.tiles import HEIGHT, WIDTH, Tile, bundles_of, read_bundle, read_tile

_KEYS = {"v", "event", "recorded_at", "recorded_by"}


class LogWrong(ValueError):
    """What a log holds is not what it commits to; `position` is the first bad entry, where one can be named."""

    def __init__(self, reason: str, *, position: int | None = None) -> None:
        super().__init__(reason if position is None else f"entry {position}: {reason}")
        self.position = position


class LogSource(Protocol):
    """Give what a log publishes, wherever it is kept."""

    def checkpoint(self) -> str:
        """Return the newest signed checkpoint."""

    def tile(self, tile: Tile) -> bytes:
        """Return what a tile or a bundle holds."""


@dataclass(slots=True)
class Replay:
    """Hold what follows from the entries replayed so far."""

    frontier: Frontier = field(default_factory=Frontier)
    seen: dict[int, Checkpoint] = field(default_factory=dict)
    """Checkpoints that were signed at some sizes, to be met on the way."""
    _last_at: str = ""
    _levels: dict[int, list[bytes]] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Return how many entries were replayed."""
        return self.frontier.size

    def add(self, entry: bytes) -> bytes:
        """Take the next entry in; return the hash of its leaf. Raises LogWrong."""
        at = self._recorded_at(entry)
        if at <= self._last_at:
            raise LogWrong("it is not recorded later than the one before", position=self.size)
        self._last_at = at
        hash_ = leaf_hash(entry)
        self.grow(hash_)
        return hash_

    def grow(self, hash_: bytes) -> None:
        """Take the hash of the next leaf in; raise LogWrong where another root was signed."""
        self.frontier, done = grow(self.frontier, (hash_,))
        for subtree in done:
            self._levels.setdefault(subtree.level, []).append(subtree.hash)
        signed = self.seen.get(self.size)
        if signed is not None and signed.root != self.frontier.root():
            raise LogWrong(f"the first {self.size} entries are not those that were signed")

    def tiles(self, *, ended: bool) -> Iterable[tuple[Tile, Sequence[bytes]]]:
        """Yield the tiles above the leaves that became full, and when `ended` those that stay partial."""
        for level, hashes in self._levels.items():
            total = self.size >> level * HEIGHT
            while len(hashes) >= WIDTH:
                yield Tile(level, (total - len(hashes)) // WIDTH), hashes[:WIDTH]
                del hashes[:WIDTH]
            if ended and hashes:
                yield Tile(level, total // WIDTH, len(hashes)), hashes

    def _recorded_at(self, entry: bytes) -> str:
        try:
            value: JSON = json.loads(entry)
        except (ValueError, RecursionError) as error:
            raise LogWrong("it is not JSON", position=self.size) from error
        if not isinstance(value, dict) or value.keys() != _KEYS or value["v"] != 1:
            raise LogWrong("it is not a record of version 1", position=self.size)
        if canonical_bytes(value) != entry:
            raise LogWrong("it is not written canonically (RFC 8785)", position=self.size)
        return str(value["recorded_at"])


def verify_log(
    source: LogSource,
    verifiers: Iterable[Verifier],
    *,
    seen: Iterable[Checkpoint] = (),
    progress: Callable[[int, int], None],
) -> Checkpoint:
    """Check a whole log: every entry, every tile, and what was signed; return its checkpoint.

    `seen` are checkpoints that were seen earlier: the log must still begin with what they cover. `progress` hears how
    many entries of how many are checked. Raises NoteWrong when no trusted key signed, and LogWrong.
    """
    text, _ = open_note(source.checkpoint(), verifiers)
    signed = parse_checkpoint(text)
    replay = Replay(seen=_by_size(seen, signed))
    for bundle in bundles_of(signed.size):
        _check_bundle(source, bundle, replay)
        _check_tiles(source, replay, ended=replay.size == signed.size)
        progress(replay.size, signed.size)
    if replay.frontier.root() != signed.root:
        raise LogWrong(f"the {signed.size} entries have another root than the one that was signed")
    return signed


def _by_size(seen: Iterable[Checkpoint], signed: Checkpoint) -> dict[int, Checkpoint]:
    by_size: dict[int, Checkpoint] = {}
    for checkpoint in seen:
        if checkpoint.origin != signed.origin:
            raise LogWrong(f"this is the log {signed.origin}, and {checkpoint.origin} was seen earlier")
        if checkpoint.size > signed.size:
            raise LogWrong(f"{checkpoint.size} entries were signed, and the log has {signed.size} now")
        if by_size.setdefault(checkpoint.size, checkpoint).root != checkpoint.root:
            raise LogWrong(f"two roots were signed for the first {checkpoint.size} entries")
    return by_size


def _check_bundle(source: LogSource, bundle: Tile, replay: Replay) -> None:
    entries = _read(read_bundle, source, bundle)
    leaves = _read(read_tile, source, Tile(0, bundle.number, bundle.width))
    for entry, told in zip(entries, leaves, strict=True):
        if leaf_hash(entry) != told:
            raise LogWrong("it does not have the hash that the tile tells", position=replay.size)
        replay.add(entry)


def _check_tiles(source: LogSource, replay: Replay, *, ended: bool) -> None:
    for tile, hashes in replay.tiles(ended=ended):
        told = _read(read_tile, source, tile)
        for place, (made, one) in enumerate(zip(hashes, told, strict=True), tile.first):
            if made != one:
                raise LogWrong(f"tile {tile.path} tells another hash of subtree {place}")


def _read(reader: Callable[[bytes], Sequence[bytes]], source: LogSource, tile: Tile) -> Sequence[bytes]:
    """Return what a tile holds; raise LogWrong when that is not as much as its address says."""
    try:
        found = reader(source.tile(tile))
    except ValueError as error:
        raise LogWrong(f"tile {tile.path}: {error}") from error
    if len(found) != tile.width:
        raise LogWrong(f"tile {tile.path} has {len(found)} places")
    return found
