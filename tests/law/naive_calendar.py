"""Compute days of effect the naive way: by counting, with the calendar of the standard library alone."""

import calendar
import datetime as dt
from itertools import count, takewhile

from treaty_contracts.canonical import JSON

ONE = dt.timedelta(days=1)


def add(day: dt.date, period: JSON, *, times: int = 1) -> dt.date:
    """Add a duration: its months first, clamped to the end of the month, then its days."""
    number, months, days = "", 0, 0
    for letter in str(period)[1:]:
        if letter.isdigit():
            number += letter
            continue
        amount, number = int(number) * times, ""
        months += {"Y": 12, "M": 1}.get(letter, 0) * amount
        days += {"W": 7, "D": 1}.get(letter, 0) * amount
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day.day, last)) + dt.timedelta(days=days)


def effect(delay: dict[str, JSON], received: dt.date) -> dt.date | None:  # noqa: PLR0911 - one case a rule
    """Return the first day of effect; None where the rule gives none."""
    match delay["rule"]:
        case "period":
            return add(received, delay["period"]) + {"same": 0, "next": 1, "previous": -1}[str(delay["day"])] * ONE
        case "first_of_month_after_period":
            return _first_of_next_month(add(received, delay["period"]))
        case "first_of_nth_month":
            day = received
            for _ in range(int(str(delay["n"]))):
                day = _first_of_next_month(day)
            return day
        case "fixed_day":
            cutoff = _next(str(delay["cutoff"]), received)
            day = _next(str(delay["effect"]), cutoff + ONE)
            return day + ONE if delay["boundary"] == "end_of_day" else day
        case "tacit_renewal":
            first = add(dt.date.fromisoformat(str(delay["anchor"])), delay["first"])
            ends = (add(first, delay["next"], times=n) for n in count())
            return next(end for end in ends if received <= add(end, delay["notice"], times=-1))
        case "window":
            anchor = dt.date.fromisoformat(str(delay["anchor"]))
            windows = (add(anchor, delay["every"], times=n) for n in count(1))
            opened = takewhile(lambda opens: opens <= received, windows)
            is_open = any(received < add(opens, delay["open"]) for opens in opened)
            return add(received, delay["notice"]) if is_open else None
        case "negotiated":
            return add(received, delay["long_stop"])
        case "immediate":
            return received
    return None


def _first_of_next_month(day: dt.date) -> dt.date:
    day += ONE
    while day.day != 1:
        day += ONE
    return day


def _next(month_day: str, day: dt.date) -> dt.date:
    """Return the first day on or after another that is so called; the 29th of February is the last of that month."""
    while month_day not in {f"{day:%m-%d}", "02-29" if f"{day + ONE:%m-%d}" == "03-01" else ""}:
        day += ONE
    return day
