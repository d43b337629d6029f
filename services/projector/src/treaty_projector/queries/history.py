"""Tell everything that happened under a treaty, in legal order, with what it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_contracts.names import first_day
from treaty_projector import sql
from treaty_projector.entries import fact_of
from treaty_projector.law.days import legal_day, stated_day
from treaty_projector.law.fold import fold
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Consent, Fact, Standing, TreatyState
from treaty_projector.law.supersession import effective_facts
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.names import Names, names_known
from treaty_projector.queries.paging import cut


@dataclass(frozen=True, slots=True)
class _Happening:
    """Hold one line of the history: a recorded fact, or what followed from facts by lapse of time."""

    day: dt.date
    on: str | None
    rank: int
    position: int | None
    type: str
    participant: str | None
    effect: str | None


async def history(
    connection: AsyncConnection, treaty: str, clocks: Clocks, *, limit: int, after: tuple[str, ...] | None
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return recorded facts and what followed from them, in legal order, whatever day is asked for."""
    await require_treaty(connection, treaty, clocks)
    names = await names_known(connection, size=clocks.size, as_of=clocks.as_of)
    facts = await _facts(connection, treaty, clocks.size)
    graph = successions_of(await _facts(connection, PARTICIPANTS_SUBJECT, clocks.size))
    state = fold(treaty, facts, successions=graph)
    happenings = sorted(
        [*_recorded(facts, state), *_concluded(state)],
        key=lambda h: (h.day, h.rank, h.participant or "", h.type, h.position or -1),
    )
    numbered = [((f"{number:09d}",), happening) for number, happening in enumerate(happenings)]
    page, following = cut(numbered, after=after, limit=limit)
    listed: list[JSON] = [_line(happening, names) for happening in page]
    return {"treaty": treaty, **clocks.head(), "history": listed}, following


async def _facts(connection: AsyncConnection, stream: str, size: int) -> list[Fact]:
    rows = await connection.execute(text(sql.read("entries_of_stream")), {"stream": stream, "size": size})
    return [fact_of(r.position, r.type, r.source, r.schema_version, r.data) for r in rows]


def _recorded(facts: list[Fact], state: TreatyState) -> Iterator[_Happening]:
    """Give each recorded fact, with the anomaly found in it or the word that it was superseded."""
    counted = {fact.position for fact in effective_facts(facts)}
    found: dict[int, str] = {}
    for standing in state.standings.values():
        found |= {anomaly.position: f"no such effect: {anomaly.reason.value}" for anomaly in standing.anomalies}
    for fact in facts:
        day = stated_day(fact) or getattr(fact.data, "adopted_on", None)
        effect = found.get(fact.position) if fact.position in counted else "superseded: this record no longer counts"
        participant = getattr(fact.data, "participant", None)
        yield _Happening(_day_of(fact), day, 0, fact.position, fact.type, participant, effect)


def _day_of(fact: Fact) -> dt.date:
    day = legal_day(fact)
    adopted = getattr(fact.data, "adopted_on", None)
    return first_day(adopted) if day == dt.date.min and adopted is not None else day


def _concluded(state: TreatyState) -> Iterator[_Happening]:
    """Give what followed without a fact of its own: entry into force, effect of a notice, the end of the treaty."""
    in_force = state.rules.in_force_from
    if in_force is not None:
        yield _concluding(in_force, "treaty in force", None, "the treaty enters into force")
    if state.terminated_on is not None:
        yield _concluding(state.terminated_on, "treaty ended", None, "the treaty ends")
    for standing in state.standings.values():
        yield from _spells(standing)


def _spells(standing: Standing) -> Iterable[_Happening]:
    for spell in standing.spells:
        if spell.consent in {Consent.PARTY, Consent.FORMER}:
            yield _concluding(
                spell.period.from_, spell.consent.value, standing.participant, f"becomes {spell.consent.value}"
            )


def _concluding(day: dt.date, type_: str, participant: str | None, effect: str) -> _Happening:
    return _Happening(day, day.isoformat(), 1, None, type_, participant, effect)


def _line(happening: _Happening, names: Names) -> JsonObject:
    who = happening.participant
    name = None if who is None else names.of(who).name
    return {
        "on": happening.on,
        "position": happening.position,
        "type": happening.type,
        "participant": who,
        "name": name,
        "says": f"{name}: {happening.type}" if name else happening.type,
        "effect": happening.effect,
    }
