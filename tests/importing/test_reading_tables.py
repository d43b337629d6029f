"""What a table may look like, and how it is told that it is none."""

import gzip
from pathlib import Path

import pytest

from treaty_standalone.importing.errors import BadTable
from treaty_standalone.importing.table import Row, read_rows

COLUMNS = {"action": "What", "date": "When", "detail": "How"}


def read(path: Path, *, delimiter: str = ",", required: tuple[str, ...] = ("action", "date")) -> list[Row]:
    return list(read_rows(path, COLUMNS, required=required, delimiter=delimiter))


def table(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    path = table(tmp_path, b"When,What\r\n1992,signed\r\n\r\n1993,left\r\n")
    assert read(path) == [
        Row(2, {"action": "signed", "date": "1992"}),
        Row(4, {"action": "left", "date": "1993"}),
    ]


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_a_table_may_be_compressed_and_may_carry_a_mark_of_its_encoding(tmp_path: Path, prefix: bytes) -> None:
    content = prefix + b"What,When\nsigned,1992\n"
    assert read(table(tmp_path, gzip.compress(content))) == read(table(tmp_path, content))
    assert read(table(tmp_path, content))[0]["action"] == "signed"


def test_cells_lose_their_outer_and_doubled_spaces_and_keep_their_letters(tmp_path: Path) -> None:
    path = table(tmp_path, 'What;When;How\n" signed\n twice";1992;Cote\u0302\u00a0d\n'.encode())
    assert read(path, delimiter=";")[0].cells == {"action": "signed twice", "date": "1992", "detail": "Cot\u00ea d"}


def test_a_row_with_more_cells_than_headings_is_torn_unless_they_are_empty(tmp_path: Path) -> None:
    rows = read(table(tmp_path, b"What,When\nsigned, again,1992\nsigned,1992,,\n"))
    assert [row.is_torn for row in rows] == [True, False]


def test_a_row_with_fewer_cells_says_nothing_in_the_others(tmp_path: Path) -> None:
    assert read(table(tmp_path, b"What,When\nsigned\n"))[0]["date"] == ""


def test_a_row_is_named_by_what_it_says_and_not_by_where_it_stands(tmp_path: Path) -> None:
    here = read(table(tmp_path, b"What,When\nsigned,1992\nleft,1993\n"))
    there = read(table(tmp_path, b"How,When,What\n,1993,left\n,1992,signed\n"))
    assert [row.digest() for row in here] == [row.digest() for row in reversed(there)]
    assert here[0].digest() != here[1].digest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no column What, When; it has none"),
        (b"Was,When\nsigned,1992\n", "no column What; it has Was, When"),
        (b'What,When\n"signed,1992\n', "unexpected end of data"),
        (b"What,When\nT\xfcrkei,1992\n", "codec can't decode"),
        (gzip.compress(b"What,When\nsigned,1992\n" * 1000, mtime=0)[:60], "end-of-stream"),
        (b"\x1f\x8bnonsense", "."),
    ],
)
def test_what_is_no_table_is_said_in_one_line(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(BadTable) as error:
        read(table(tmp_path, content))
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_table_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="No such file"):
        read(tmp_path / "none.csv")
