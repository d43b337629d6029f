"""Order what happens to exits from other treaties among the acts of a participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from treaty_projector.law.days import ENDS_BEFORE_BEGINS
from treaty_projector.law.state import Exit, Fact, Stage


@dataclass(frozen=True, slots=True)
class CauseEnded:
    """Say that an exit from another treaty was taken back or overtaken."""

    cause: Exit


_EARLIER = {ENDS_BEFORE_BEGINS["withdrawal.notified"]: ENDS_BEFORE_BEGINS["signature.affixed"]}

Happening: TypeAlias = tuple[dt.date, int, str, Fact | Exit | CauseEnded]
"""Something with its legal day, its rank among those of one day, and what orders it among its equals."""


def happenings(causes: Iterable[Exit]) -> Iterator[Happening]:
    """Give the days on which an exit from another treaty begins, and on which it is taken back or overtaken."""
    for cause in causes:
        begins = cause.notified_on or cause.effective_on or dt.date.max
        how = "participation.ceased" if cause.notified_on is None else "withdrawal.notified"
        key = " ".join(cause.via)
        yield begins, ENDS_BEFORE_BEGINS[how], key, cause
        if cause.closed_on is not None and cause.outcome is not Stage.EFFECTIVE:
            yield cause.closed_on, ENDS_BEFORE_BEGINS["withdrawal.revoked"], key, CauseEnded(cause)


def in_order(of_one_day: Iterable[Happening], *, of_a_party: bool) -> list[Fact | Exit | CauseEnded]:
    """Return the happenings of one day, ends before beginnings: a party's notice goes before its new consent."""
    happened = [*of_one_day]
    if of_a_party and len(happened) > 1:
        happened.sort(key=lambda one: _EARLIER.get(one[1], one[1]))
    return [what for *_, what in happened]
