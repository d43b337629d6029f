"""Write rows as JSON Lines: one object a line."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from treaty_projector.exports.tables import Row, Table


class LinesWriter:
    """Write one JSON object for each row."""

    def __init__(self, table: Table) -> None:
        self._names = table.names

    def begin(self) -> bytes:
        """Return nothing: each line names its columns."""
        return b""

    def add(self, rows: Sequence[Row]) -> bytes:
        """Return the rows as lines."""
        return b"".join(
            orjson.dumps(dict(zip(self._names, row, strict=True)), option=orjson.OPT_APPEND_NEWLINE) for row in rows
        )

    def end(self) -> bytes:
        """Return nothing: the last line ended with the last row."""
        return b""
