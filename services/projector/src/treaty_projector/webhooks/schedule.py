"""Say how long to wait before a delivery is tried again, and when it is given up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

_LONGEST_WISH = 86_400.0
"""What a receiver asks for in Retry-After counts up to a day."""

_SPREAD = 0.2
_MOST_DIGITS = 9


def parse_schedule(text: str) -> tuple[float, ...]:
    """Return the waits in a list with commas, in seconds."""
    return tuple(float(part) for part in text.split(","))


def wait_after(attempts: int, schedule: Sequence[float], *, wish: float | None, chance: float) -> float | None:
    """Return the seconds to wait after so many failed attempts; None when there were enough.

    `chance`, from 0 to 1, spreads the attempts of many deliveries that failed at one moment; `wish` is what the
    receiver asked for, and never shortens the wait.
    """
    if attempts > len(schedule):
        return None
    wait = schedule[attempts - 1] * (1 + _SPREAD * chance)
    return max(wait, min(wish or 0.0, _LONGEST_WISH))


def wish_in(retry_after: str | None, *, now: dt.datetime) -> float | None:
    """Return the seconds that a Retry-After header asks for; None when it says nothing that can be read."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return float(text[:_MOST_DIGITS])
    try:
        instant = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0.0, (instant.replace(tzinfo=instant.tzinfo or dt.UTC) - now).total_seconds())
