"""Read what webhooks tell of from the read model: all that this package knows of it is here."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_contracts.canonical import JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector import sql
from treaty_projector.connections import connected, driver_of
from treaty_projector.errors import WebhookRefused
from treaty_projector.queries.changes import changes
from treaty_projector.queries.clocks import Asked, settle
from treaty_projector.queries.names import NameBook
from treaty_projector.reading import Reader
from treaty_projector.webhooks.letters import MOST_CHANGES, Healed, News, Place, cut, place_of

_WINDOW = 5_000
"""How many entries are looked through at a time: a webhook that begins early must not have the whole log sorted."""


class Record:
    """Know how much is applied, and what of it changed membership. Every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._names = NameBook()

    async def size(self) -> int:
        """Return how many entries are applied."""
        async with connected(self._engine) as connection:
            size: int = (await connection.execute(sql.statement("cursor"))).one().size
            return size

    async def changes(self, place: Place, *, until: int, treaties: Sequence[str], participants: Sequence[str]) -> News:
        """Return what one letter tells from the window after a place, in order, and the place after it."""
        end = min(until, place.size + _WINDOW)
        async with self._reading() as reader:
            clocks = await settle(reader, Asked(_today(), known_size=end))
            answer, following = await changes(
                reader,
                clocks,
                self._names,
                from_size=place.size,
                treaties=treaties or None,
                participants=participants or None,
                limit=MOST_CHANGES,
                after=place.after(),
            )
        listed = answer["changes"]
        found = [change for change in listed if isinstance(change, dict)] if isinstance(listed, list) else []
        taken, reached = cut(found, end=place_of(following, otherwise=end))
        held: list[JsonObject] = [
            {"treaty": treaty, "since": since, "reason": reason}
            for treaty, (since, reason) in sorted(clocks.quarantined.items())
            if place.size <= since < reached.size and (not treaties or treaty in treaties)
        ]
        return News(taken, held, reached, "" if clocks.known_at is None else format_instant(clocks.known_at))

    async def healed(self, told: int, *, size: int, treaties: Sequence[str]) -> Healed:
        """Return who was healed after a healing, where what had been left out stands before that size of the log."""
        async with connected(self._engine) as connection:
            values = {"told": told, "size": size, "treaties": list(treaties)}
            row = (await connection.execute(sql.statement("healings_to_tell"), values)).one()
        if row.treaties is None:
            return Healed(max(told, row.number))
        named = [{"treaty": treaty, "since": since} for treaty, since in zip(row.treaties, row.since, strict=True)]
        return Healed(row.number, named, format_instant(row.healed_at))

    async def check_names(self, treaties: Sequence[str], participants: Sequence[str]) -> None:
        """Raise WebhookRefused for a name that nobody knows: a mistyped one would be silence for ever."""
        async with self._reading() as reader:
            for treaty in treaties:
                known = await reader.row("treaty_first_known", treaty=treaty)
                if known is None or known["known_from"] is None:
                    raise WebhookRefused(f"--treaty {treaty}: no treaty of that name is on record")
            names = await self._names.at(reader, await settle(reader, Asked(_today())))
        for participant in participants:
            if not names.knows(participant):
                raise WebhookRefused(f"--participant {participant}: no participant has that code")

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Reader]:
        async with connected(self._engine) as connection:
            yield Reader(await driver_of(connection))


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
