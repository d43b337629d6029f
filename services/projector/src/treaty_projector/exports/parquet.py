"""Write rows as Parquet.

pyarrow takes sixty megabytes and a tenth of a second to load: import this module only when somebody asks for Parquet.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from treaty_contracts.canonical import JSON
from treaty_projector.exports.tables import Kind, Row, Table

ROWS_AT_ONCE = 10_000
"""How many rows make a row group: what is kept in memory."""

BYTES_AT_ONCE = 2**23
"""How many bytes make one, however few the rows."""

_TYPES: Mapping[Kind, pa.DataType] = {
    Kind.TEXT: pa.string(),
    Kind.DAY: pa.date32(),
    Kind.INSTANT: pa.timestamp("us", tz="UTC"),
    Kind.NUMBER: pa.int64(),
    Kind.FLAG: pa.bool_(),
    Kind.NUMBERS: pa.list_(pa.int64()),
    Kind.DOCUMENT: pa.string(),
}


class ParquetWriter:
    """Write row groups as rows come in, and the footer at the end."""

    def __init__(self, table: Table, says: Mapping[str, str]) -> None:
        self._kinds = [column.kind for column in table.columns]
        fields = [pa.field(column.name, _TYPES[column.kind]) for column in table.columns]
        metadata: dict[bytes | str, bytes | str] = {name: value for name, value in says.items()}  # noqa: C416 - widened
        self._schema = pa.schema(fields, metadata=metadata)
        self._sink = io.BytesIO()
        self._file = pq.ParquetWriter(self._sink, self._schema, compression="zstd")
        self._waiting: list[pa.RecordBatch] = []

    def begin(self) -> bytes:
        """Return the mark by which the file is known."""
        return self._take()

    def add(self, rows: Sequence[Row]) -> bytes:
        """Return a row group, once there are rows enough for one."""
        if rows:
            columns = zip(*rows, strict=True)
            self._waiting.append(
                pa.RecordBatch.from_arrays(list(map(_array, self._kinds, columns)), schema=self._schema)
            )
        waiting = self._waiting
        if sum(len(batch) for batch in waiting) >= ROWS_AT_ONCE or sum(b.nbytes for b in waiting) >= BYTES_AT_ONCE:
            self._write()
        return self._take()

    def end(self) -> bytes:
        """Return the last row group and the footer."""
        if self._waiting:
            self._write()
        self._file.close()
        return self._take()

    def _take(self) -> bytes:
        """Return what was written since it was last asked for; Arrow counts the bytes of the file by itself."""
        taken = self._sink.getvalue()
        self._sink.seek(0)
        self._sink.truncate()
        return taken

    def _write(self) -> None:
        table = pa.Table.from_batches(self._waiting, schema=self._schema)
        self._file.write_table(table, row_group_size=len(table))
        self._waiting = []


def _array(kind: Kind, values: Sequence[JSON]) -> pa.Array[pa.Scalar[pa.DataType]]:
    match kind:
        case Kind.DAY | Kind.INSTANT:
            return pa.array(values, pa.string()).cast(_TYPES[kind])
        case Kind.DOCUMENT:
            return pa.array([None if value is None else orjson.dumps(value).decode() for value in values], pa.string())
        case _:
            return pa.array(values, _TYPES[kind])
