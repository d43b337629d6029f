"""Answer which facts have not the effect one might expect, and how far the projection has come."""

from __future__ import annotations

import base64
import datetime as dt

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_contracts.merkle import CompactRange
from treaty_projector.bitemporal.versions import digest_of
from treaty_projector.errors import DatabaseUnavailable, LogInconsistent, ProjectorError
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.paging import number_in
from treaty_projector.queries.staleness import quarantined, staleness, staleness_of_list
from treaty_projector.reading import Reader


async def anomalies(
    reader: Reader, clocks: Clocks, *, treaty: str | None, limit: int, after: tuple[str, ...] | None
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return the anomalies known at a size of the log, by position."""
    if treaty is not None:
        await require_treaty(reader, treaty, clocks)
    place = after or ("0", "", "", "")
    rows = await reader.rows(
        "anomalies_known" if treaty is None else "anomalies_known_of_treaty",
        treaty=treaty,
        participant=None,
        size=clocks.size,
        limit=limit + 1,
        after_position=number_in(place[0]),
        after_reason=place[1],
        after_participant=place[2],
        after_treaty=place[3],
    )
    page = rows[:limit]
    listed: list[JSON] = [
        {
            "treaty": row["treaty"],
            "participant": row["participant"] or None,
            "reason": row["reason"],
            "position": row["position"],
            "detail": row["detail"],
            **staleness(row["treaty"], clocks),
        }
        for row in page
    ]
    last = page[-1] if len(rows) > limit else None
    following = None if last is None else (str(last["position"]), last["reason"], last["participant"], last["treaty"])
    head: JsonObject = {**clocks.head(), **staleness_of_list(clocks, *(() if treaty is None else (treaty,)))}
    return {**head, "anomalies": listed}, following


async def projection(reader: Reader, *, now: dt.datetime, trouble: ProjectorError | None) -> JsonObject:
    """Return how far the projection has come, what it computed over what it applied, and what is in its way.

    A log that contradicts what was proven is told by every process, whichever of them reads it.
    """
    row = await reader.row("cursor")
    generation = await reader.row("generation_here")
    if row is None or generation is None:
        raise DatabaseUnavailable("the read model has no cursor")
    own = (None, None) if trouble is None else (trouble.problem, str(trouble))
    problem, says = own if row["inconsistency"] is None else (LogInconsistent.problem, row["inconsistency"])
    behind = max(0, row["ledger_size"] - row["size"])
    waiting = (now - row["recorded_at"]).total_seconds() if behind and row["recorded_at"] is not None else 0.0
    return {
        "size": row["size"],
        "root": base64.b64encode(CompactRange(row["size"], tuple(row["subtrees"])).root()).decode(),
        "checkpoint": row["checkpoint"],
        "lag": behind,
        "lag_seconds": max(0, int(waiting)),
        "ledger_size": row["ledger_size"],
        "recorded_at": None if row["recorded_at"] is None else format_instant(row["recorded_at"]),
        "digest": digest_of(row["digest_sum"]),
        "generation": generation["number"],
        "law": generation["law"],
        "problem": problem,
        "trouble": says,
        **await quarantined(reader),
    }
