"""Keep the exits of one participant: those that are pending, and what became of the others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from treaty_projector.law.exits import PendingExit
from treaty_projector.law.state import Exit, Stage


@dataclass(slots=True)
class ExitBook:
    """Gather the exits while time passes: several may be pending, and the earliest valid end wins."""

    pending: list[PendingExit] = field(default_factory=list)
    _closed: list[Exit] = field(default_factory=list)

    def open(self, pending: PendingExit) -> None:
        """Follow one more exit."""
        self.pending.append(pending)

    def add(self, exit_: Exit) -> None:
        """Keep an exit that needs no following: void, partial, or by decision."""
        self._closed.append(exit_)

    def first_due(self) -> tuple[dt.date, PendingExit] | None:
        """Return the exit that ends the membership first, with its day, if any has a day."""
        dated = [(pending.ends_on, index) for index, pending in enumerate(self.pending) if pending.ends_on is not None]
        if not dated:
            return None
        day, index = min(dated)
        return day, self.pending[index]

    def take_effect(self, pending: PendingExit, day: dt.date) -> None:
        """Close an exit that ends the membership on its day (VCLT Art. 70)."""
        self._close([pending], Stage.EFFECTIVE, day)

    def overtake(self, day: dt.date) -> None:
        """Close what else was pending when something ended the membership."""
        self._close(self.pending, Stage.SUPERSEDED, day)

    def revoke(self, day: dt.date, basis: tuple[int, ...]) -> bool:
        """Close every notice of one's own (Art. 68); one that follows another treaty's exit shares its fate."""
        return self._close([pending for pending in self.pending if not pending.via], Stage.REVOKED, day, basis)

    def follow_cause(self, cause: Exit, outcome: Stage, day: dt.date) -> bool:
        """Close the exits that follow another treaty's exit when that one is revoked or overtaken."""
        following = [pending for pending in self.pending if pending.via and set(cause.basis) <= set(pending.basis)]
        return self._close(following, outcome, day)

    def latest_notice(self) -> PendingExit | None:
        """Return the last notice of one's own that is pending."""
        return next((pending for pending in reversed(self.pending) if not pending.via), None)

    def suspend(self, day: dt.date, basis: tuple[int, ...]) -> bool:
        """Note on every notice of one's own that it is said to be suspended."""
        own = [pending for pending in self.pending if not pending.via]
        for pending in own:
            pending.suspend(day, basis)
        return bool(own)

    @property
    def has_ended_a_membership(self) -> bool:
        """Tell whether an exit took effect."""
        return any(exit_.outcome is Stage.EFFECTIVE for exit_ in self._closed)

    def fate_of(self, position: int | None) -> Stage | None:
        """Return what became of the exit that rests on a fact; NOTIFIED while it is pending, None if there is none."""
        outcomes = [exit_.outcome for exit_ in self._closed if position in exit_.basis]
        for outcome in (Stage.REVOKED, Stage.EFFECTIVE):
            if outcome in outcomes:
                return outcome
        return Stage.NOTIFIED if any(position in pending.basis for pending in self.pending) else None

    def exits(self) -> tuple[Exit, ...]:
        """Return every exit, in order of notice."""
        exits = [*self._closed, *(pending.leave_open() for pending in self.pending)]
        return tuple(
            sorted(exits, key=lambda exit_: (exit_.notified_on or exit_.effective_on or dt.date.min, exit_.basis))
        )

    def _close(self, chosen: Iterable[PendingExit], outcome: Stage, day: dt.date, basis: tuple[int, ...] = ()) -> bool:
        closing = list(chosen)
        self._closed += [pending.close(outcome, day, basis) for pending in closing]
        self.pending = [pending for pending in self.pending if pending not in closing]
        return bool(closing)


def _order(exit_: Exit) -> tuple[dt.date, tuple[int, ...]]:
    return exit_.notified_on or exit_.effective_on or dt.date.min, exit_.basis
