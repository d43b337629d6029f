"""Answer who belongs to a treaty on a day, and everything about one participant."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice
from typing import NoReturn

import orjson
from orjson import Fragment

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.errors import BeforeHistory, NotOnRecord
from treaty_projector.law.membership import PENDING, SIGNALS
from treaty_projector.queries.clocks import Asked, Clocks, settle, settled
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import write_cursor
from treaty_projector.queries.staleness import staleness
from treaty_projector.reading import Reader, Row

CONSENTS = {
    "party": ("party",),
    "contracting": ("contracting",),
    "signatory": ("signatory",),
    "former": ("former",),
    "bound": ("contracting", "party"),
    "all": ("contracting", "former", "party", "signatory"),
}
"""What each value of the filter `consent` lets through."""


_COUNTED = ("party", "contracting", "signatory", "former", "pending_exit", "signalled")
_PENDING = tuple(stage.value for stage in PENDING)
_SIGNALS = tuple(stage.value for stage in SIGNALS)


def count_members(rows: Iterable[tuple[str, str | None, int]]) -> JsonObject:
    """Return how many stand where, from (consent, stage of exit, number)."""
    counts = dict.fromkeys(_COUNTED, 0)
    for consent, stage, number in rows:
        counts[consent] += number
        counts["pending_exit"] += number if stage in PENDING else 0
        counts["signalled"] += number if stage in SIGNALS else 0
    return dict(counts)


async def require_treaty(reader: Reader, treaty: str, clocks: Clocks) -> Row:
    """Return the treaty as known; raise NotOnRecord or, when it was recorded only later, BeforeHistory."""
    row = await reader.row("treaty_known", treaty=treaty, size=clocks.size)
    return row or await _refuse_treaty(reader, treaty, clocks)


async def _refuse_treaty(reader: Reader, treaty: str, clocks: Clocks) -> NoReturn:
    row = await reader.row("treaty_first_known", treaty=treaty)
    first = None if row is None else row["known_from"]
    if first is not None and first > clocks.size:
        raise BeforeHistory(f"{treaty} was not on record yet: it is from a log of {first} entries on")
    if treaty in clocks.quarantined:
        raise NotOnRecord(f"what is recorded of {treaty} cannot be read by this release; see /v1/projection")
    if first is not None:
        raise NotOnRecord(
            f"{treaty} is on record no more: the record that registered it was superseded; superseding that correction "
            f"brings it back, and known_size={first} asks what was known before"
        )
    raise NotOnRecord(f"no treaty {treaty} is on record; GET /v1/treaties lists those that are")


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Hold a page of those who stand somewhere in one treaty: everything but the clocks, as JSON."""

    treaty: str
    counts: bytes
    members: bytes
    after: tuple[str, ...] | None
    """The place after this page, if more follow."""

    def body(self, clocks: Clocks) -> bytes:
        """Return the whole answer; the clocks must be some at which the page is what is known."""
        head: JsonObject = {"treaty": self.treaty, **clocks.head(), **staleness(self.treaty, clocks)}
        listed = {"counts": Fragment(self.counts), "members": Fragment(b"[%b]" % self.members)}
        return orjson.dumps({**head, **listed, "next": self.following(clocks)})

    def following(self, clocks: Clocks) -> str | None:
        """Return the cursor of the next page, if there is one."""
        return None if self.after is None else write_cursor(self.after, clocks)


