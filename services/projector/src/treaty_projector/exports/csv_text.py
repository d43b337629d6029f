"""Write rows as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import orjson

from treaty_contracts.canonical import JSON
from treaty_projector.exports.tables import Kind, Row, Table

MARKED = ("=", "+", "-", "@", "\t", "\r", "'", "＝", "＋", "－", "＠")  # noqa: RUF001 - spreadsheets read these alike
"""A text that begins so gets an apostrophe before it; whoever reads the text takes one leading apostrophe off."""


class CsvWriter:
    """Write CSV in UTF-8, with a header and CRLF."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._kinds = [column.kind for column in table.columns]

    def begin(self) -> bytes:
        """Return the header."""
        return _lines([self._table.names])

    def add(self, rows: Sequence[Row]) -> bytes:
        """Return the rows as lines."""
        if not rows:
            return b""
        columns = zip(*rows, strict=True)
        return _lines(zip(*map(_cells, self._kinds, columns), strict=True))

    def end(self) -> bytes:
        """Return nothing: the last line ended with the last row."""
        return b""


def _lines(records: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(records)
    return text.getvalue().encode()


def _cells(kind: Kind, values: Sequence[JSON]) -> Sequence[object]:
    """Return what is written for the values of one column; the writer itself leaves nothing empty."""
    match kind:
        case Kind.TEXT:
            return [f"'{value}" if isinstance(value, str) and value.startswith(MARKED) else value for value in values]
        case Kind.FLAG:
            return [None if value is None else "true" if value else "false" for value in values]
        case Kind.NUMBERS:
            return [" ".join(map(str, value)) if isinstance(value, list) else None for value in values]
        case Kind.DOCUMENT:
            return [None if value is None else orjson.dumps(value).decode() for value in values]
        case Kind.DAY | Kind.INSTANT | Kind.NUMBER:
            return values
