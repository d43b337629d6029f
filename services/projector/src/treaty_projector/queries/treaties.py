"""Answer which treaties are on record, and what is known of one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.errors import NotOnRecord
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import CONSENTS, count_members, member_answer, require_treaty
from treaty_projector.queries.names import NameBook
from treaty_projector.queries.staleness import staleness, staleness_of_list
from treaty_projector.reading import Reader, Row


async def treaties(
    reader: Reader,
    clocks: Clocks,
    *,
    q: str | None,
    subject: str | None,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return the treaties on record, by id, with how many stand where."""
    rows = await reader.rows(
        "treaties_known",
        q=q,
        subject=subject,
        size=clocks.size,
        after=after[0] if after else "",
        limit=limit + 1,
    )
    page = rows[:limit]
    counts = await _counts(reader, [row["treaty"] for row in page], clocks)
    listed: list[JSON] = [{**_summary(row, counts[row["treaty"]]), **staleness(row["treaty"], clocks)} for row in page]
    head: JsonObject = {**clocks.head(), **staleness_of_list(clocks)}
    return {**head, "treaties": listed}, ((page[-1]["treaty"],) if len(rows) > limit else None)


async def treaty(reader: Reader, treaty_id: str, clocks: Clocks) -> JsonObject:
    """Return what is known of one treaty, with its clauses in force on the day."""
    row = await require_treaty(reader, treaty_id, clocks)
    counts = await _counts(reader, [treaty_id], clocks)
    document = orjson.loads(row["document"])
    versions = [v for v in document["clauses"] if v["from"] is None or v["from"] <= clocks.as_of.isoformat()]
    told: JsonObject = {**clocks.head(), **_summary(row, counts[treaty_id]), **staleness(treaty_id, clocks)}
    return {**told, **document, "clauses": versions[-1]["clauses"]}


async def treaties_of(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    participant: str,
    consent: str,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return where one participant stands, treaty by treaty."""
    names = await names_known.at(reader, clocks)
    if not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    rows = await reader.rows(
        "memberships_of_participant",
        participant=participant,
        consents=CONSENTS[consent],
        size=clocks.size,
        as_of=clocks.as_of,
        after=after[0] if after else "",
        limit=limit + 1,
    )
    page = rows[:limit]
    listed: list[JSON] = [
        {
            "treaty": row["treaty"],
            "title": row["title"],
            **member_answer(participant, row["document"], names, clocks.as_of),
            **staleness(row["treaty"], clocks),
        }
        for row in page
    ]
    head: JsonObject = {"participant": participant, "name": names.of(participant).name, **clocks.head()}
    head |= staleness_of_list(clocks)
    return {**head, "treaties": listed}, ((page[-1]["treaty"],) if len(rows) > limit else None)


async def _counts(reader: Reader, ids: Sequence[str], clocks: Clocks) -> dict[str, JsonObject]:
    rows: defaultdict[str, list[tuple[str, str | None, int]]] = defaultdict(list)
    for row in await reader.rows("counts_known", treaties=list(ids), size=clocks.size, as_of=clocks.as_of):
        rows[row["treaty"]].append((row["consent"], row["exit_stage"], row["participants"]))
    return {treaty_id: count_members(rows[treaty_id]) for treaty_id in ids}


def _summary(row: Row, counts: JsonObject) -> JsonObject:
    return {
        "treaty": row["treaty"],
        "title": row["title"],
        "short_title": row["short_title"],
        "kind": row["kind"],
        "in_force_from": _day(row["in_force_from"]),
        "terminated_on": _day(row["terminated_on"]),
        "counts": counts,
    }


def _day(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
