"""Write rows as CSV (RFC 4180), safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

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
        return _lines([[_cell(kind, value) for kind, value in zip(self._kinds, row, strict=True)] for row in rows])

    def end(self) -> bytes:
        """Return nothing: the last line ended with the last row."""
        return b""


def _lines(records: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(records)
    return text.getvalue().encode()


def _cell(kind: Kind, value: JSON) -> str:
    if value is None:
        return ""
    match kind:
        case Kind.TEXT:
            text = str(value)
            return f"'{text}" if text.startswith(MARKED) else text
        case Kind.FLAG:
            return "true" if value else "false"
        case Kind.NUMBERS if isinstance(value, list):
            return " ".join(map(str, value))
        case Kind.DOCUMENT:
            return orjson.dumps(value).decode()
        case _:
            return str(value)
