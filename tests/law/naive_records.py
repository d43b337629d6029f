"""Read records the naive way: which of them count, on which day, and when the treaty enters into force."""

import datetime as dt
from collections.abc import Sequence
from typing import TypeAlias

from builders import Event
from law.naive_calendar import effect

from treaty_contracts.canonical import JSON

Clause: TypeAlias = dict[str, JSON]


def alive(events: Sequence[Event]) -> list[Event]:
    """Return the records that count, replacements in the place of what they replace."""
    dead: set[JSON] = set()
    found: list[Event] = []
    for position in reversed(range(len(events))):
        type_, data = events[position]
        if position in dead:
            continue
        if type_ != "record.superseded":
            found.append((type_, data))
            continue
        dead.add(data["position"])
        if "replacement" in data:
            new = part(data["replacement"])
            found.append((str(new["type"]), part(new["data"])))
            below = events[int(str(data["position"]))]
            while below[0] == "record.superseded":
                dead.add(below[1]["position"])
                below = events[int(str(below[1]["position"]))]
    return found


def entry_into_force(clauses: Clause, events: Sequence[Event]) -> dt.date | None:
    """Return the day that follows the first deposit with which enough consents stand until the delay is over."""
    rule = part(clauses.get("entry_into_force"))
    if rule.get("rule") == "on_date":
        return dt.date.fromisoformat(str(rule["date"]))
    for today in sorted(when(t, d) for t, d in events if t == "instrument.deposited"):
        day = effect(part(rule["delay"]), today)
        assert day is not None
        standing = {
            str(d["participant"]) for t, d in events if t == "instrument.deposited" and stands(d, events, today, day)
        }
        if len(standing) >= int(str(rule["count"])) if "count" in rule else "USA" in standing:
            return day
    return None


def stands(deposit: object, events: Sequence[Event], today: dt.date, until: dt.date) -> bool:
    """Tell whether a consent was given by today and is not ended before the other day."""
    data = part(deposit)
    given = when("instrument.deposited", data)
    enders = {"consent.withdrawn", "participation.ceased", "withdrawal.completed"}
    ended = [when(t, d) for t, d in events if t in enders and d["participant"] == data["participant"]]
    return given <= today and not any(given < end < until for end in ended)


def when(type_: str, data: object, clauses: object = None) -> dt.date:
    """Return the day on which an act counts."""
    found = part(data)
    if "received" in found:
        days = sorted(str(part(receipt)["on"]) for receipt in _list(found["received"]))
        last = type_ == "withdrawal.notified" and part(part(clauses).get("withdrawal")).get("receipt") != "first"
        return dt.date.fromisoformat(days[-1 if last else 0])
    return next(
        dt.date.fromisoformat(str(found[name]))
        for name in ("received_on", "signed_on", "effective_on")
        if name in found
    )


def part(value: object) -> Clause:
    """Return a part of a document; an absent one is empty."""
    return {str(key): inner for key, inner in value.items()} if isinstance(value, dict) else {}


def _list(value: JSON) -> list[JSON]:
    return value if isinstance(value, list) else []
