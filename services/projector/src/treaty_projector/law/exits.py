"""Follow one notice of withdrawal from receipt to its end: VCLT Art. 65 to 68 and 70."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from treaty_contracts.events import WithdrawalNotified
from treaty_projector.law.days import is_imprecise
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Exit, ExitStep, Fact, Stage
from treaty_projector.law.withdrawal import Notice


@dataclass(slots=True, eq=False)
class PendingExit:
    """Gather what happens to one notice while the facts of its participant are walked in legal order."""

    template: Exit
    """What is known of the exit from its beginning."""
    effective_on: dt.date | None
    steps: list[ExitStep] = field(default_factory=list)
    basis: list[int] = field(default_factory=list)
    is_dormant: bool = False
    """A notice said to be suspended: its effect is disputed, and no day ends the membership."""

    @classmethod
    def open(cls, fact: Fact, notice: Notice, *, effective_on: dt.date | None, conflict: Period | None) -> PendingExit:
        """Start to follow a notice that counts; one whose day falls within an armed conflict is held until its end."""
        pending = cls(exit_of(fact, notice), effective_on, basis=list(fact.basis))
        day = notice.notified_on
        if conflict is None or effective_on is None:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective_on))
            return pending
        held_from = max(day, conflict.from_)
        if held_from > day:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective_on))
        pending.steps.append(ExitStep(held_from, Stage.HELD, None))
        pending.effective_on = conflict.until
        return pending

    @classmethod
    def following(cls, cause: Exit, day: dt.date) -> PendingExit:
        """Start to follow another treaty's exit, which is one from this treaty too, from a day on."""
        effective = cause.closed_on if cause.outcome is Stage.EFFECTIVE else None
        pending = cls(cause, effective, basis=list(cause.basis))
        earlier = [step for step in cause.steps if step.from_ <= day]
        later = [step for step in cause.steps if step.from_ > day]
        first = earlier[-1] if earlier else ExitStep(day, Stage.NOTIFIED, effective)
        pending.steps = [replace(first, from_=day), *later]
        return pending

    @property
    def via(self) -> tuple[str, ...]:
        """Return the treaties whose exit this one follows."""
        return self.template.via

    @property
    def ends_on(self) -> dt.date | None:
        """Return the day on which this exit ends the membership, if a day is known."""
        return None if self.is_dormant else self.effective_on

    def move(self, decided_on: dt.date, effective_on: dt.date, basis: Iterable[int]) -> None:
        """Put the day of effect elsewhere from the day that was decided."""
        self.effective_on = effective_on
        self.steps.append(ExitStep(decided_on, Stage.NOTIFIED, effective_on))
        self.basis += basis

    def suspend(self, day: dt.date, basis: Iterable[int]) -> None:
        """Note that the notice is said to be suspended: no day is computed any more."""
        self.is_dormant = True
        self.steps.append(ExitStep(day, Stage.CONTESTED, None))
        self.basis += basis

    def close(self, outcome: Stage, day: dt.date, basis: Iterable[int] = ()) -> Exit:
        """Return the exit, ended in one of three ways: effective, revoked or overtaken."""
        self.basis += basis
        return self._exit(outcome, day)

    def leave_open(self) -> Exit:
        """Return the exit as it stands after the last fact."""
        return self._exit(None, None)

    def _exit(self, outcome: Stage | None, closed_on: dt.date | None) -> Exit:
        return replace(
            self.template,
            effective_on=closed_on if outcome is Stage.EFFECTIVE else self.effective_on,
            steps=tuple(self.steps),
            closed_on=closed_on,
            outcome=outcome,
            basis=tuple(sorted(set(self.basis))),
        )


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
        steps=(),
        closed_on=None,
        outcome=None,
        basis=fact.basis,
        approximate=is_imprecise(fact),
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


def is_partial(fact: Fact) -> bool:
    """Tell whether the notice leaves only a part or a territory: membership goes on."""
    return isinstance(fact.data, WithdrawalNotified) and fact.data.scope is not None


def _text(fact: Fact, name: str) -> str | None:
    value = getattr(fact.data, name, None)
    return None if value is None else str(value)
