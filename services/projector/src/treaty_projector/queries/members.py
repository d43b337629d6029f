"""Answer who belongs to a treaty on a day, and everything about one participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import orjson
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector import sql
from treaty_projector.errors import BeforeHistory, NotOnRecord
from treaty_projector.law.membership import PENDING, SIGNALS
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.names import Names, names_known
from treaty_projector.queries.paging import cut
from treaty_projector.queries.staleness import staleness

CONSENTS = {
    "party": frozenset({"party"}),
    "contracting": frozenset({"contracting"}),
    "signatory": frozenset({"signatory"}),
    "former": frozenset({"former"}),
    "bound": frozenset({"contracting", "party"}),
    "all": frozenset({"party", "contracting", "signatory", "former"}),
}
"""What each value of the filter `consent` lets through."""


def count_members(rows: Iterable[tuple[str, str | None, int]]) -> JsonObject:
    """Return how many stand where, from (consent, stage of exit, number)."""
    counts = dict.fromkeys(("party", "contracting", "signatory", "former", "pending_exit", "signalled"), 0)
    for consent, stage, number in rows:
        counts[consent] += number
        counts["pending_exit"] += number if stage in PENDING else 0
        counts["signalled"] += number if stage in SIGNALS else 0
    return dict(counts)


async def require_treaty(connection: AsyncConnection, treaty: str, clocks: Clocks) -> Row[tuple[object, ...]]:
    """Return the treaty as known; raise NotOnRecord or, when it was recorded only later, BeforeHistory."""
    known = await connection.execute(sql.statement("treaty_known"), {"treaty": treaty, "size": clocks.size})
    row = known.first()
    if row is not None:
        return row
    first = await connection.scalar(sql.statement("treaty_first_known"), {"treaty": treaty})
    if first is not None and first > clocks.size:
        raise BeforeHistory(f"{treaty} was not on record yet: it is from a log of {first} entries on")
    if treaty in clocks.quarantined:
        raise NotOnRecord(f"what is recorded of {treaty} cannot be read by this release; see /v1/projection")
    raise NotOnRecord(f"no treaty {treaty} is on record; GET /v1/treaties lists those that are")


async def members(
    connection: AsyncConnection, treaty: str, clocks: Clocks, *, consent: str, limit: int, after: tuple[str, ...] | None
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return who stands where in one treaty, and the place after this page if more follow."""
    await require_treaty(connection, treaty, clocks)
    rows = await _rows(connection, treaty, clocks)
    names = await names_known(connection, size=clocks.size, as_of=clocks.as_of)
    wanted = CONSENTS[consent]
    chosen = [((row.participant,), row) for row in rows if row.consent in wanted]
    page, following = cut(chosen, after=after, limit=limit)
    listed: list[JSON] = [member_answer(row.participant, row.document, names, clocks.as_of) for row in page]
    counts = count_members((row.consent, row.exit_stage, 1) for row in rows)
    head: JsonObject = {"treaty": treaty, **clocks.head(), **staleness(treaty, clocks)}
    return {**head, "counts": counts, "members": listed}, following


async def member(connection: AsyncConnection, treaty: str, participant: str, clocks: Clocks) -> JsonObject:
    """Return everything about one participant in one treaty."""
    await require_treaty(connection, treaty, clocks)
    names = await names_known(connection, size=clocks.size, as_of=clocks.as_of)
    if not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    parameters = {"treaty": treaty, "participant": participant, "size": clocks.size}
    document: bytes | None = await connection.scalar(sql.statement("standing_known"), parameters)
    if document is None:
        raise NotOnRecord(f"nothing is on record of {participant} and {treaty}")
    rows = await _rows(connection, treaty, clocks)
    current = next((row.document for row in rows if row.participant == participant), _NOBODY)
    found = await connection.execute(
        sql.statement("anomalies_known"),
        {
            "treaty": treaty,
            "participant": participant,
            "size": clocks.size,
            "limit": 500,
            "after_position": -1,
            "after_reason": "",
            "after_participant": "",
        },
    )
    anomalies: list[JSON] = [{"reason": row.reason, "position": row.position, "detail": row.detail} for row in found]
    history = orjson.loads(document)
    return {
        "treaty": treaty,
        "participant": participant,
        **clocks.head(),
        **staleness(treaty, clocks),
        "current": member_answer(participant, current, names, clocks.as_of),
        **history,
        "exits": [_exit_on(exit_, clocks.as_of) for exit_ in history["exits"] if _is_known_on(exit_, clocks.as_of)],
        "anomalies": anomalies,
    }


def member_answer(participant: str, document: bytes, names: Names, as_of: dt.date) -> JsonObject:
    """Return one member as answers show it, with its name and the days left on that day."""
    who = names.of(participant)
    content: JsonObject = orjson.loads(document)
    return {
        "participant": participant,
        "name": who.name,
        "kind": who.kind,
        **content,
        "exit": with_days_left(content.get("exit"), as_of),
    }


def with_days_left(exit_: JSON, as_of: dt.date) -> JSON:
    """Return the exit with the days left until it takes effect."""
    if not isinstance(exit_, dict):
        return None
    effective = exit_.get("effective_on")
    days = (dt.date.fromisoformat(effective) - as_of).days if isinstance(effective, str) else None
    return {**exit_, "days_left": days}


async def _rows(connection: AsyncConnection, treaty: str, clocks: Clocks) -> Sequence[Row[tuple[object, ...]]]:
    parameters = {"treaty": treaty, "size": clocks.size, "as_of": clocks.as_of}
    return (await connection.execute(sql.statement("members_known"), parameters)).all()


def _is_known_on(exit_: dict[str, JSON], as_of: dt.date) -> bool:
    begun = exit_["notified_on"] or exit_["effective_on"]
    return not isinstance(begun, str) or dt.date.fromisoformat(begun) <= as_of


def _exit_on(exit_: dict[str, JSON], as_of: dt.date) -> JsonObject:
    """Return the exit as it stood on that day: what closed it later had not happened yet."""
    closed = exit_["closed_on"]
    if not isinstance(closed, str) or dt.date.fromisoformat(closed) <= as_of:
        return exit_
    steps = exit_["steps"] if isinstance(exit_["steps"], list) else []
    past = [step for step in steps if isinstance(step, dict) and str(step["from"]) <= as_of.isoformat()]
    stage = past[-1]["stage"] if past else "notified"
    return {**exit_, "stage": stage, "closed_on": None, "revoked_on": None}


_NOBODY = orjson.dumps(
    {
        "consent": "none",
        "since": None,
        "until": None,
        "mode": None,
        "provisional": False,
        "operation": "in_operation",
        "exit": None,
        "contested": False,
        "approximate": False,
        "basis": [],
    }
)
"""The answer about one who has done nothing yet that gives it a place."""
