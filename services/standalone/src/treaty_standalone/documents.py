"""Read events out of a file: one JSON object, an array of them, or JSON Lines; the content says which."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from treaty_standalone.errors import NotJson

_DECODER = json.JSONDecoder()
_BLANK = " \t\r\n"


@dataclass(frozen=True, slots=True)
class Line:
    """Hold an event as one line of JSON, exactly as written, and the line of the file it starts on."""

    number: int
    content: bytes


def read_lines(file: BinaryIO, *, name: str) -> Iterator[Line]:
    """Yield the events of a file in order; JSON Lines are read as they are needed.

    Lines are not judged here: what is wrong with one, the ledger says. Raises NotJson for a broken array.
    """
    first = next((Line(number, line) for number, line in enumerate(file, 1) if line.strip()), None)
    if first is None:
        return
    if first.content.lstrip().startswith(b"{") and not _is_whole(first.content):
        yield from _object_over_lines(first, file)
    elif first.content.lstrip().startswith(b"["):
        yield from _elements(b"\n" * (first.number - 1) + first.content + file.read(), name)
    else:
        yield from _filled(chain([first], _numbered(file, first.number + 1)))


def count_lines(path: Path) -> int:
    """Return how many lines of a file say something: the number of its events, if it holds JSON Lines."""
    with path.open("rb") as file:
        return sum(1 for line in file if line.strip())


def _is_whole(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _object_over_lines(first: Line, file: BinaryIO) -> Iterator[Line]:
    """Yield one object written over several lines; what is no object after all was lines, the first of them bad."""
    rest = file.read()
    if _is_whole(first.content + rest):
        # Outside strings a line break is mere space, and inside strings JSON allows none.
        yield Line(first.number, (first.content + rest).replace(b"\n", b" ").replace(b"\r", b" "))
    else:
        yield from _filled(chain([first], _numbered(iter(rest.splitlines(keepends=True)), first.number + 1)))


def _elements(document: bytes, name: str) -> Iterator[Line]:
    try:
        text = document.decode()
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotJson(name, str(error)) from error
    at = text.index("[") + 1
    counted, number = 0, 1
    while True:
        while text[at] in _BLANK + ",":
            at += 1
        if text[at] == "]":
            return
        _, end = _DECODER.raw_decode(text, at)
        element = text[at:end].replace("\n", " ").replace("\r", " ")
        number += text.count("\n", counted, at)
        yield Line(number, element.encode())
        counted = at
        at = end


def _numbered(lines: Iterator[bytes] | BinaryIO, start: int) -> Iterator[Line]:
    return (Line(number, content) for number, content in enumerate(lines, start))


def _filled(lines: Iterator[Line]) -> Iterator[Line]:
    return (Line(line.number, line.content.rstrip(b"\r\n")) for line in lines if line.content.strip())
