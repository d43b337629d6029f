"""Write rows in one form or another, a portion at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from treaty_projector.exports.tables import Row


class Writer(Protocol):
    """Turn rows into bytes; `begin` comes first and `end` last, and what is joined is the whole."""

    def begin(self) -> bytes:
        """Return what stands before all rows."""

    def add(self, rows: Sequence[Row]) -> bytes:
        """Return what may be sent once these rows are taken in."""

    def end(self) -> bytes:
        """Return the rest."""
