"""State what is asked of the store, what it answers and what it keeps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from treaty_contracts.envelope import format_instant, recorded_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Name everything that must be known to decide on some events."""

    identities: tuple[bytes, ...]
    streams: tuple[str, ...]
    targets: tuple[int, ...]
    codes: tuple[str, ...]


class Known(NamedTuple):
    """Tell of an event that is recorded: enough to answer its retry."""

    position: int
    stream: str
    version: int
    recorded_at: datetime
    content_hash: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Target:
    """Tell of a position that somebody wants superseded."""

    stream: str
    superseded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Hold what was recorded before, as far as it was wanted, read under the lock that orders all appends."""

    size: int
    now: datetime
    last_recorded_at: datetime | None
    versions: Mapping[str, int]
    known: Mapping[bytes, Known]
    targets: Mapping[int, Target]
    codes: frozenset[str]


class Entry(NamedTuple):
    """Hold one event as it is stored; the fields are the columns of ledger.events.

    A tuple, as it is made for every event and turned into columns.
    """

    position: int
    stream: str
    version: int
    source: str
    id: str
    identity: bytes
    type: str
    participant: str | None
    supersedes: int | None
    recorded_at: datetime
    recorded_by: str
    event: bytes
    content_hash: bytes
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Recorded:
    """Hold one recorded event as it is read."""

    position: int
    version: int
    recorded_at: datetime
    recorded_by: str
    leaf_hash: bytes
    event: bytes

    def json(self) -> bytes:
        """Return the recorded event in JSON, around the bytes that were accepted."""
        return recorded_json(
            self.event,
            position=self.position,
            version=self.version,
            recorded_at=format_instant(self.recorded_at),
            recorded_by=self.recorded_by,
            leaf_hash=self.leaf_hash,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Choose recorded events; None chooses all."""

    treaty: str | None = None
    participant: str | None = None
    type: str | None = None
