"""Tell the story of an exit in sentences: the notice, each move of its day of effect, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from treaty_contracts.canonical import JSON, JsonObject

_UNDATED = {"held": "an armed conflict defers it", "contested": "the notice is said to be suspended"}


@dataclass(frozen=True, slots=True)
class Step:
    """Hold one step: the day it counts, what it rests on, the rule with its article, and a sentence."""

    day: str
    position: int | None
    rule: str
    article: str | None
    says: str

    def resting_on(self, weaker: Mapping[int, int]) -> Step:
        """Return the step as it rests on the report that counts, where it names one that only confirms that."""
        position = self.position if self.position is None else weaker.get(self.position, self.position)
        return replace(self, position=position)


def exit_steps(exits: JSON, types: Mapping[int, str]) -> Iterator[Step]:
    """Give the steps of each exit; `types` names the type of what is recorded at a position."""
    for exit_ in objects(exits):
        if isinstance(exit_["notified_on"], str):
            yield _notice(exit_, exit_["notified_on"])
        yield from _moves(exit_, types)
        yield from _end(exit_)


def objects(value: JSON) -> list[JsonObject]:
    """Return the objects in a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def positions(basis: JSON) -> list[int]:
    """Return the positions that something rests on."""
    return [each for each in basis if isinstance(each, int)] if isinstance(basis, list) else []


def first(basis: JSON) -> int | None:
    """Return the first position that something rests on."""
    return next(iter(positions(basis)), None)


def last(basis: JSON) -> int | None:
    """Return the last position that something rests on."""
    return next(reversed(positions(basis)), None)


def _notice(exit_: JsonObject, notified: str) -> Step:
    rule = str(exit_["rule"] or "decision")
    stated = f" The notice itself states {exit_['stated_on']}." if exit_["stated_on"] else ""
    partial = f" It concerns {exit_['scope']} alone: membership goes on." if exit_["scope"] else ""
    says = f"A notice of withdrawal was received on {notified}; {_first_effect(exit_, rule)}.{stated}{partial}"
    return Step(notified, first(exit_["basis"]), rule, _article(exit_), says)


def _first_effect(exit_: JsonObject, rule: str) -> str:
    """Say what followed on the day of the notice: what moved its effect later has steps of its own."""
    steps, computed = objects(exit_["steps"]), exit_["computed_on"]
    effect = steps[0]["effective_on"] if steps else exit_["effective_on"]
    if effect is None:
        return "no day of effect follows from it" if computed is None else f"the rule {rule} gives {computed}"
    if computed is None:
        return f"no rule gives a day; it takes effect on {effect}, which it states"
    if computed == effect:
        return f"by the rule {rule}, it takes effect on {effect}"
    why = "which it states" if exit_["stated_on"] == effect else "to which it is deferred"
    return f"the rule {rule} gives {computed}; it takes effect on {effect}, {why}"


def _moves(exit_: JsonObject, types: Mapping[int, str]) -> Iterator[Step]:
    """Tell what became of the day of effect while the exit was pending, and by which record where one moved it."""
    extensions = [at for at in positions(exit_["basis"]) if types.get(at) == "withdrawal.extended"]
    suspensions = [at for at in positions(exit_["basis"]) if types.get(at) == "withdrawal.suspended"]
    effect_before: JSON = None
    for number, step in enumerate(objects(exit_["steps"])):
        day, stage, effect = str(step["from"]), str(step["stage"]), step["effective_on"]
        if stage in _UNDATED:
            position = suspensions.pop(0) if suspensions and stage == "contested" else last(exit_["basis"])
            yield Step(day, position, stage, _article(exit_), f"No day of effect is known: {_UNDATED[stage]}.")
        elif number and effect not in {effect_before, None}:
            position = extensions.pop(0) if extensions else None
            rule = "withdrawal.extended" if position is not None else "the day of effect moves"
            yield Step(day, position, rule, _article(exit_), f"From then on its day of effect is {effect}.")
        effect_before = effect


def _end(exit_: JsonObject) -> Iterator[Step]:
    rule, notified, closed = str(exit_["rule"] or "decision"), exit_["notified_on"], exit_["closed_on"]
    match exit_["stage"]:
        case "effective" if isinstance(closed, str):
            says = f"The exit took effect on {closed}; no further act was needed."
            position = first(exit_["basis"])
            yield Step(closed, position, "effect by lapse of time" if notified else rule, "VCLT Art. 70", says)
        case "revoked" if isinstance(closed, str):
            says = f"The notice was taken back on {closed}, before it took effect: nothing ended."
            yield Step(closed, last(exit_["basis"]), "revocation", "VCLT Art. 68", says)
        case "superseded" if isinstance(closed, str):
            says = f"Something else ended the membership on {closed}, before this exit could."
            yield Step(closed, None, "the earliest valid end wins", "VCLT Art. 70", says)
        case "premature" if isinstance(notified, str):
            says = "The clause did not admit a notice on that day: it starts no clock."
            yield Step(notified, first(exit_["basis"]), "admissible only later", _article(exit_), says)
        case _:
            pass


def _article(exit_: JsonObject) -> str:
    """Return the article of the clause; without one Art. 56 says whether there may be an exit, else Art. 54."""
    return str(exit_["article"] or ("VCLT Art. 56" if exit_["rule"] == "no_clause" else "VCLT Art. 54"))
