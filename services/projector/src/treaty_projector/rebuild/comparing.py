"""Compare two generations at a size that both have."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_projector import sql
from treaty_projector.connections import connected
from treaty_projector.generations import Generation
from treaty_projector.quarantine import Quarantined
from treaty_projector.rebuild.differences import Comparison, Status, differences_of, quarantined_anew, status_of

_MOST_DIFFERENCES = 1_000
"""How many differences a report names; all are counted."""


async def compare(engine: AsyncEngine, before: Generation, after: Generation, *, as_of: dt.date) -> Comparison:
    """Return in what the later generation differs from the earlier, with where everyone concerned stands on a day."""
    size = min(before.size, after.size)
    async with connected(engine) as connection, connection.begin():
        rows = await connection.execute(
            sql.statement("compare_generations"), {"size": size, "limit": _MOST_DIFFERENCES}
        )
        found = rows.all()
        keys = [(row.treaty, row.participant, row.differs_now) for row in found if row.treaty is not None]
        held = [await _held(connection, each, size) for each in (before, after)]
        statuses = [await _statuses(connection, each, keys, size, as_of) for each in (before, after)]
    return Comparison(
        size=size,
        as_of=as_of.isoformat(),
        before=before,
        after=after,
        equal=found[0].equal,
        differing=found[0].differing,
        differences=differences_of(keys, *statuses),
        quarantined=quarantined_anew(*held),
    )


async def _held(connection: AsyncConnection, generation: Generation, size: int) -> list[Quarantined]:
    await connection.execute(sql.statement("look_in"), {"schema": generation.schema})
    rows = await connection.execute(sql.statement("quarantine"))
    return [Quarantined(row.treaty, row.since, row.reason, row.via) for row in rows if row.since < size]


async def _statuses(
    connection: AsyncConnection,
    generation: Generation,
    keys: Sequence[tuple[str, str, bool]],
    size: int,
    as_of: dt.date,
) -> Mapping[tuple[str, str], Status]:
    await connection.execute(sql.statement("look_in"), {"schema": generation.schema})
    asked = {"treaties": [key[0] for key in keys], "participants": [key[1] for key in keys], "size": size}
    rows = await connection.execute(sql.statement("statuses_known"), {**asked, "as_of": as_of})
    return {(row.treaty, row.participant): status_of(row.consent, row.exit_stage, row.document) for row in rows}
