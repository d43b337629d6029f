"""Open and close row versions as the log grows: a new fact never rewrites one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from treaty_projector.bitemporal.rows import Key, Row, row_bytes, standing_rows, treaty_rows
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Fact, TreatyRules

_MODULUS = 1 << 256


class Change(NamedTuple):
    """Say that a row is known from a size of the log on, or no longer."""

    treaty: str
    row: Row
    at: int
    opens: bool


class OpenRows:
    """Hold the rows of one treaty that are known at the newest size."""

    def __init__(self, treaty: str) -> None:
        self._treaty = treaty
        self._itself: tuple[Fact | None, TreatyRules] = (None, TreatyRules())
        self._rows: dict[str | None, dict[Key, Row]] = {}

    def advance(self, folding: Folding, at: int) -> list[Change]:
        """Return the changes that make the rows say what was folded, from that size of the log on.

        Every recorded step is written by itself: merging two would answer wrongly for the size between them.
        """
        changes: list[Change] = []
        itself = (folding.registration, folding.rules)
        if itself != self._itself:
            self._itself = itself
            changes += self._replace(None, treaty_rows(folding.state), at)
        for participant in sorted(folding.take_moved()):
            standing = folding.standings.get(participant)
            changes += self._replace(participant, () if standing is None else standing_rows(standing), at)
        return changes

    def _replace(self, owner: str | None, rows: Iterable[Row], at: int) -> list[Change]:
        before = self._rows.pop(owner, {})
        after = {row.key: row for row in rows}
        if after:
            self._rows[owner] = after
        treaty = self._treaty
        closed = [Change(treaty, row, at, opens=False) for key, row in before.items() if after.get(key) != row]
        opened = [Change(treaty, row, at, opens=True) for key, row in after.items() if before.get(key) != row]
        return closed + opened


class Version(NamedTuple):
    """Hold a row with the sizes of the log for which it is known."""

    treaty: str
    row: Row
    known_from: int
    known_to: int | None


@dataclass(slots=True)
class Batch:
    """Gather changes for one write: versions to insert, and earlier ones to close."""

    inserts: dict[tuple[str, Key, int], Version] = field(default_factory=dict)
    closings: list[Version] = field(default_factory=list)
    terms: int = 0
    """What the changes add to the sum of the digest."""
    _opened: dict[tuple[str, Key], int] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Take one change, in order; a version that opens and closes within the batch is written once, closed."""
        self.terms += digest_term(change)
        about = (change.treaty, change.row.key)
        if change.opens:
            self._opened[about] = change.at
            self.inserts[(*about, change.at)] = Version(change.treaty, change.row, change.at, None)
            return
        since = self._opened.pop(about, None)
        if since is None:
            self.closings.append(Version(change.treaty, change.row, -1, change.at))
        elif since == change.at:
            del self.inserts[(*about, since)]
        else:
            self.inserts[(*about, since)] = Version(change.treaty, change.row, since, change.at)


def digest_term(change: Change) -> int:
    """Return what one change adds to the sum over all changes."""
    sign = b"+" if change.opens else b"-"
    what = (sign, b"%d" % change.at, change.treaty.encode(), row_bytes(change.row))
    return int.from_bytes(sha256(b"\x00".join(what)).digest())


def add_to_digest(total: bytes, change: Change) -> bytes:
    """Add one change to the running sum, in which the order of changes and the cuts between batches do not show."""
    return add_terms(total, digest_term(change))


def add_terms(total: bytes, terms: int) -> bytes:
    """Add the terms of many changes, summed up, to the running sum."""
    return ((int.from_bytes(total) + terms) % _MODULUS).to_bytes(32)


def digest_of(total: bytes) -> str:
    """Return the digest of the read model: SHA-256 of the sum over all its changes, in hexadecimal."""
    return sha256(b"treaty read model 2\x00" + total).hexdigest()
