"""Find the legal day of a fact: the day on which it counts."""

from __future__ import annotations

import datetime as dt

from treaty_contracts.names import first_day, is_approximate
from treaty_projector.law.state import Fact

ENDS_BEFORE_BEGINS = {
    "participation.ceased": 0,
    "withdrawal.completed": 1,
    "consent.withdrawn": 2,
    "signature.affixed": 3,
    "instrument.deposited": 4,
    "withdrawal.notified": 5,
    "withdrawal.extended": 6,
    "withdrawal.suspended": 7,
    "withdrawal.revoked": 8,
}
"""The acts that move a participant, in the order in which those of one day count."""


def days_of_receipt(fact: Fact) -> tuple[dt.date, ...]:
    """Return the days on which the act was received, one for each addressee, in order."""
    return tuple(sorted(map(first_day, _stated_receipts(fact))))


def stated_day(fact: Fact) -> str | None:
    """Return the fact's decisive day as it was posted, perhaps only a month or a year."""
    return fact.stated_on


def legal_day(fact: Fact) -> dt.date:
    """Return the day on which the fact counts: the first receipt, the first possible day of an imprecise date."""
    return fact.day


def is_imprecise(fact: Fact) -> bool:
    """Tell whether the decisive day is known only to the month or the year."""
    day = stated_day(fact)
    return day is not None and is_approximate(day)


def is_imprecise_on(fact: Fact, received: dt.date) -> bool:
    """Tell whether the receipt of that day is known only to the month or the year."""
    days = [day for day in _stated_receipts(fact) if first_day(day) == received]
    return bool(days) and all(is_approximate(day) for day in days)


def first_possible_day(stated: str, *, agreeing_with: dt.date) -> dt.date:
    """Return the first day a stated day may mean; a month or year that holds the other day says the same as that."""
    return agreeing_with if agreeing_with.isoformat().startswith(stated) else first_day(stated)


def _stated_receipts(fact: Fact) -> tuple[str, ...]:
    """Return the days of receipt as they were posted, without making a receipt of the short form first."""
    received_on = getattr(fact.data, "received_on", None)
    if received_on is not None:
        return (received_on,)
    return tuple(receipt.on for receipt in getattr(fact.data, "received", None) or ())
