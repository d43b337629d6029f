"""Write what is delivered: changes of membership in the order of recording, a bounded number at a time.

Between them stands who was quarantined, since no more is told of these.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from treaty_contracts.canonical import JSON, JsonObject

CHANGED = "treaty.membership.changed"
QUARANTINED = "treaty.quarantined"
HEALED = "treaty.healed"
PING = "treaty.webhook.ping"
MOST_CHANGES = 100
_MOST_BYTES = 262_144


@dataclass(frozen=True, slots=True)
class Place:
    """Say how far a webhook has come: through `size` entries, and into the next one up to a treaty and a participant.

    One entry may change hundreds of participants at once, more than one delivery takes.
    """

    size: int
    treaty: str = ""
    participant: str = ""

    def after(self) -> tuple[str, str, str]:
        """Return the place as the list of changes names it."""
        return (str(self.size + (self.treaty != "")), self.treaty, self.participant)


@dataclass(frozen=True, slots=True)
class Letter:
    """Hold a delivery that is to be made: `body` never changes, so that every attempt says the same."""

    delivery: str
    from_size: int
    to_size: int
    body: bytes


@dataclass(frozen=True, slots=True)
class News:
    """Hold what a stretch of the log has to tell, which ends at `place` with an entry recorded at `until`."""

    changes: Sequence[JsonObject]
    quarantined: Sequence[JsonObject]
    place: Place
    until: str

    def __bool__(self) -> bool:
        """Tell whether there is something to tell."""
        return bool(self.changes or self.quarantined)


@dataclass(frozen=True, slots=True)
class Healed:
    """Hold who was healed, up to a numbered healing at an instant, and since when each had been left out."""

    number: int
    treaties: Sequence[JsonObject] = ()
    at: str = ""


def place_of(after: tuple[str, ...] | None, *, otherwise: int) -> Place:
    """Return the place after a page of changes; there is none when the page was the last one up to a size."""
    if after is None:
        return Place(otherwise)
    size, treaty, participant = after
    return Place(int(size) - 1, treaty, participant)


def cut(changes: Sequence[JsonObject], *, end: Place) -> tuple[list[JsonObject], Place]:
    """Return as many changes as one delivery takes, and the place after them: `end` when it takes them all."""
    taken: list[JsonObject] = []
    room = _MOST_BYTES
    for change in changes:
        room -= len(orjson.dumps(change))
        if taken and (room < 0 or len(taken) == MOST_CHANGES):
            return taken, _place_between(taken[-1], change)
        taken.append(change)
    return taken, end


def write(webhook: str, news: News, *, from_size: int, begin: Place) -> Letter:
    """Return the letter that says what changed after `from_size`; the same letter always has the same name.

    Nothing that is wanted lies between `from_size`, where the letter before ended, and `begin`.
    """
    end, changes, quarantined = news.place, list[JSON](news.changes), list[JSON](news.quarantined)
    data: JsonObject = {"webhook": webhook, "from_size": from_size, "to_size": end.size}
    data |= {"changes": changes, "quarantined": quarantined, "healed": []}
    kind, at = (CHANGED, news.changes[-1]["recorded_at"]) if changes else (QUARANTINED, news.until)
    body = orjson.dumps({"type": kind, "timestamp": at, "data": data})
    return Letter(_name(webhook, repr((begin, end)).encode()), from_size, end.size, body)


def write_healed(webhook: str, healed: Healed, *, told_size: int) -> Letter:
    """Return the letter that says of whom more is known now than was told; it goes no further than the one before."""
    data: JsonObject = {"webhook": webhook, "from_size": told_size, "to_size": told_size}
    data |= {"changes": [], "quarantined": [], "healed": list[JSON](healed.treaties)}
    body = orjson.dumps({"type": HEALED, "timestamp": healed.at, "data": data})
    return Letter(_name(webhook, b"healed %d" % healed.number), told_size, told_size, body)


def write_ping(webhook: str, *, at: str) -> Letter:
    """Return a letter that says nothing but that it arrives."""
    body = orjson.dumps({"type": PING, "timestamp": at, "data": {"webhook": webhook}})
    return Letter(_name(webhook, body), 0, 0, body)


def _place_between(last: JsonObject, following: JsonObject) -> Place:
    """Return the place after a change that is not the last: a size counts as reached when all of it is told."""
    position = int(str(last["position"]))
    if following["position"] != position:
        return Place(position + 1)
    return Place(position, str(last["treaty"]), str(last["participant"]))


def _name(webhook: str, content: bytes) -> str:
    return "msg_" + hashlib.sha256(webhook.encode() + b"\n" + content).hexdigest()[:32]
