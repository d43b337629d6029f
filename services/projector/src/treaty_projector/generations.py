"""Keep whole read models side by side, of which one answers: each is a generation, folded by one law."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from treaty_projector.errors import GenerationRefused, LawDiffers

SCHEMAS: Final = ("projector_blue", "projector_green")
"""Where generations lie."""

KEPT_SECONDS: Final = 60
"""How long a generation is kept at least after it answered: no question takes so long, nor the word of a switch."""


@dataclass(frozen=True, slots=True)
class Generation:
    """Hold what is known of one read model."""

    number: int
    schema: str
    law: int
    is_ready: bool
    is_active: bool
    size: int
    digest_sum: bytes
    made_at: dt.datetime
    left_at: dt.datetime | None


class Place:
    """Know in which schema the statements of a connection find their tables; it may move between two questions."""

    def __init__(self, schema: str = SCHEMAS[0]) -> None:
        self.schema = schema
        self.generation = 0
        """The number of the generation there; 0 while it is not known."""

    def move_to(self, schema: str, generation: int) -> None:
        """Look elsewhere from the next question on."""
        self.schema, self.generation = schema, generation


def active_of(generations: Iterable[Generation]) -> Generation:
    """Return the generation that answers."""
    return next(each for each in generations if each.is_active)


def numbered(generations: Iterable[Generation], number: int) -> Generation:
    """Return the generation of that number; raise GenerationRefused when there is none."""
    for each in generations:
        if each.number == number:
            return each
    raise GenerationRefused(f"there is no generation {number}: treaty-projector generations lists them")


def to_follow(generations: Iterable[Generation], *, law: int) -> Generation:
    """Return the generation that a worker of that law goes on with; raise LawDiffers when there is none.

    It is the active one where that has the worker's law; else the worker keeps up one that is kept, so that going back
    to it serves nothing old.
    """
    known = list(generations)
    active = active_of(known)
    fitting = [each for each in known if each.is_ready and each.law == law]
    if active in fitting:
        return active
    if not fitting:
        raise LawDiffers(active.number, active.law, law)
    return max(fitting, key=lambda each: each.number)


def free_schema(generations: Iterable[Generation]) -> str:
    """Return where a new generation may be made; raise GenerationRefused while another one is kept there."""
    known = list(generations)
    kept = [each for each in known if each.is_ready and not each.is_active]
    if kept:
        number = kept[0].number
        raise GenerationRefused(
            f"generation {number} is kept, and there is room for one beside the active: treaty-projector drop {number}"
        )
    return next(schema for schema in SCHEMAS if schema != active_of(known).schema)


def check_switchable(generation: Generation) -> None:
    """Raise GenerationRefused for one that answers, or is not filled."""
    if generation.is_active:
        raise GenerationRefused(f"generation {generation.number} answers already")
    if not generation.is_ready:
        raise GenerationRefused(f"generation {generation.number} is not filled: run treaty-projector rebuild")


def check_droppable(generation: Generation, *, now: dt.datetime) -> None:
    """Raise GenerationRefused for one that answers, or did a moment ago."""
    if generation.is_active:
        raise GenerationRefused(f"generation {generation.number} answers: switch to another one first")
    if generation.left_at is not None:
        left = KEPT_SECONDS - (now - generation.left_at).total_seconds()
        if left > 0:
            raise GenerationRefused(
                f"generation {generation.number} answered a moment ago: it can be dropped in {left:.0f} s"
            )
