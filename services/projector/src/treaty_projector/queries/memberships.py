"""Answer for every treaty at once: who stands where, and what was ever known of it."""

from __future__ import annotations

import datetime as dt

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import CONSENTS, member_answer, require_treaty
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import day_in, number_in
from treaty_projector.queries.staleness import staleness, staleness_of_list
from treaty_projector.reading import Reader, Row


async def all_members(
    reader: Reader, clocks: Clocks, names_known: NameBook, *, consent: str, limit: int, after: tuple[str, ...] | None
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return who stands where, by treaty and participant.

    A page looks at `limit` members and shows those that the filter lets through, so that a rare one costs no more.
    """
    place = after or ("", "")
    rows = await reader.rows(
        "all_members_known",
        as_of=clocks.as_of,
        size=clocks.size,
        after_treaty=place[0],
        after_participant=place[1],
        limit=limit + 1,
    )
    page = rows[:limit]
    names = await names_known.at(reader, clocks)
    listed: list[JSON] = [
        {
            "treaty": row["treaty"],
            **member_answer(row["participant"], row["document"], names, clocks.as_of),
            **staleness(row["treaty"], clocks),
        }
        for row in page
        if row["consent"] in CONSENTS[consent]
    ]
    following = (page[-1]["treaty"], page[-1]["participant"]) if len(rows) > limit else None
    return {**clocks.head(), **staleness_of_list(clocks), "members": listed}, following


async def memberships(
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    treaty: str | None,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return every membership known at some size up to the one asked for, on all days, as it was known at that size.

    What was recorded later is neither shown nor seen to end anything, so the answer stays the same for ever.
    """
    if treaty is not None:
        await require_treaty(reader, treaty, clocks)
    place = after or (treaty or "", "", "1000-01-01", "0")
    rows = await reader.rows(
        "memberships_known",
        treaty=treaty,
        size=clocks.size,
        after_treaty=place[0],
        after_participant=place[1],
        after_valid_from=day_in(place[2]),
        after_known_from=number_in(place[3]),
        limit=limit + 1,
    )
    page = rows[:limit]
    names = await names_known.at(reader, clocks)
    listed: list[JSON] = [{**_held(row, names), **staleness(row["treaty"], clocks)} for row in page]
    head: JsonObject = {**clocks.head(), **staleness_of_list(clocks, *(() if treaty is None else (treaty,)))}
    return {**head, "memberships": listed}, (_place(page[-1]) if len(rows) > limit else None)


def _held(row: Row, names: Names) -> JsonObject:
    who = names.of(row["participant"])
    content: JsonObject = orjson.loads(row["document"])
    exit_ = content["exit"]
    return {
        "treaty": row["treaty"],
        "participant": row["participant"],
        "name": who.name,
        "kind": who.kind,
        "valid_from": row["valid_from"].isoformat(),
        "valid_to": None if row["valid_to"] is None else row["valid_to"].isoformat(),
        "known_from": row["known_from"],
        "known_from_at": _instant(row["known_from_at"]),
        "known_to": row["known_to"],
        "known_to_at": _instant(row["known_to_at"]),
        **content,
        "exit": {**exit_, "days_left": None} if isinstance(exit_, dict) else None,  # there is no day to count from
    }


def _place(row: Row) -> tuple[str, ...]:
    return (row["treaty"], row["participant"], row["valid_from"].isoformat(), str(row["known_from"]))


def _instant(instant: dt.datetime | None) -> str | None:
    return None if instant is None else format_instant(instant)
