"""Let time pass over one participant: exits fall due, and the treaty ends, without any further fact (VCLT Art. 70)."""

from __future__ import annotations

import datetime as dt
from bisect import insort
from collections.abc import Iterable, Sequence
from copy import copy
from typing import Self

from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.consent import ConsentAct, Successions
from treaty_projector.law.days import legal_day
from treaty_projector.law.exit_book import ExitBook
from treaty_projector.law.exits import PendingExit, is_word_of_depositary, next_word
from treaty_projector.law.periods import Period
from treaty_projector.law.spells import SpellBook
from treaty_projector.law.state import Exit, Fact, TreatyRules


class Course:
    """Hold one participant's standing while time passes."""

    def __init__(
        self, participant: str, rules: TreatyRules, successions: Successions, *, conflicts: Sequence[Period]
    ) -> None:
        self.rules = rules
        self.book = SpellBook()
        self.exits = ExitBook()
        self.anomalies: list[Anomaly] = []
        """In order."""
        self.borders: list[dt.date] = []
        """Days on which a formal notice or an end consumed what had only been announced."""
        self.stands_on = dt.date.min
        """The day of the last act that was taken."""
        self.consents_since = dt.date.max
        """The day of the first consent."""
        self._participant = participant
        self._successions = successions
        self._conflicts = conflicts
        self.causes: list[Exit] = []
        """Exits from treaties with which this one falls, while they last."""
        self._acts: list[tuple[dt.date, Fact]] = []
        self._awaits_word = False
        """An exit took effect, and the depositary might still state that it did so later."""
        self._queued: tuple[Fact, ConsentAct] | None = None
        """A consent given while an exit was pending: it begins when the membership ends."""
        self._treaty_is_over = False

    def finished(self) -> Self:
        """Return where this leads after all time to come: what is pending falls due, as far as days are known."""
        ends_on = None if self._treaty_is_over else self.rules.ends_on
        if not self.exits.pending and self._queued is None and ends_on is None:
            return self
        course = copy(self)
        course.book, course.exits = self.book.fork(), self.exits.fork()
        course.anomalies, course.borders, course.causes = [*self.anomalies], [*self.borders], [*self.causes]
        course.finish()
        return course

    def finish(self) -> None:
        """Let all time to come pass."""
        self._settle(dt.date.max)
        self._drop_queued(Reason.ALREADY_BOUND)

    def _settle(self, day: dt.date) -> None:
        """Let time pass up to that day: exits take effect, and the treaty ends, without any further fact (Art. 70)."""
        while True:
            due = self.exits.first_due()
            over_on = None if self._treaty_is_over else self.rules.ends_on
            if due is not None and due[0] <= day and (over_on is None or due[0] <= over_on):
                self._fall_due(*due)
            elif over_on is not None and over_on <= day:
                self._treaty_is_over = True
                self._drop_queued(Reason.TREATY_ENDED)
                self._overtake(over_on)
                self.book.erase(over_on, ())
            else:
                return

    def _fall_due(self, day: dt.date, pending: PendingExit) -> None:
        """Let an exit take effect on its day, unless the depositary asserts a later one."""
        word = next_word(day, self._acts)
        if word is not None and is_word_of_depositary(word):
            pending.correct(legal_day(word), word.basis)
        else:
            self._awaits_word = self._awaits_word or word is None
            self._take_effect(day, pending)

    def _take_effect(self, day: dt.date, pending: PendingExit) -> None:
        self.exits.take_effect(pending, day)
        self._end(day, pending.basis, approximate=pending.template.approximate)

    def _end(self, day: dt.date, basis: Iterable[int], *, approximate: bool) -> None:
        """End the membership; a consent that was waiting for this begins at once."""
        self._overtake(day)
        self.book.end(day, basis, approximate=approximate)
        if self._queued is not None:
            (fact, act), self._queued = self._queued, None
            self._begin(fact, act)

    def _overtake(self, day: dt.date) -> None:
        """The earliest valid end wins: what else was pending is superseded."""
        self.exits.overtake(day)
        self.borders.append(day)

    def _open(self, cause: Exit, day: dt.date) -> None:
        self.exits.open(PendingExit.following(cause, day))
        self.borders.append(day)

    def _begin(self, fact: Fact, act: ConsentAct) -> None:
        """Begin a consent; causes of an exit that are pending already, and the end of the treaty, catch up with it."""
        begun = self.book.begin(act)
        if act.begins_on < min(begun.begins_on, legal_day(fact)):
            more = f"It would begin on {act.begins_on.isoformat()}; it begins on {begun.begins_on.isoformat()}."
            self._flag(Reason.OVERLAPPING_SPELLS, fact, more=more)
        for cause in self.causes:
            if cause.closed_on is None or begun.begins_on < cause.closed_on:
                self._open(cause, begun.begins_on)
        if self._treaty_is_over and self.rules.ends_on is not None:
            self._overtake(self.rules.ends_on)
            self.book.erase(self.rules.ends_on, ())

    def _drop_queued(self, reason: Reason) -> None:
        """What was to follow the end of the membership changes nothing: that goes on, or the treaty does not."""
        if self._queued is not None:
            self._flag(reason, self._queued[0])
            self._queued = None

    def _flag(self, reason: Reason, fact: Fact, *, more: str = "") -> None:
        self._note(anomaly(reason, fact.position, self._participant, more=more))

    def _note(self, *found: Anomaly) -> None:
        for each in found:
            insort(self.anomalies, each)
