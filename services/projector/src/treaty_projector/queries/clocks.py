"""Settle which day and which size of the log a question is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import orjson

from treaty_contracts.canonical import JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.errors import BeforeHistory, DatabaseUnavailable, MalformedParameter, ProjectionBehind
from treaty_projector.reading import Reader, Row


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what the client said about the two clocks; what it left out is today and now."""

    as_of: dt.date
    known_at: dt.datetime | None = None
    known_size: int | None = None
    min_size: int | None = None
    generation: int | None = None
    """The one that the pages before were of."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Hold the day and the size of the log that an answer is about: together they fix it for ever."""

    as_of: dt.date
    known_at: dt.datetime | None
    size: int
    named_at: int | None
    """The position of the last of these entries that is about participants themselves."""
    generation: int = 0
    """The generation that answers: another may be folded by another law."""
    quarantined: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """Who is quarantined, from which position on, and why."""

    def head(self) -> JsonObject:
        """Return what every answer states first."""
        known_at = None if self.known_at is None else format_instant(self.known_at)
        return {"as_of": self.as_of.isoformat(), "known_at": known_at, "known_size": self.size}


async def settle(reader: Reader, asked: Asked) -> Clocks:
    """Return the clocks of a question; raise ProjectionBehind while entries it asks for are not applied."""
    if asked.known_at is None:
        return settled(await reader.row("clocks", known_size=asked.known_size), asked, reader.generation)
    return settled(await reader.row("clocks_at", known_at=asked.known_at), asked, reader.generation)


def settled(row: Row | None, asked: Asked, generation: int) -> Clocks:
    """Return the clocks of a question by what a generation of the read model says; raise ProjectionBehind as `settle`.

    Without `known_at` the answer rests on everything applied, and states the instant of the last entry it rests on:
    asking again with that instant gives the same answer for ever.
    """
    if row is None:
        raise DatabaseUnavailable("the read model has no cursor")
    if asked.generation not in {None, generation}:
        raise MalformedParameter("cursor", "the read model was rebuilt since its page was given: read the list again")
    held: Mapping[str, tuple[int, str]] = orjson.loads(row["quarantined"]) if row["quarantined"] else {}
    wanted = max(asked.min_size or 0, asked.known_size or 0)
    size, recorded_at, named_at = row["size"], row["recorded_at"], row["named_at"]
    if size < wanted:
        raise ProjectionBehind(wanted, size)
    if asked.known_size is not None:
        return Clocks(asked.as_of, recorded_at, asked.known_size, named_at, generation, held)
    if asked.known_at is None:
        return Clocks(asked.as_of, recorded_at, size, named_at, generation, held)
    if size < row["ledger_size"] and (recorded_at is None or recorded_at < asked.known_at):
        raise ProjectionBehind(row["ledger_size"], size)  # something recorded by then may still be on its way
    if row["size_at"] is None:
        raise BeforeHistory(f"nothing had been recorded by {format_instant(asked.known_at)}")
    return Clocks(asked.as_of, asked.known_at, row["size_at"], named_at, generation, held)
