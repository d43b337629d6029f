"""Keep the exits of one participant: those that are pending, and what became of the others."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from treaty_projector.law.exits import Conditional, PendingExit
from treaty_projector.law.state import Exit, Stage


@dataclass(slots=True)
class ExitBook:
    """Gather the exits while time passes: several may be pending, and the earliest valid end wins."""

    pending: list[PendingExit] = field(default_factory=list)
    _partial: list[PendingExit] = field(default_factory=list)
    """Notices that leave a part of the treaty or a territory only: membership goes on."""
    _closed: list[Exit] = field(default_factory=list)
    """In order of notice."""

    def fork(self) -> ExitBook:
        """Return the same book, to be kept apart from this one."""
        return ExitBook(
            [pending.fork() for pending in self.pending], [part.fork() for part in self._partial], [*self._closed]
        )

    def open(self, pending: PendingExit) -> None:
        """Follow one more exit."""
        (self.pending if pending.template.scope is None else self._partial).append(pending)

    def add(self, exit_: Exit) -> None:
        """Keep an exit that needs no following: void, or by decision."""
        insort(self._closed, exit_, key=_first_day)

    def first_due(self) -> tuple[dt.date, PendingExit] | None:
        """Return the exit that ends the membership first, with its day, if any has a day.

        Of those of one day, one's own goes first, then what follows it most closely: so no two treaties of a circle
        can each take the other's exit for the cause.
        """
        if not self.pending:
            return None
        dated = [(pending.ends_on, pending) for pending in self.pending if pending.ends_on is not None]
        return min(dated, key=lambda due: (due[0], len(due[1].via), due[1].via), default=None)

    def take_effect(self, pending: PendingExit, day: dt.date) -> None:
        """Close an exit that ends the membership on its day (VCLT Art. 70)."""
        self._close([pending], Stage.EFFECTIVE, day)

    def overtake(self, day: dt.date) -> None:
        """Close what else was pending when something ended the membership."""
        self._close(self.pending, Stage.SUPERSEDED, day)

    def revoke(self, day: dt.date, basis: tuple[int, ...]) -> bool:
        """Close every notice of one's own (Art. 68), those of a part only where there is no other.

        An exit that follows another treaty's shares its fate.
        """
        if self._close(self._own(), Stage.REVOKED, day, basis):
            return True
        in_time = [part for part in self._partial if part.ends_on is None or day < part.ends_on]
        for part in in_time:
            self._partial.remove(part)
            self.add(part.close(Stage.REVOKED, day, basis))
        return bool(in_time)

    def follow_cause(self, cause: Exit, outcome: Stage, day: dt.date) -> bool:
        """Close the exits that follow another treaty's exit when that one is revoked or overtaken."""
        following = [pending for pending in self.pending if pending.via and set(cause.basis) <= set(pending.basis)]
        return self._close(following, outcome, day)

    def move(self, decided_on: dt.date, effective_on: dt.date, basis: tuple[int, ...], others: Conditional) -> bool:
        """Put the day of every notice of one's own that runs elsewhere; tell whether there was one."""
        running = [pending for pending in self._own() if not pending.is_dormant]
        for pending in running:
            pending.move(decided_on, effective_on, basis, others)
        return bool(running)

    def suspend(self, day: dt.date, basis: tuple[int, ...]) -> bool:
        """Note on every notice of one's own that it is said to be suspended."""
        own = self._own()
        for pending in own:
            pending.suspend(day, basis)
        return bool(own)

    def confirm(self, day: dt.date, basis: tuple[int, ...]) -> bool:
        """Let the exit that took effect on that day rest on these positions too; tell whether there was one."""
        for index, exit_ in enumerate(self._closed):
            if exit_.outcome is Stage.EFFECTIVE and exit_.closed_on == day:
                self._closed[index] = replace(exit_, basis=tuple(sorted({*exit_.basis, *basis})))
                return True
        return False

    def is_left_in_part(self) -> bool:
        """Tell whether a part of the treaty or a territory was left, or will be."""
        return bool(self._partial)

    def has_ended_by_notice(self) -> bool:
        """Tell whether a notice took effect."""
        return any(part.ends_on is not None for part in self._partial) or any(
            exit_.outcome is Stage.EFFECTIVE and exit_.notified_on is not None for exit_ in self._closed
        )

    def has_ended(self) -> bool:
        """Tell whether an exit of any kind took effect."""
        return any(exit_.outcome is Stage.EFFECTIVE for exit_ in self._closed)

    def was_revoked_since(self, day: dt.date) -> bool:
        """Tell whether a notice received on that day or later was taken back."""
        return any(
            exit_.outcome is Stage.REVOKED and exit_.notified_on is not None and exit_.notified_on >= day
            for exit_ in reversed(self._closed)
        )

    def exits(self) -> tuple[Exit, ...]:
        """Return every exit, in order of notice."""
        exits = [*self._closed]
        for part in self._partial:
            effective = None if part.ends_on is None else Stage.EFFECTIVE
            insort(exits, part.close(effective, part.ends_on), key=_first_day)
        for pending in self.pending:
            insort(exits, pending.close(None, None), key=_first_day)
        return tuple(exits)

    def _own(self) -> list[PendingExit]:
        return [pending for pending in self.pending if not pending.via]

    def _close(self, chosen: Iterable[PendingExit], outcome: Stage, day: dt.date, basis: tuple[int, ...] = ()) -> bool:
        closing = list(chosen)
        for pending in closing:
            self.pending.remove(pending)
            self.add(pending.close(outcome, day, basis))
        return bool(closing)


def _first_day(exit_: Exit) -> dt.date:
    return exit_.notified_on or exit_.effective_on or dt.date.min
