"""Follow one notice of withdrawal from receipt to its end: VCLT Art. 65 to 68 and 70."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import TypeAlias

from treaty_contracts.events import Alternative, InstrumentDeposited, WithdrawalCompleted, WithdrawalNotified
from treaty_projector.law.days import is_imprecise
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Exit, ExitStep, Fact, Stage
from treaty_projector.law.withdrawal import Notice

Conditional: TypeAlias = tuple[tuple[str, str], ...]
"""Days of effect, each with the condition under which it counts."""


@dataclass(slots=True, eq=False)
class PendingExit:
    """Gather what happens to one notice while the facts of its participant are walked in legal order."""

    template: Exit
    """What is known of the exit from its beginning."""
    effective_on: dt.date | None
    steps: list[ExitStep] = field(default_factory=list)
    basis: list[int] = field(default_factory=list)
    is_dormant: bool = False
    """No day of it ends the membership: the notice is said to be suspended, or its cause is not to take effect."""
    last_day_on: dt.date | None = None
    """The last day of membership, where the clause makes papers print that one."""

    @classmethod
    def open(cls, fact: Fact, notice: Notice, *, conflict: Period | None) -> PendingExit:
        """Start to follow a notice that counts; one whose day falls within an armed conflict is held until its end."""
        day, effective = notice.notified_on, notice.effective_on
        pending = cls(exit_of(fact, notice), effective, basis=list(fact.basis), last_day_on=notice.last_day_on)
        if conflict is None:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective))
            return pending
        held_from = max(day, conflict.from_)
        if held_from > day:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective))
        pending.steps.append(ExitStep(held_from, Stage.HELD, None))
        pending.effective_on = conflict.until
        return pending

    @classmethod
    def following(cls, cause: Exit, day: dt.date) -> PendingExit:
        """Start to follow another treaty's exit, which is one from this treaty too, from a day on."""
        pending = cls(cause, cause.effective_on, basis=list(cause.basis))
        pending.is_dormant = cause.outcome is not Stage.EFFECTIVE
        earlier = [step for step in cause.steps if step.from_ <= day]
        later = [step for step in cause.steps if step.from_ > day]
        first = earlier[-1] if earlier else ExitStep(day, Stage.NOTIFIED, cause.effective_on)
        pending.steps = [replace(first, from_=day), *later]
        return pending

    def fork(self) -> PendingExit:
        """Return the same notice, to be followed apart from this one."""
        return replace(self, steps=[*self.steps], basis=[*self.basis])

    @property
    def via(self) -> tuple[str, ...]:
        """Return the treaties whose exit this one follows."""
        return self.template.via

    @property
    def ends_on(self) -> dt.date | None:
        """Return the day on which this exit ends the membership, if a day is known."""
        return None if self.is_dormant else self.effective_on

    def move(self, decided_on: dt.date, effective_on: dt.date, basis: Iterable[int], others: Conditional) -> None:
        """Put the day of effect elsewhere from the day that was decided; `others` are days under a condition."""
        self.effective_on = effective_on
        self.template = replace(self.template, alternatives=others)
        self.steps.append(ExitStep(decided_on, Stage.NOTIFIED, effective_on))
        self.basis += basis

    def correct(self, effective_on: dt.date, basis: Iterable[int]) -> None:
        """Use the day that somebody asserts in place of the one that was last expected."""
        self.effective_on = effective_on
        self.basis += basis
        if self.steps[-1].stage is Stage.NOTIFIED:
            self.steps[-1] = replace(self.steps[-1], effective_on=effective_on)

    def suspend(self, day: dt.date, basis: Iterable[int]) -> None:
        """Note that the notice is said to be suspended: no day is computed any more."""
        self.is_dormant = True
        self.steps.append(ExitStep(day, Stage.CONTESTED, None))
        self.basis += basis

    def confirms(self, stated: str) -> bool:
        """Tell whether somebody who says that the exit took effect names its day, perhaps only its month or year."""
        if self.ends_on is None:
            return False
        return self.ends_on.isoformat().startswith(stated) or (
            self.last_day_on is not None and stated == self.last_day_on.isoformat()
        )

    def close(self, outcome: Stage | None, day: dt.date | None, basis: Iterable[int] = ()) -> Exit:
        """Return the exit, ended in one of three ways: effective, revoked or overtaken; or as it stands at the end."""
        self.basis += basis
        return replace(
            self.template,
            effective_on=day if outcome is Stage.EFFECTIVE else self.effective_on,
            steps=tuple(self.steps),
            closed_on=day,
            outcome=outcome,
            basis=tuple(sorted(set(self.basis))),
        )


def conditional(alternatives: Iterable[Alternative]) -> Conditional:
    """Return the days of effect that an extension names beside its own, each with its condition."""
    return tuple((str(alternative.effective_on), alternative.condition) for alternative in alternatives)


def exit_of(fact: Fact, notice: Notice) -> Exit:
    """Return what is known of an exit from its notice alone."""
    return Exit(
        notified_on=notice.notified_on,
        effective_on=notice.effective_on,
        computed_on=notice.computed_on,
        stated_on=notice.stated_on,
        rule=notice.rule,
        article=notice.article,
        condition=_text(fact, "condition"),
        scope=_text(fact, "scope"),
        conference=notice.conference,
        companions_until=notice.companions_until,
        survival=notice.survival,
        steps=(),
        closed_on=None,
        outcome=None,
        basis=fact.basis,
        approximate=notice.approximate,
    )


def premature_exit(fact: Fact, notice: Notice) -> Exit:
    """Return a notice that came too early and counts for nothing."""
    return replace(exit_of(fact, notice), steps=(ExitStep(notice.notified_on, Stage.PREMATURE, None),))


def exit_by_decision(fact: Fact, day: dt.date) -> Exit:
    """Return an exit that no notice began: by decision, extinction, or a completion without a notice."""
    return Exit(
        notified_on=None,
        effective_on=day,
        computed_on=None,
        stated_on=day,
        rule=str(getattr(fact.data, "reason", None) or fact.type),
        article=None,
        condition=None,
        scope=None,
        conference=None,
        steps=(),
        closed_on=day,
        outcome=Stage.EFFECTIVE,
        basis=fact.basis,
        approximate=is_imprecise(fact),
    )


def next_word(exit_on: dt.date, acts: Sequence[tuple[dt.date, Fact]]) -> Fact | None:
    """Return the first act that shows whether an exit took effect on the day that was expected, if there is one.

    It is the depositary's statement that it did so later, or a deposit or another notice: a statement that comes after
    one of these speaks of another exit.
    """
    for index in range(bisect_left(acts, exit_on, key=itemgetter(0)), len(acts)):
        day, fact = acts[index]
        if isinstance(fact.data, InstrumentDeposited) or (isinstance(fact.data, WithdrawalNotified) and day > exit_on):
            return fact
        if day > exit_on and is_word_of_depositary(fact):
            return fact
    return None


def is_word_of_depositary(fact: Fact) -> bool:
    """Tell whether the depositary states that an exit took effect."""
    return isinstance(fact.data, WithdrawalCompleted) and fact.data.asserted_by == "depositary"


def _text(fact: Fact, name: str) -> str | None:
    value = getattr(fact.data, name, None)
    return None if value is None else str(value)
