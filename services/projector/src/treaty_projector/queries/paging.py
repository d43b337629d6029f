"""Cut lists into pages that fit together, whatever is recorded between two requests."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import orjson

from treaty_projector.errors import MalformedParameter
from treaty_projector.queries.clocks import Clocks

_Item = TypeVar("_Item")
_MOST = 2**62
_MOST_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Place:
    """Hold where the last page ended, and of what the first was: pages of one list must not mix two states."""

    after: tuple[str, ...]
    as_of: dt.date
    size: int
    generation: int


def write_cursor(after: Sequence[str], clocks: Clocks) -> str:
    """Return the opaque text that names the place after a page."""
    content = orjson.dumps([list(after), clocks.as_of.isoformat(), clocks.size, clocks.generation])
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def read_cursor(cursor: str, *, parts: int) -> Place:
    """Return the place a cursor names; raise MalformedParameter for a text that no answer gave."""
    refusal = _not_ours()
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        after, as_of, size, generation = orjson.loads(content)
        place = Place(tuple(map(str, after)), dt.date.fromisoformat(as_of), int(size), int(generation))
    except (ValueError, TypeError, binascii.Error) as error:
        raise refusal from error
    if len(place.after) != parts or not 0 <= place.size < _MOST or any("\x00" in part for part in place.after):
        raise refusal
    return place


def number_in(part: str) -> int:
    """Return the number that a part of a place holds; raise MalformedParameter for a text that no answer gave."""
    if not (part.isascii() and part.isdigit() and len(part) <= _MOST_DIGITS):
        raise _not_ours()
    return int(part)


def day_in(part: str) -> dt.date:
    """Return the day that a part of a place holds; raise MalformedParameter for a text that no answer gave."""
    try:
        return dt.date.fromisoformat(part)
    except ValueError as error:
        raise _not_ours() from error


def cut(
    items: Sequence[tuple[tuple[str, ...], _Item]], *, after: tuple[str, ...] | None, limit: int
) -> tuple[list[_Item], tuple[str, ...] | None]:
    """Return the items that follow a place, at most `limit`, and the place of the last one if more follow."""
    rest = [pair for pair in items if after is None or pair[0] > after]
    page = rest[:limit]
    return [item for _, item in page], (page[-1][0] if len(rest) > limit else None)


def _not_ours() -> MalformedParameter:
    return MalformedParameter("cursor", "give the cursor of an earlier answer's next, unchanged")