async def members(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    names: NameBook,
    treaty: str,
    asked: Asked,
    *,
    consent: str,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[MembersPage, Clocks]:
    """Return who stands where in one treaty, and the clocks that were settled in the same reading."""
    if asked.known_at is not None:  # what was known at a size stays so, and is found as well in a second reading
        clocks = await settle(reader, asked)
        asked = replace(asked, known_at=None, known_size=clocks.size)
        found, _ = await members(reader, names, treaty, asked, consent=consent, limit=limit, after=after)
        return found, clocks
    row = await reader.row(
        "members_settled",
        known_size=asked.known_size,
        treaty=treaty,
        as_of=asked.as_of,
        consents=CONSENTS[consent],
        pending=_PENDING,
        signals=_SIGNALS,
        after=after[0] if after else "",
    )
    clocks = settled(row, asked, reader.generation)
    if row is None or not row["on_record"]:
        await _refuse_treaty(reader, treaty, clocks)
    return _page(treaty, row, await names.at(reader, clocks), limit), clocks


def _page(treaty: str, row: Row, names: Names, limit: int) -> MembersPage:
    """Return the page that a row of arrays makes: what is stored is shown as it is, unless days left are counted."""
    participants, openings = row["participants"] or (), names.openings
    rows = zip(participants, row["stages"] or (), row["documents"] or (), strict=True)
    shown = [
        openings[who] + document[1:]
        if stage is None
        else orjson.dumps(member_answer(who, document, names, names.as_of))
        for who, stage, document in islice(rows, limit)
    ]
    after = (participants[limit - 1],) if len(participants) > limit else None
    return MembersPage(treaty, orjson.dumps({name: row[name] for name in _COUNTED}), b",".join(shown), after)


async def member(reader: Reader, names_known: NameBook, treaty: str, participant: str, clocks: Clocks) -> JsonObject:
    """Return everything about one participant in one treaty."""
    await require_treaty(reader, treaty, clocks)
    names = await names_known.at(reader, clocks)
    if not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    standing = await reader.row("standing_known", treaty=treaty, participant=participant, size=clocks.size)
    if standing is None:
        raise NotOnRecord(f"nothing is on record of {participant} and {treaty}")
    row = await reader.row(
        "membership_known", treaty=treaty, participant=participant, size=clocks.size, as_of=clocks.as_of
    )
    found = await reader.rows(
        "anomalies_known_of_treaty",
        treaty=treaty,
        participant=participant,
        size=clocks.size,
        limit=500,
        after_position=-1,
        after_reason="",
        after_participant="",
    )
    anomalies: list[JSON] = [
        {"reason": row["reason"], "position": row["position"], "detail": row["detail"]} for row in found
    ]
    history = orjson.loads(standing["document"])
    return {
        "treaty": treaty,
        "participant": participant,
        **clocks.head(),
        **staleness(treaty, clocks),
        "current": member_answer(participant, row["document"] if row else _NOBODY, names, clocks.as_of),
        **history,
        "exits": [_exit_on(exit_, clocks.as_of) for exit_ in history["exits"] if _is_known_on(exit_, clocks.as_of)],
        "anomalies": anomalies,
    }


def member_answer(participant: str, document: bytes, names: Names, as_of: dt.date) -> JsonObject:
    """Return one member as answers show it, with its name and the days left on that day."""
    who = names.of(participant)
    content: JsonObject = orjson.loads(document)
    return {
        "participant": participant,
        "name": who.name,
        "kind": who.kind,
        **content,
        "exit": with_days_left(content.get("exit"), as_of),
    }


def with_days_left(exit_: JSON, as_of: dt.date) -> JSON:
    """Return the exit with the days left until it takes effect."""
    if not isinstance(exit_, dict):
        return None
    effective = exit_.get("effective_on")
    days = (dt.date.fromisoformat(effective) - as_of).days if isinstance(effective, str) else None
    return {**exit_, "days_left": days}


def _is_known_on(exit_: dict[str, JSON], as_of: dt.date) -> bool:
    begun = exit_["notified_on"] or exit_["effective_on"]
    return not isinstance(begun, str) or dt.date.fromisoformat(begun) <= as_of


def _exit_on(exit_: dict[str, JSON], as_of: dt.date) -> JsonObject:
    """Return the exit as it stood on that day: what closed it later had not happened yet."""
    closed = exit_["closed_on"]
    if not isinstance(closed, str) or dt.date.fromisoformat(closed) <= as_of:
        return exit_
    steps = exit_["steps"] if isinstance(exit_["steps"], list) else []
    past = [step for step in steps if isinstance(step, dict) and str(step["from"]) <= as_of.isoformat()]
    stage = past[-1]["stage"] if past else "notified"
    return {**exit_, "stage": stage, "closed_on": None, "revoked_on": None}


_NOBODY = orjson.dumps(
    {
        "consent": "none",
        "since": None,
        "until": None,
        "mode": None,
        "provisional": False,
        "operation": "in_operation",
        "exit": None,
        "contested": False,
        "approximate": False,
        "basis": [],
    }
)
"""The answer about one who has done nothing yet that gives it a place."""
