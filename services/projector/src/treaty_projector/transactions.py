"""Gather what one transaction writes."""

from __future__ import annotations

from collections.abc import Sequence

from treaty_projector.bitemporal.versions import Batch, Change, add_terms
from treaty_projector.entries import Entry
from treaty_projector.store import Cursor


class Transaction:
    """Hold entries with the rows they change, and how far the projector has come with them."""

    def __init__(self, cursor: Cursor, checkpoint: str) -> None:
        self.size = cursor.size
        self.log = cursor.log
        self.entries: list[Entry] = []
        self.rows = Batch()
        self._checkpoint = checkpoint

    def add(self, entry: Entry, changes: Sequence[Change]) -> None:
        """Take one entry with what it changes."""
        self.entries.append(entry)
        self.log = self.log.append(entry.leaf_hash)
        for change in changes:
            self.rows.add(change)

    def cursor_after(self, before: Cursor) -> Cursor:
        """Return how far the projector has come once this is written."""
        size = before.size + len(self.entries)
        known = max(size, before.ledger_size)
        at = self.entries[-1].recorded_at
        digest_sum = add_terms(before.digest_sum, self.rows.terms)
        return Cursor(size, self.log, digest_sum, known, at, self._checkpoint, before.healings)
