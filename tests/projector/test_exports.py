"""A list can be had whole, as CSV, JSON Lines or Parquet, and says what its JSON answers say."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator, Mapping

import orjson
import pyarrow.parquet as pq
import pytest
from database import ROOT
from register import Register

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.exports import tables
from treaty_projector.exports.tables import Kind, Table, head_of

HISTORIES = ROOT / "services" / "standalone" / "histories"
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
LISTS: list[tuple[str, Table]] = [
    ("/v1/treaties/open-skies/members?as_of=2020-08-01&consent=all", tables.MEMBERS),
    ("/v1/treaties/open-skies/members?as_of=2020-08-01&known_size=420", tables.MEMBERS),
    ("/v1/treaties/npt/members", tables.MEMBERS),
    ("/v1/treaties/open-skies/history", tables.HISTORY),
    ("/v1/pending-exits?as_of=2021-07-01", tables.PENDING_EXITS),
    ("/v1/pending-exits?stage=signals&as_of=2019-01-01", tables.PENDING_EXITS),
    ("/v1/pending-exits?as_of=1900-01-01", tables.PENDING_EXITS),
    ("/v1/participants/GBR/treaties?as_of=2019-06-01", tables.TREATIES_OF),
    ("/v1/members?as_of=2019-06-01", tables.MEMBERS),
    ("/v1/members?as_of=2019-06-01&consent=former", tables.MEMBERS),
    ("/v1/memberships", tables.MEMBERSHIPS),
    ("/v1/memberships?treaty=npt&known_size=400", tables.MEMBERSHIPS),
    ("/v1/treaties?as_of=1990-01-01", tables.TREATIES),
    ("/v1/changes?from_size=100", tables.CHANGES),
    ("/v1/anomalies", tables.ANOMALIES),
]


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Record the bundled histories."""
    participants = HISTORIES / "participants.jsonl"
    for path in (participants, *sorted(set(HISTORIES.glob("*.jsonl")) - {participants})):
        said = register.post_lines(map(json.loads, path.read_text(encoding="utf-8").splitlines()))
        assert all("position" in line for line in said)
        register.ask("/v1/projection")
    return register


@pytest.mark.parametrize("form", list(MEDIA_TYPES))
@pytest.mark.parametrize(("path", "table"), LISTS, ids=[path for path, _ in LISTS])
def test_each_form_says_what_the_json_answers_say(told: Register, path: str, table: Table, form: str) -> None:
    pages = list(pages_of(told, path))
    head = head_of(pages[0])
    expected = [dict(zip(table.names, row, strict=True)) for page in pages for row in table.rows(page, head)]

    answer = told.get(f"{path}{'&' if '?' in path else '?'}format={form}")

    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[form]
    assert READERS[form](answer.content, table) == [as_read(form, row) for row in expected]


@pytest.mark.parametrize("size", [420, 600, 828])
@pytest.mark.parametrize("day", ["1975-01-01", "2002-01-01", "2020-11-22", "2026-11-26"])
def test_memberships_hold_the_answer_for_every_day_and_size(told: Register, day: str, size: int) -> None:
    everything = from_lines(told.get("/v1/memberships?format=jsonl").content, tables.MEMBERSHIPS)
    members = from_lines(told.get(f"/v1/members?format=jsonl&as_of={day}&known_size={size}").content, tables.MEMBERS)

    assert members
    assert [(row["treaty"], row["participant"], row["consent"], row["exit_stage"]) for row in members] == [
        (row["treaty"], row["participant"], row["consent"], row["exit_stage"])
        for row in everything
        if holds(row["valid_from"], day, row["valid_to"]) and holds(row["known_from"], size, row["known_to"])
    ]


