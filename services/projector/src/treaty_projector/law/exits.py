"""Follow one notice of withdrawal from receipt to its end: VCLT Art. 65 to 68 and 70."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from treaty_contracts.events import WithdrawalNotified
from treaty_projector.law.days import is_imprecise
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Exit, ExitStep, Fact, Stage
from treaty_projector.law.withdrawal import Notice


@dataclass(slots=True)
class PendingExit:
    """Gather what happens to one notice while the facts of its participant are walked in legal order."""

    fact: Fact
    notice: Notice
    effective_on: dt.date | None
    steps: list[ExitStep] = field(default_factory=list)
    basis: list[int] = field(default_factory=list)
    is_dormant: bool = False
    """A notice said to be suspended: its effect is disputed, and no day ends the membership."""

    @classmethod
    def open(cls, fact: Fact, notice: Notice, *, effective_on: dt.date | None, conflict: Period | None) -> PendingExit:
        """Start to follow a notice that counts; one whose day falls within an armed conflict is held until its end."""
        pending = cls(fact, notice, effective_on, basis=list(fact.basis))
        day, effective = notice.notified_on, effective_on
        if conflict is None or effective is None:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective))
            return pending
        held_from = max(day, conflict.from_)
        if held_from > day:
            pending.steps.append(ExitStep(day, Stage.NOTIFIED, effective))
        pending.steps.append(ExitStep(held_from, Stage.HELD, None))
        pending.effective_on = conflict.until
        return pending

    @classmethod
    def partial(cls, fact: Fact, notice: Notice) -> Exit:
        """Return a notice that leaves only a part of the treaty or a territory: it is shown, and ends no membership."""
        return cls(fact, notice, notice.effective_on, [], list(fact.basis)).leave_open()

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
        effective = closed_on if outcome is Stage.EFFECTIVE else self.effective_on
        return Exit(
            notified_on=self.notice.notified_on,
            effective_on=effective,
            computed_on=self.notice.computed_on,
            stated_on=self.notice.stated_on,
            rule=self.notice.rule,
            article=self.notice.article,
            condition=_text(self.fact, "condition"),
            scope=_text(self.fact, "scope"),
            conference=self.notice.conference,
            steps=tuple(self.steps),
            closed_on=closed_on,
            outcome=outcome,
            basis=tuple(sorted(set(self.basis))),
            approximate=is_imprecise(self.fact),
        )


def premature_exit(fact: Fact, notice: Notice) -> Exit:
    """Return a notice that came too early and counts for nothing."""
    steps = [ExitStep(notice.notified_on, Stage.PREMATURE, None)]
    return PendingExit(fact, notice, None, steps, list(fact.basis)).leave_open()


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
