"""Read a table of comma-separated values, plain or compressed, row by row."""

import csv
import gzip
import unicodedata
import zlib
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

from treaty_contracts.canonical import JsonObject, canonical_bytes
from treaty_standalone.importing.errors import BadTable

_GZIP: Final = b"\x1f\x8b"
_HEADER_ROW: Final = 1
_DIGEST_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Row:
    """Hold the cells of one row that a mapping names, by the names the mapping gives them.

    `number` is the row's place as a spreadsheet shows it: the header is row 1.
    """

    number: int
    cells: Mapping[str, str]
    is_torn: bool = False
    """Whether the row has cells beyond the last heading: a separator inside a cell has shifted the others."""

    def __getitem__(self, name: str) -> str:
        """Return a cell's text; empty where the table has no such column."""
        return self.cells.get(name, "")

    def digest(self) -> str:
        """Return what names the row for ever: a hash of what its cells say, wherever in the table it stands."""
        said: JsonObject = {name: text for name, text in self.cells.items() if text}
        return sha256(canonical_bytes(said)).hexdigest()[:_DIGEST_LENGTH]


def read_rows(path: Path, columns: Mapping[str, str], *, required: Container[str], delimiter: str) -> Iterator[Row]:
    """Yield the rows of a table; `columns` names its headings, and some are required. Raises BadTable."""
    with _opened(path) as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        headings = next(reader, [])
        places = _places(path, headings, columns, required)
        for number, values in enumerate(reader, _HEADER_ROW + 1):
            if values:
                cells = {name: _clean(values[place]) for name, place in places.items() if place < len(values)}
                yield Row(number, cells, any(values[len(headings) :]))


def split_acts(row: Row, acts: Mapping[str, str]) -> Iterator[Row]:
    """Yield a row for each cell that holds the day of an act, in a table with a column for every action."""
    days = {act_column(heading): action for heading, action in acts.items()}
    others = {name: text for name, text in row.cells.items() if name not in days}
    for column, action in days.items():
        if row[column]:
            yield Row(row.number, {**others, "action": action, "date": row[column]}, row.is_torn)


def act_column(heading: str) -> str:
    """Return the name of a column that holds the days of one action."""
    return f"act: {heading}"


def _places(path: Path, headings: list[str], columns: Mapping[str, str], required: Container[str]) -> dict[str, int]:
    """Return where each named column stands."""
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        found.setdefault(_clean(heading), place)
    missing = [heading for name, heading in columns.items() if name in required and heading not in found]
    if missing:
        raise BadTable(path, f"it has no column {', '.join(missing)}; it has {', '.join(found) or 'none'}.")
    return {name: found[heading] for name, heading in columns.items() if heading in found}


@contextmanager
def _opened(path: Path) -> Iterator[TextIO]:
    try:
        with path.open("rb") as file:
            is_compressed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            content = gzip.GzipFile(fileobj=file) if is_compressed else file
            yield TextIOWrapper(content, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise BadTable(path, f"{error.strerror or error}.") from error
    except (csv.Error, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise BadTable(path, f"{error}.") from error


@lru_cache(maxsize=65_536)
def _clean(text: str) -> str:
    return " ".join(text.split()) if text.isascii() else " ".join(unicodedata.normalize("NFC", text).split())
