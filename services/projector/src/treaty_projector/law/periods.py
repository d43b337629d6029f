"""Half-open periods of legal days and calendar arithmetic."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from treaty_contracts.names import Span

LAST_DAY = dt.date(9998, 12, 31)
"""The day to which arithmetic beyond the calendar is clamped, so that every rule is total."""


class Period(NamedTuple):
    """Hold the days from `from_` up to, not including, `until`; no `until` means that no end is known."""

    from_: dt.date
    until: dt.date | None = None

    def contains(self, day: dt.date) -> bool:
        """Tell whether the day lies within the period."""
        return self.from_ <= day and (self.until is None or day < self.until)

    def overlaps(self, other: Period) -> bool:
        """Tell whether both periods share at least one day."""
        return (other.until is None or self.from_ < other.until) and (self.until is None or other.from_ < self.until)

    @property
    def is_empty(self) -> bool:
        """Tell whether the period has no day at all."""
        return self.until is not None and self.until <= self.from_


def earliest(*days: dt.date | None) -> dt.date | None:
    """Return the earliest of the days that are known; None when none is."""
    known = [day for day in days if day is not None]
    return min(known) if known else None


@lru_cache(maxsize=65_536)
def add(day: dt.date, span: Span, *, times: int = 1) -> dt.date:
    """Add a calendar span: months are clamped to the month's end, and never turned into days."""
    months = (span.years * 12 + span.months) * times
    try:
        return day + _months(months) + dt.timedelta(days=span.days * times)
    except (OverflowError, ValueError):
        return LAST_DAY if times >= 0 else dt.date.min


def add_days(day: dt.date, days: int) -> dt.date:
    """Add whole days, within the calendar."""
    try:
        return day + dt.timedelta(days=days)
    except OverflowError:
        return LAST_DAY


def first_of_month(day: dt.date, *, months_later: int) -> dt.date:
    """Return the first day of the month that lies so many months after the day's own."""
    count = day.year * 12 + day.month - 1 + months_later
    return dt.date(count // 12, count % 12 + 1, 1) if count < (LAST_DAY.year + 1) * 12 else LAST_DAY


def on_month_day(year: int, month_day: str) -> dt.date:
    """Return "MM-DD" in that year; the 29th of February is the 28th in common years."""
    month, day = int(month_day[:2]), int(month_day[3:])
    if (month, day) == (2, 29) and not _is_leap(year):
        day = 28
    return dt.date(year, month, day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


@cache
def _months(count: int) -> relativedelta:
    return relativedelta(months=count)
