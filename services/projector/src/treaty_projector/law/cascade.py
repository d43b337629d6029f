"""Let the exit from one treaty be an exit from those that fall with it: e.g. UNFCCC Art. 25(3), ECT Art. 47(4).

Everything recorded of the treaties concerned decides, in whatever order it was recorded: after each fact the exits
are carried from treaty to treaty until nothing moves. An exit never follows itself around a circle of treaties.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import replace

from treaty_projector.errors import CannotFold
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Causes, Exit, TreatyRules

_ROUNDS = 100
"""Most times one treaty is folded again for one fact: only circles of treaties could ask for more."""


def falls_with(rules: TreatyRules) -> frozenset[str]:
    """Return the treaties whose exit may be one from this treaty too, by any version of its clauses."""
    return frozenset(parent for version in rules.versions for parent in version.clauses.falls_with)


def carry(foldings: Mapping[str, Folding], moved: Iterable[str]) -> set[str]:
    """Carry exits from the treaties that moved to those that fall with them; return the treaties that moved too.

    `foldings` holds every treaty that is tied to them, directly or through others.
    """
    children: dict[str, list[str]] = {}
    for treaty, folding in foldings.items():
        for parent in falls_with(folding.rules):
            children.setdefault(parent, []).append(treaty)
    start = list(moved)
    waiting = deque([*start, *(child for treaty in start for child in children.get(treaty, ()))])
    rounds: dict[str, int] = {}
    touched: set[str] = set()
    while waiting:
        treaty = waiting.popleft()
        rounds[treaty] = rounds.get(treaty, 0) + 1
        if treaty not in foldings or rounds[treaty] > _ROUNDS:
            continue
        if _follow(treaty, foldings):
            touched.add(treaty)
            waiting += children.get(treaty, ())
    return touched


def _follow(treaty: str, foldings: Mapping[str, Folding]) -> bool:
    """Let one treaty follow; a defect is told with the treaty in which it showed."""
    try:
        return foldings[treaty].follow(_causes(treaty, foldings))
    except Exception as defect:
        raise CannotFold.by_defect(treaty, defect) from defect


def _causes(treaty: str, foldings: Mapping[str, Folding]) -> Causes:
    """Return, participant by participant, the exits from the treaties with which this one falls."""
    causes: dict[str, tuple[Exit, ...]] = {}
    for parent in sorted(falls_with(foldings[treaty].rules)):
        if parent not in foldings or parent == treaty:
            continue
        for participant, standing in foldings[parent].standings.items():
            exits = tuple(_as_cause(exit_, parent) for exit_ in standing.exits if _counts(exit_, treaty))
            if exits:
                causes[participant] = (*causes.get(participant, ()), *exits)
    return causes


def _counts(exit_: Exit, treaty: str) -> bool:
    """Leave out exits that are void or partial, and those that began with this treaty."""
    is_void = bool(exit_.steps) and all(step.stage == "premature" for step in exit_.steps)
    return exit_.scope is None and treaty not in exit_.via and not is_void


def _as_cause(exit_: Exit, parent: str) -> Exit:
    return replace(exit_, via=(parent, *exit_.via), rule=f"falls_with {parent}", article=None, conference=None)
