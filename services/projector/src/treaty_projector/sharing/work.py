"""Find what one worker has to fold next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from treaty_projector.slices import READING


@dataclass(frozen=True, slots=True)
class Part:
    """Hold one part of the work that a worker has."""

    number: int
    fence: int
    size: int
    """How far a slice is folded, while steps are open."""
    step_end: int | None
    """Where the step ends that it is folded up to next; None while none is open."""


@dataclass(frozen=True, slots=True)
class Work:
    """Hold slices that are folded equally far, with the step, or the rest of it, that comes next."""

    slices: Sequence[Part]
    start: int
    end: int

    @property
    def numbers(self) -> tuple[int, ...]:
        """Return the numbers of the slices."""
        return tuple(part.number for part in self.slices)


def next_work(held: Sequence[Part]) -> Work | None:
    """Return the slices that are the farthest behind, with what comes next for them; None while nothing does.

    Slices that another worker left behind are caught up by themselves first, and folded with the others from then on.
    """
    open_steps = [(part.size, part.step_end) for part in held if part.number != READING and part.step_end is not None]
    if not open_steps:
        return None
    start, end = min(open_steps)
    return Work([part for part in held if part.number != READING and part.size == start], start, end)
