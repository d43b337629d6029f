"""Say what each recorded fact changed: by what rests on it, according to all that is known."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from treaty_contracts.canonical import JsonObject
from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact
from treaty_projector.queries.exit_story import objects, positions

_BEGINS_SPELLS = frozenset({"instrument.deposited", "signature.affixed"})
_ENDS_SPELLS = frozenset({"consent.withdrawn", "participation.ceased"})
_BEGINS_INTERVALS = frozenset({"operation.suspended", "provisional_application.started"})


def effects_on_members(facts: Iterable[Fact], standings: Iterable[JsonObject]) -> Mapping[int, str]:
    """Return what facts changed for participants, by position, from the documents of their standings."""
    known, said = {fact.position: fact for fact in facts}, defaultdict[int, list[str]](list)
    for standing in standings:
        for position, what in _effects(known, standing):
            if what not in said[position]:
                said[position].append(what)
    return {position: "; ".join(what) for position, what in said.items()}


def effects_on_the_treaty(
    facts: Iterable[Fact], *, in_force_from: dt.date | None, terminated_on: dt.date | None
) -> Mapping[int, str]:
    """Return what facts changed for the treaty itself, by position."""
    said: dict[int, str] = {}
    for fact in facts:
        day = legal_day(fact)
        match fact.type:
            case "treaty.registered":
                said[fact.position] = "the treaty is on the books"
            case "treaty.clauses_amended":
                said[fact.position] = f"other final clauses from {day}"
            case "treaty.entered_into_force" if day == in_force_from:
                said[fact.position] = f"the treaty is in force from {day}"
            case "treaty.terminated" if day == terminated_on:
                said[fact.position] = f"the treaty ends on {day}"
            case _:
                pass
    return said


def _effects(known: Mapping[int, Fact], standing: JsonObject) -> Iterator[tuple[int, str]]:
    for name, tell in (
        ("spells", _of_spell),
        ("exits", _of_exit),
        ("operation", _of_interval),
        ("signals", _of_signal),
    ):
        for each in objects(standing[name]):
            for position in positions(each["basis"]):
                fact = known.get(position)  # an exit may rest on a fact about the treaty with which this one falls
                what = None if fact is None else tell(fact, each)
                if what is not None:
                    yield position, what
    for dispute in objects(standing["disputes"]):
        about = dispute["about"]
        what = "the dispute is shown" if about is None else f"the record at {about} is contested"
        yield from ((position, what) for position in positions([dispute["position"]]))
    for name in ("reservations", "territories", "remarks"):
        for note in objects(standing[name]):
            yield from ((position, "it is shown with the membership") for position in positions([note["position"]]))


def _of_spell(fact: Fact, spell: JsonObject) -> str | None:
    consent, until = spell["consent"], spell["until"]
    if fact.type in _BEGINS_SPELLS and consent != "former":
        return f"{consent} from {spell['from']}"
    if fact.type in _ENDS_SPELLS and consent != "former" and until is not None:
        return f"{consent} until {until}"
    return None


def _of_exit(fact: Fact, exit_: JsonObject) -> str | None:
    match fact.type:
        case "withdrawal.notified" if exit_["scope"] is not None:
            return f"an exit in part: {exit_['scope']}"
        case "withdrawal.notified" | "withdrawal.extended" | "withdrawal.suspended":
            return _step(exit_, legal_day(fact))
        case "withdrawal.revoked" if exit_["revoked_on"] is not None:
            return f"exit revoked on {exit_['revoked_on']}"
        case "withdrawal.completed" if exit_["closed_on"] is not None:
            return f"exit effective on {exit_['closed_on']}"
        case _:
            return None


def _step(exit_: JsonObject, day: dt.date) -> str | None:
    """Return what could be said of an exit from the day of a fact on; several receipts let it begin later."""
    steps = objects(exit_["steps"])
    step = next((step for step in reversed(steps) if str(step["from"]) <= day.isoformat()), next(iter(steps), None))
    if step is None:
        return None
    effective = step["effective_on"]
    return f"exit {step['stage']}" + (
        ", without a day of effect" if effective is None else f", effective on {effective}"
    )


def _of_interval(fact: Fact, interval: JsonObject) -> str | None:
    kind = str(interval["kind"]).replace("_", " ")
    begins = fact.type in _BEGINS_INTERVALS
    return f"{kind} from {interval['from']}" if begins else f"{kind} until {interval['until']}"


def _of_signal(_fact: Fact, signal: JsonObject) -> str:
    return f"exit {signal['stage']} from {signal['since']}"
