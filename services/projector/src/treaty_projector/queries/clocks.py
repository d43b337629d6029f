"""Settle which day and which size of the log a question is about."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_contracts.canonical import JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector import sql
from treaty_projector.errors import BeforeHistory, ProjectionBehind
from treaty_projector.store import connected

_WAIT_SECONDS = 2.0
_LOOK_AGAIN_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Asked:
    """Hold what the client said about the two clocks; what it left out is today and now."""

    as_of: dt.date
    known_at: dt.datetime | None = None
    known_size: int | None = None
    min_size: int | None = None


@dataclass(frozen=True, slots=True)
class Clocks:
    """Hold the day and the size of the log that an answer is about: together they fix it for ever."""

    as_of: dt.date
    known_at: dt.datetime | None
    size: int

    def head(self) -> JsonObject:
        """Return what every answer states first."""
        known_at = None if self.known_at is None else format_instant(self.known_at)
        return {"as_of": self.as_of.isoformat(), "known_at": known_at, "known_size": self.size}


async def settle(engine: AsyncEngine, asked: Asked) -> Clocks:
    """Return the clocks of a question, waiting a little for entries that are not applied yet.

    Without `known_at` the answer rests on everything applied, and states the instant of the last entry it rests on:
    asking again with that instant gives the same answer for ever.
    """
    wanted = max(asked.min_size or 0, asked.known_size or 0)
    size = await _size_of_at_least(engine, wanted)
    async with connected(engine) as connection:
        if asked.known_size is not None:
            return Clocks(asked.as_of, await _recorded_at(connection, asked.known_size), asked.known_size)
        if asked.known_at is not None:
            return Clocks(asked.as_of, asked.known_at, await _size_at(connection, asked.known_at))
        return Clocks(asked.as_of, await _recorded_at(connection, size), size)


async def _size_of_at_least(engine: AsyncEngine, wanted: int) -> int:
    deadline = asyncio.get_running_loop().time() + _WAIT_SECONDS
    while True:
        async with connected(engine) as connection:
            size: int = (await connection.execute(text(sql.read("cursor")))).one().size
        if size >= wanted:
            return size
        if asyncio.get_running_loop().time() > deadline:
            raise ProjectionBehind(wanted, size)
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _recorded_at(connection: AsyncConnection, size: int) -> dt.datetime | None:
    instant: dt.datetime | None = await connection.scalar(text(sql.read("recorded_at")), {"size": size})
    return instant


async def _size_at(connection: AsyncConnection, known_at: dt.datetime) -> int:
    size: int | None = await connection.scalar(text(sql.read("size_at")), {"known_at": known_at})
    if size is None:
        raise BeforeHistory(f"nothing had been recorded by {format_instant(known_at)}")
    return size
