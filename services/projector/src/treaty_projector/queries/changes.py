"""Answer what changed in the record of who is bound, between two sizes of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.errors import MalformedParameter
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import number_in
from treaty_projector.queries.staleness import staleness, staleness_of_list
from treaty_projector.reading import Reader, Row

_MEMBERSHIP = ("spells", "exits")
"""What of a standing is membership; the rest may change without a word here."""

_NEAR = 10_000
"""So many sizes of the log are looked through quicker than everything that was ever known of somebody."""


async def changes(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    from_size: int,
    treaties: Sequence[str] | None,
    participants: Sequence[str] | None,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return each change of somebody's spells or exits, in the order of recording, with what was known before."""
    if from_size > clocks.size:
        raise MalformedParameter("from_size", f"give a size up to {clocks.size}, where the question ends")
    names = await names_known.at(reader, clocks)
    place = after or (str(from_size), "", "")
    found = await _next(
        reader,
        from_size=from_size,
        to_size=clocks.size,
        treaties=None if treaties is None else list(treaties),
        participants=None if participants is None else list(participants),
        after_at=number_in(place[0]),
        after_treaty=place[1],
        after_participant=place[2],
        limit=limit + 1,
    )
    page = found[:limit]
    rows = await changes_at(reader, page)
    listed: list[JSON] = [line for row in rows if (line := change_of(row, names, clocks)) is not None]
    last = page[-1] if len(found) > limit else None
    following = None if last is None else (str(last["at"]), str(last["treaty"]), str(last["participant"]))
    head: JsonObject = {**clocks.head(), "from_size": from_size, "to_size": clocks.size}
    head |= staleness_of_list(clocks, *(treaties or ()))
    return {**head, "changes": listed}, following


async def changes_at(reader: Reader, found: Sequence[Row]) -> list[Row]:
    """Return what was known of each before and after it changed, in the order in which they are given."""
    return await reader.rows(
        "changes_at",
        sizes=[row["at"] for row in found],
        treaties=[row["treaty"] for row in found],
        participants=[row["participant"] for row in found],
    )


async def _next(
    reader: Reader,
    *,
    treaties: list[str] | None,
    participants: list[str] | None,
    after_at: int,
    to_size: int,
    limit: int,
    **place: object,
) -> list[Row]:
    """Return whose standing changed next after a place, looked for where the fewest rows are read."""
    asked = {"treaties": treaties, "participants": participants, "after_at": after_at, "limit": limit, **place}
    if treaties is None and participants is None:
        return await reader.rows("next_changes", to_size=to_size, **asked)
    near = min(to_size, after_at + _NEAR)
    if near == to_size or treaties is None:  # who is party to many treaties changes often
        rows = await reader.rows("next_changes", to_size=near, **asked)
        if near == to_size or len(rows) == limit:
            return rows
    name = "next_changes_of_participants" if treaties is None else "next_changes_of_treaties"
    return await reader.rows(name, to_size=to_size, **asked)


def change_of(row: Row, names: Names, clocks: Clocks) -> JsonObject | None:
    """Return a change of a standing as answers show it; None when nothing of the membership changed."""
    before, after = _membership(row["before"]), _membership(row["after"])
    if before == after:
        return None
    recorded_at = row["recorded_at"]
    return {
        "treaty": row["treaty"],
        "participant": row["participant"],
        "name": names.of(row["participant"]).name,
        "position": row["at"] - 1,
        "recorded_at": format_instant(recorded_at) if isinstance(recorded_at, dt.datetime) else None,
        "type": row["type"],
        "before": before,
        "after": after,
        **staleness(row["treaty"], clocks),
    }


def _membership(document: bytes | None) -> JsonObject | None:
    if document is None:
        return None
    content: JsonObject = orjson.loads(document)
    return {name: content[name] for name in _MEMBERSHIP}