def test_memberships_of_a_past_size_are_those_of_now_without_what_came_later(told: Register) -> None:
    now, then = (
        from_lines(told.get(f"/v1/memberships?format=jsonl&known_size={size}").content, tables.MEMBERSHIPS)
        for size in (828, 600)
    )
    changing = ("name", "known_at", "known_size", "known_to", "known_to_at")
    known_then = [row for row in now if isinstance(row["known_from"], int) and row["known_from"] <= 600]

    assert then
    for earlier, later in zip(then, known_then, strict=True):
        assert all(earlier[name] == later[name] for name in earlier if name not in changing)
        ended = isinstance(later["known_to"], int) and later["known_to"] <= 600
        assert (earlier["known_to"], earlier["known_to_at"]) == (
            (later["known_to"], later["known_to_at"]) if ended else (None, None)
        )


def test_each_size_is_dated_by_the_record_that_brought_it(told: Register) -> None:
    for row in from_lines(told.get("/v1/memberships?format=jsonl&treaty=npt").content, tables.MEMBERSHIPS):
        for size, instant in ((row["known_from"], row["known_from_at"]), (row["known_to"], row["known_to_at"])):
            if isinstance(size, int):
                recorded = told.client.get(f"{told.ledger}/v1/events/{size - 1}").json()
                assert recorded["recorded_at"] == instant


def holds(begin: JSON, at: JSON, end: JSON) -> bool:
    """Tell whether a half-open range, of days or of sizes, holds a point."""
    return key(begin) <= key(at) and (end is None or key(at) < key(end))


def key(point: JSON) -> str:
    """Return a text that sorts as days do, and as sizes do."""
    return f"{point:09}" if isinstance(point, int) else str(point)


def pages_of(register: Register, path: str) -> Iterator[JsonObject]:
    """Give every page of a list, as a client that follows `next` sees them."""
    cursor: JSON = None
    while True:
        more = "" if cursor is None else f"&cursor={cursor}"
        answer = register.get(f"{path}{'&' if '?' in path else '?'}limit=500{more}")
        assert answer.status_code == 200, answer.text
        page: JsonObject = orjson.loads(answer.content)
        yield page
        cursor = page["next"]
        if cursor is None:
            return


def from_csv(content: bytes, table: Table) -> list[JsonObject]:
    text = content.decode()
    assert "\n" not in text.replace("\r\n", "")
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read[0] == table.names
    kinds = [column.kind for column in table.columns]
    rows = [[plain(kind, cell) for kind, cell in zip(kinds, row, strict=True)] for row in read[1:]]
    return [dict(zip(table.names, row, strict=True)) for row in rows]


def plain(kind: Kind, cell: str) -> JSON:
    """Read one cell of CSV as docs/exports.md says."""
    if cell == "":
        return None
    read: dict[Kind, Callable[[str], JSON]] = {
        Kind.TEXT: lambda text: text.removeprefix("'"),
        Kind.NUMBER: int,
        Kind.FLAG: {"true": True, "false": False}.__getitem__,
        Kind.NUMBERS: lambda text: list(map(int, text.split())),
        Kind.DOCUMENT: orjson.loads,
    }
    return read.get(kind, str)(cell)


def from_lines(content: bytes, table: Table) -> list[JsonObject]:
    rows: list[JsonObject] = [orjson.loads(line) for line in content.splitlines()]
    assert all(list(row) == table.names for row in rows)
    return rows


def from_parquet(content: bytes, table: Table) -> list[JsonObject]:
    read = pq.read_table(io.BytesIO(content))
    assert read.schema.names == table.names
    return [
        {column.name: from_arrow(column.kind, row[column.name]) for column in table.columns} for row in read.to_pylist()
    ]


def from_arrow(kind: Kind, value: object) -> JSON:
    match value:
        case dt.datetime():
            return format_instant(value)
        case dt.date():
            return value.isoformat()
        case str() if kind is Kind.DOCUMENT:
            document: JSON = orjson.loads(value)
            return document
        case None | bool() | int() | str() | list():
            return value
        case _:
            raise AssertionError(value)


def as_read(form: str, row: JsonObject) -> JsonObject:
    """Return what can be read back: CSV writes an empty list as it writes nothing."""
    return {name: None if form == "csv" and value == [] else value for name, value in row.items()}


READERS: Mapping[str, Callable[[bytes, Table], list[JsonObject]]] = {
    "csv": from_csv,
    "jsonl": from_lines,
    "parquet": from_parquet,
}
