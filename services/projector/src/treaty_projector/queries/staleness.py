"""Say of an answer whether it rests on rows that are not kept up to date, since the treaty is quarantined."""

from __future__ import annotations

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.queries.clocks import Clocks
from treaty_projector.reading import Reader

_SHOWN = 100
"""How many quarantined treaties are named, the earliest first."""

_FRESH: JsonObject = {"stale": False, "stale_since": None, "stale_reason": None}
_NAMES_THEM = "treaties are quarantined; GET /v1/projection names them"


def staleness(treaty: str, clocks: Clocks) -> JsonObject:
    """Return what an answer states about a treaty: stale are sizes beyond the position where its folding ended."""
    since, _ = clocks.quarantined.get(treaty, (clocks.size, ""))
    return _FRESH if since >= clocks.size else staleness_by(clocks.quarantined[treaty])


def staleness_by(quarantined: tuple[int, str] | None) -> JsonObject:
    """Return what is stated of a treaty that is quarantined since a position, for a reason, or is not."""
    if quarantined is None:
        return _FRESH
    since, reason = quarantined
    return {"stale": True, "stale_since": since, "stale_reason": reason}


def staleness_of_list(clocks: Clocks, *treaties: str) -> JsonObject:
    """Return what a list of these treaties, or of all, states: something of it may be missing, or be as it was."""
    held = [(since, treaty) for treaty, (since, _) in clocks.quarantined.items() if treaty in (treaties or (treaty,))]
    if not held:
        return _FRESH
    told = staleness(min(held)[1], clocks)
    return {**told, "stale_reason": _NAMES_THEM if told["stale"] and len(treaties) != 1 else told["stale_reason"]}


def folded_size(treaty: str, clocks: Clocks) -> int:
    """Return how many entries of the log the rows of a treaty rest on, of those that are asked for."""
    since, _ = clocks.quarantined.get(treaty, (clocks.size, ""))
    return min(since, clocks.size)


async def quarantined(reader: Reader) -> JsonObject:
    """Return who is quarantined, with the number of all of them."""
    rows = await reader.rows("quarantine")
    shown: list[JSON] = [{"treaty": r["treaty"], "since": r["since"], "reason": r["reason"]} for r in rows[:_SHOWN]]
    return {"quarantined": shown, "quarantined_count": len(rows)}
