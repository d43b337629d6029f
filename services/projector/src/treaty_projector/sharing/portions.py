"""Gather what slices come to between two sizes of the log."""

from __future__ import annotations

from collections.abc import Sequence

from treaty_projector.bitemporal.versions import Batch, Change
from treaty_projector.entries import Entry, Kept
from treaty_projector.quarantine import NO_RULING, Ruling


class Portion:
    """Hold the rows that entries change, from one size on."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.size = start
        self.rows = Batch()
        self.falls: Sequence[tuple[str, str]] = ()
        self.ruling: Ruling = NO_RULING

    def add(self, entry: Entry | Kept, changes: Sequence[Change]) -> None:
        """Take one entry with what it changes."""
        self.size = entry.position + 1
        for change in changes:
            self.rows.add(change)
