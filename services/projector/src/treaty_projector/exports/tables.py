"""Name the columns of each list, and flatten the objects of JSON answers into their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from treaty_contracts.canonical import JSON, JsonObject

Row: TypeAlias = tuple[JSON, ...]
"""The values of one row, as JSON has them, in the order of the columns."""


class Kind(Enum):
    """Say what a column holds; docs/exports.md tells how each form writes it."""

    TEXT = "text"
    DAY = "day"
    INSTANT = "instant"
    NUMBER = "number"
    FLAG = "flag"
    NUMBERS = "numbers"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Column:
    """Name one column; a value inside an object is named by the way to it: `exit_stage` is `stage` of `exit`."""

    way: tuple[str, ...]
    kind: Kind

    @property
    def name(self) -> str:
        """Return the name of the column."""
        return "_".join(self.way)

    def of(self, items: Sequence[JsonObject], head: JsonObject) -> list[JSON]:
        """Return the value in each object, or in what is said of all; what is inside something absent is absent."""
        first = self.way[0]
        values = [item[first] for item in items] if first in items[0] else [head[first]] * len(items)
        for step in self.way[1:]:
            values = [value[step] if isinstance(value, dict) else None for value in values]
        return values


@dataclass(frozen=True, slots=True)
class Table:
    """Hold the columns of one list, and the member of the answer that lists its rows."""

    listed: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """Return the names of the columns."""
        return [column.name for column in self.columns]

    def rows(self, answer: JsonObject, head: JsonObject) -> list[Row]:
        """Return the rows of one page, each with what the answer says of all of them, so that it stands alone."""
        listed = answer[self.listed]
        items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
        return list(zip(*(column.of(items, head) for column in self.columns), strict=True)) if items else []


def head_of(answer: JsonObject) -> JsonObject:
    """Return what an answer says of all its rows: the clocks, and what was asked about."""
    return {name: value for name, value in answer.items() if name != "next" and not isinstance(value, list | dict)}


def _columns(kind: Kind, names: str, *, inside: str | None = None) -> Iterable[Column]:
    for name in names.split():
        way = name.split(".")
        yield Column((inside, *way) if inside else tuple(way), kind)


def _all(*groups: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(column for group in groups for column in group)


def _text(names: str) -> Iterable[Column]:
    return _columns(Kind.TEXT, names)


def _day(names: str) -> Iterable[Column]:
    return _columns(Kind.DAY, names)


def _exit(inside: str | None, *, since_when: str) -> Sequence[Column]:
    return _all(
        _columns(Kind.TEXT, "stage", inside=inside),
        _columns(Kind.DAY, "since notified_on effective_on", inside=inside),
        _columns(Kind.NUMBER, since_when, inside=inside),
        _columns(Kind.DAY, "computed_on stated_on", inside=inside),
        _columns(Kind.TEXT, "rule article condition", inside=inside),
        _columns(Kind.DAY, "conference.from conference.to", inside=inside),
        _columns(Kind.FLAG, "contested", inside=inside),
        _columns(Kind.NUMBERS, "basis", inside=inside),
    )


_TOLD = _all(
    _day("as_of"),
    _columns(Kind.INSTANT, "known_at"),
    _columns(Kind.NUMBER, "known_size"),
    _columns(Kind.FLAG, "stale"),
    _columns(Kind.NUMBER, "stale_since"),
)
"""What every row says: the clocks, and whether it rests on a treaty that is quarantined."""

_STANDING = _all(
    _text("consent"),
    _day("since until"),
    _text("mode"),
    _columns(Kind.FLAG, "provisional"),
    _text("operation"),
    _columns(Kind.FLAG, "contested approximate"),
    _columns(Kind.NUMBERS, "basis"),
)

MEMBERS = Table(
    "members", _all(_text("treaty participant name kind"), _STANDING, _exit("exit", since_when="days_left"), _TOLD)
)

TREATIES_OF = Table(
    "treaties",
    _all(_text("participant name kind treaty title"), _STANDING, _exit("exit", since_when="days_left"), _TOLD),
)

MEMBERSHIPS = Table(
    "memberships",
    _all(
        _text("treaty participant name kind"),
        _day("valid_from valid_to"),
        _columns(Kind.NUMBER, "known_from known_to"),
        _columns(Kind.INSTANT, "known_from_at known_to_at"),
        _STANDING,
        _exit("exit", since_when=""),
        _TOLD,
    ),
)

PENDING_EXITS = Table(
    "pending_exits",
    _all(_text("treaty title participant name consent"), _exit(None, since_when="days_left days_since"), _TOLD),
)

HISTORY = Table(
    "history",
    _all(_text("treaty on"), _columns(Kind.NUMBER, "position"), _text("type participant name says effect"), _TOLD),
)

TREATIES = Table(
    "treaties",
    _all(
        _text("treaty title short_title kind"),
        _day("in_force_from terminated_on"),
        _columns(Kind.NUMBER, "party contracting signatory former pending_exit signalled", inside="counts"),
        _TOLD,
    ),
)

CHANGES = Table(
    "changes",
    _all(
        _text("treaty participant name"),
        _columns(Kind.NUMBER, "position"),
        _columns(Kind.INSTANT, "recorded_at"),
        _text("type"),
        _columns(Kind.DOCUMENT, "before after"),
        _columns(Kind.NUMBER, "from_size to_size"),
        _TOLD,
    ),
)

ANOMALIES = Table(
    "anomalies",
    _all(_text("treaty participant reason"), _columns(Kind.NUMBER, "position"), _text("detail"), _TOLD),
)
