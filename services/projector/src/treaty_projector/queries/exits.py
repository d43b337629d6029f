"""Answer which exits are pending, and which are only signalled."""

from __future__ import annotations

import datetime as dt

import orjson
from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector import sql
from treaty_projector.errors import NotOnRecord
from treaty_projector.law.membership import PENDING, SIGNALS
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.names import Names, names_known
from treaty_projector.queries.paging import cut
from treaty_projector.queries.staleness import staleness, staleness_of_list

STAGES: dict[str, frozenset[str]] = {
    "pending": frozenset(stage.value for stage in PENDING),
    "signals": frozenset(stage.value for stage in SIGNALS),
    **{stage.value: frozenset({stage.value}) for stage in sorted(PENDING | SIGNALS)},
}
"""What each value of the filter `stage` lets through."""

_NO_DAY = "9999-99-99"


async def pending_exits(  # noqa: PLR0913 - the filters of the endpoint
    connection: AsyncConnection,
    clocks: Clocks,
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
        await require_treaty(connection, treaty, clocks)
    names = await names_known(connection, size=clocks.size, as_of=clocks.as_of)
    if participant is not None and not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    rows = await connection.execute(
        sql.statement("exits_known"),
        {
            "stages": sorted(STAGES[stage]),
            "treaty": treaty,
            "participant": participant,
            "as_of": clocks.as_of,
            "size": clocks.size,
        },
    )
    answers = [
        {
            **_answer(row.treaty, row.title, row.participant, row.document, names, clocks.as_of),
            **staleness(row.treaty, clocks),
        }
        for row in rows
    ]
    sorted_answers = sorted(
        ((_order(answer), answer) for answer in answers if before is None or _order(answer)[0] < before.isoformat()),
        key=lambda pair: pair[0],
    )
    page, following = cut(sorted_answers, after=after, limit=limit)
    listed: list[JSON] = list(page)
    head: JsonObject = {**clocks.head(), **staleness_of_list(clocks, *(() if treaty is None else (treaty,)))}
    return {**head, "pending_exits": listed}, following


def _order(answer: JsonObject) -> tuple[str, ...]:
    day = answer["effective_on"] or answer["since"] if answer["stage"] in SIGNALS else answer["effective_on"]
    return (str(day or _NO_DAY), str(answer["treaty"]), str(answer["participant"]))


def _answer(treaty: str, title: str, participant: str, document: bytes, names: Names, as_of: dt.date) -> JsonObject:
    content = orjson.loads(document)
    exit_ = content["exit"]
    effective, since = exit_["effective_on"], dt.date.fromisoformat(exit_["since"])
    return {
        "treaty": treaty,
        "title": title,
        "participant": participant,
        "name": names.of(participant).name,
        "consent": content["consent"],
        **exit_,
        "days_left": None if effective is None else (dt.date.fromisoformat(effective) - as_of).days,
        "days_since": (as_of - since).days,
        "basis": content["basis"],
    }
