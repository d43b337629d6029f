"""Answer which exits are pending, and which are only signalled."""

from __future__ import annotations

import datetime as dt

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.errors import NotOnRecord
from treaty_projector.law.membership import PENDING, SIGNALS
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import day_in
from treaty_projector.queries.staleness import staleness, staleness_of_list
from treaty_projector.reading import Reader, Row

STAGES: dict[str, frozenset[str]] = {
    "pending": frozenset(stage.value for stage in PENDING),
    "signals": frozenset(stage.value for stage in SIGNALS),
    **{stage.value: frozenset({stage.value}) for stage in sorted(PENDING | SIGNALS)},
}
"""What each value of the filter `stage` lets through."""

_A_DAY = dt.timedelta(days=1)


async def pending_exits(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    treaty: str | None,
    participant: str | None,
    before: dt.date | None,
    stage: str,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return exits in the stages asked for, by day of effect; those without a day come last."""
    if treaty is not None:
        await require_treaty(reader, treaty, clocks)
    names = await names_known.at(reader, clocks)
    if participant is not None and not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    place = after or (dt.date.min.isoformat(), "", "")
    rows = await reader.rows(
        "exits_of_treaty" if treaty else "exits_of_participant" if participant else "exits_known",
        stages=sorted(STAGES[stage]),
        treaty=treaty,
        participant=participant,
        as_of=clocks.as_of,
        size=clocks.size,
        before=dt.date.max if before is None else before - _A_DAY,
        after_day=day_in(place[0]),
        after_treaty=place[1],
        after_participant=place[2],
        limit=limit + 1,
    )
    page = rows[:limit]
    listed: list[JSON] = [_answer(row, names, clocks) for row in page]
    last = page[-1] if len(rows) > limit else None
    following = None if last is None else (last["exit_day"].isoformat(), last["treaty"], last["participant"])
    head: JsonObject = {**clocks.head(), **staleness_of_list(clocks, *(() if treaty is None else (treaty,)))}
    return {**head, "pending_exits": listed}, following


def _answer(row: Row, names: Names, clocks: Clocks) -> JsonObject:
    treaty, participant = row["treaty"], row["participant"]
    content = orjson.loads(row["document"])
    exit_ = content["exit"]
    effective, since = exit_["effective_on"], dt.date.fromisoformat(exit_["since"])
    return {
        "treaty": treaty,
        "title": row["title"],
        "participant": participant,
        "name": names.of(participant).name,
        "consent": content["consent"],
        **exit_,
        "days_left": None if effective is None else (dt.date.fromisoformat(effective) - clocks.as_of).days,
        "days_since": (clocks.as_of - since).days,
        "basis": content["basis"],
        **staleness(treaty, clocks),
    }
