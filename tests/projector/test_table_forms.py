"""Whatever the rows say, each form can be read back to exactly that."""

import csv
import io
import subprocess
import sys
from collections.abc import Sequence

import orjson
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_projector.exports.csv_text import CsvWriter
from treaty_projector.exports.lines import LinesWriter
from treaty_projector.exports.parquet import ROWS_AT_ONCE, ParquetWriter
from treaty_projector.exports.tables import Column, Kind, Row, Table
from treaty_projector.exports.writers import Writer

TABLE = Table(
    "rows",
    (Column(("text",), Kind.TEXT), Column(("number",), Kind.NUMBER), Column(("numbers",), Kind.NUMBERS)),
)
FORMULAS = "=+-@\t\r'＝＋－＠"  # noqa: RUF001 - spreadsheets read these alike
WHOLE = st.integers(-(2**53), 2**53)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1) | st.builds(
    "{}{}".format, st.sampled_from(FORMULAS), st.text(st.sampled_from("=+-@', \"\r\n\tä1"))
)
ROWS = st.lists(st.tuples(st.none() | TEXTS, st.none() | WHOLE, st.none() | st.lists(WHOLE, min_size=1)))


def written(writer: Writer, *pages: Sequence[Row]) -> bytes:
    return b"".join([writer.begin(), *map(writer.add, pages), writer.end()])


@pytest.mark.property
@given(ROWS, ROWS)
def test_csv_gives_back_each_text_and_begins_none_like_a_formula(first: list[Row], second: list[Row]) -> None:
    text = written(CsvWriter(TABLE), first, second).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))

    assert read[0] == TABLE.names
    assert not any(cells[0].startswith(tuple(FORMULAS.replace("'", ""))) for cells in read[1:])
    assert [
        (text.removeprefix("'") or None, int(number) if number else None, list(map(int, numbers.split())) or None)
        for text, number, numbers in read[1:]
    ] == first + second


@pytest.mark.property
@given(ROWS, ROWS)
def test_json_lines_give_back_each_row(first: list[Row], second: list[Row]) -> None:
    lines = written(LinesWriter(TABLE), first, second).split(b"\n")

    assert lines.pop() == b""
    assert [tuple(orjson.loads(line).values()) for line in lines] == first + second


@pytest.mark.property
@given(ROWS, ROWS)
def test_parquet_gives_back_each_row(first: list[Row], second: list[Row]) -> None:
    content = written(ParquetWriter(TABLE, {}), first, second)

    assert [tuple(row.values()) for row in pq.read_table(io.BytesIO(content)).to_pylist()] == first + second


def test_parquet_is_written_in_groups_that_need_not_be_kept() -> None:
    writer = ParquetWriter(TABLE, {})
    rows: list[Row] = [("a", 1, [1])] * (ROWS_AT_ONCE // 2)

    assert writer.begin() == b"PAR1"
    assert writer.add(rows) == b""
    assert writer.add(rows) != b""
    assert writer.add([("x" * 2**23, 1, None)]) != b""
    assert writer.add([]) == b""


def test_pyarrow_is_loaded_only_by_those_who_ask_for_parquet() -> None:
    program = "import sys, treaty_projector.cli; sys.exit('pyarrow' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
