"""Tell everything that happened under a treaty, in legal order, with what it changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.names import first_day
from treaty_projector.law.days import legal_day, stated_day
from treaty_projector.law.state import Fact
from treaty_projector.law.supersession import effective_facts
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.effects import effects_on_members, effects_on_the_treaty
from treaty_projector.queries.exit_story import objects
from treaty_projector.queries.facts import facts_of
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import cut
from treaty_projector.queries.staleness import folded_size, staleness
from treaty_projector.reading import Reader, Row


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
    reader: Reader, clocks: Clocks, names_known: NameBook, *, treaty: str, limit: int, after: tuple[str, ...] | None
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return recorded facts and what followed from them, in legal order, whatever day is asked for."""
    row = await require_treaty(reader, treaty, clocks)
    names = await names_known.at(reader, clocks)
    standings = [
        (str(each["participant"]), orjson.loads(each["document"]))
        for each in await reader.rows("standings_known", treaty=treaty, size=clocks.size)
    ]
    happenings = [
        *await _recorded(reader, treaty, folded_size(treaty, clocks), row, [standing for _, standing in standings]),
        *_days_of_the_treaty(row["in_force_from"], row["terminated_on"]),
        *_spells(standings),
    ]
    happenings.sort(
        key=lambda h: (h.day, h.rank, h.participant or "", h.type, -1 if h.position is None else h.position)
    )
    numbered = [((f"{number:09d}",), happening) for number, happening in enumerate(happenings)]
    page, following = cut(numbered, after=after, limit=limit)
    listed: list[JSON] = [_line(happening, names) for happening in page]
    return {"treaty": treaty, **clocks.head(), **staleness(treaty, clocks), "history": listed}, following


async def _recorded(
    reader: Reader, treaty: str, size: int, row: Row, standings: Sequence[JsonObject]
) -> list[_Happening]:
    """Return each recorded fact with what it changed: what rests on it, or why nothing does."""
    facts = await facts_of(reader, treaty, size)
    counted = effective_facts(facts)
    effects = {**effects_on_members(counted, standings)}
    effects |= effects_on_the_treaty(counted, in_force_from=row["in_force_from"], terminated_on=row["terminated_on"])
    for odd in await reader.rows("anomalies_of_treaty", treaty=treaty, size=size):
        effect, reason = effects.get(odd["position"]), odd["reason"]
        effects[odd["position"]] = f"no such effect: {reason}" if effect is None else f"{effect}; flagged {reason}"
    counting = {fact.position for fact in counted}
    effects |= {fact.position: "this record no longer counts" for fact in facts if fact.position not in counting}
    return [_recorded_one(fact, effects.get(fact.position)) for fact in facts]


def _recorded_one(fact: Fact, effect: str | None) -> _Happening:
    day, adopted = legal_day(fact), getattr(fact.data, "adopted_on", None)
    on = stated_day(fact) or adopted
    if day == dt.date.min and adopted is not None:
        day = first_day(adopted)
    return _Happening(day, on, 0, fact.position, fact.type, getattr(fact.data, "participant", None), effect)


def _days_of_the_treaty(in_force_from: object, terminated_on: object) -> Iterator[_Happening]:
    if isinstance(in_force_from, dt.date):
        yield _concluding(in_force_from, "treaty in force", None, "the treaty enters into force")
    if isinstance(terminated_on, dt.date):
        yield _concluding(terminated_on, "treaty ended", None, "the treaty ends")


def _spells(standings: Iterable[tuple[str, JsonObject]]) -> list[_Happening]:
    """Return what followed by lapse of time: from when each is party, and from when no longer."""
    return [
        _concluding(dt.date.fromisoformat(str(spell["from"])), consent, participant, f"is {consent}")
        for participant, standing in standings
        for spell in objects(standing["spells"])
        if (consent := str(spell["consent"])) in {"party", "former"}
    ]


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
