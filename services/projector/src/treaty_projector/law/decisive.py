"""Find the decisive day in a fact's data: of the days it names, the one on which it counts."""

from __future__ import annotations

from functools import cache

from treaty_contracts.events import EventData
from treaty_contracts.names import first_day

_FIELDS = ("received_on", "signed_on", "decided_on", "effective_on", "announced_on", "on")
"""Fields that hold the decisive day, the first that is given counts."""


def decisive_day(data: EventData) -> str | None:
    """Return the decisive day as it was posted, perhaps only a month or a year; the first of several receipts."""
    receipts = getattr(data, "receipts", ()) if _is_received(type(data)) else ()
    if receipts:
        return str(min(receipts, key=lambda receipt: (first_day(receipt.on), receipt.on)).on)
    return next((str(value) for name in _day_fields(type(data)) if (value := getattr(data, name)) is not None), None)


@cache
def _is_received(model: type[EventData]) -> bool:
    return hasattr(model, "receipts")


@cache
def _day_fields(model: type[EventData]) -> tuple[str, ...]:
    return tuple(name for name in _FIELDS if name in model.model_fields)
