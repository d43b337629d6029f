"""Keep what is to be delivered, and who delivers it: one process at a time for each webhook."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_contracts.canonical import JsonObject
from treaty_projector import sql
from treaty_projector.queries.changes import changes
from treaty_projector.queries.clocks import Clocks
from treaty_projector.store import connected
from treaty_projector.webhooks.letters import MOST_CHANGES, Letter, Place, cut, place_of, write
from treaty_projector.webhooks.values import Claim, Due

_WINDOW = 5_000
"""How many entries are looked through at a time: a webhook that begins early must not have the whole log sorted."""

_MOST_WINDOWS = 10


class Outbox:
    """Write letters and note what became of them. Every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine, *, connections: int, claim_seconds: float) -> None:
        self._engine = engine
        self._turns = asyncio.Semaphore(connections)
        self._claim_seconds = claim_seconds

    async def claim(self, *, limit: int) -> list[Claim]:
        """Take webhooks that have something to do, and that nobody serves; a claim that is not given back ends."""
        async with self._writing() as connection:
            applied = (await connection.execute(sql.statement("cursor"))).one().size
            rows = await connection.execute(
                sql.statement("claim_webhooks"),
                {"applied": applied, "limit": limit, "seconds": self._claim_seconds},
            )
            return [_claim(row) for row in rows]

    async def next_letter(self, claim: Claim) -> Due | None:
        """Return the letter to deliver now: one that waits for its attempt, else one that is written now and kept.

        How far the webhook has come moves in the transaction that keeps the letter, so nothing is told twice under two
        names, and nothing is left out.
        """
        async with self._writing() as connection:
            name = {"webhook": claim.webhook}
            row = (await connection.execute(sql.statement("due_delivery"), name)).one_or_none()
            if row is not None:
                return Due(Letter(row.delivery, row.from_size, row.to_size, row.body), row.attempts)
            if (await connection.execute(sql.statement("has_current_delivery"), name)).scalar_one():
                return None
            return await self._write(connection, claim)

    async def give_back(self, claim: Claim) -> None:
        """Let others serve the webhook."""
        await self._note("release_webhook", claim)

    async def note_delivered(self, claim: Claim, letter: Letter) -> None:
        """Note that the receiver has it."""
        await self._note("note_delivered", claim, delivery=letter.delivery, to_size=letter.to_size)

    async def note_failed(
        self, claim: Claim, letter: Letter, *, trouble: str, again_after: float | None, gone: bool
    ) -> None:
        """Note that the receiver has it not; without another attempt it becomes a dead letter."""
        await self._note(
            "note_failed", claim, delivery=letter.delivery, trouble=trouble, seconds=again_after, gone=gone
        )

    async def _write(self, connection: AsyncConnection, claim: Claim) -> Due | None:
        """Write the next letter; look through the record for its changes, and remember how far, also without any."""
        applied = (await connection.execute(sql.statement("cursor"))).one().size
        begin, place, found = claim.place, claim.place, list[JsonObject]()
        for _ in range(_MOST_WINDOWS):
            if found or place.size >= applied:
                break
            begin = place
            found, place = await _look(connection, claim, begin, applied)
        moved = {
            "size": place.size,
            "treaty": place.treaty,
            "participant": place.participant,
            "told_size": place.size if found else claim.told_size,
        }
        held = await connection.execute(
            sql.statement("move_webhook"), {"webhook": claim.webhook, "fence": claim.fence, **moved}
        )
        if held.one_or_none() is None or not found:
            return None
        letter = write(claim.webhook, found, from_size=claim.told_size, begin=begin, end=place)
        await connection.execute(
            sql.statement("add_delivery"),
            {
                "delivery": letter.delivery,
                "webhook": claim.webhook,
                "from_size": letter.from_size,
                "to_size": letter.to_size,
                "body": letter.body,
            },
        )
        return Due(letter, 0)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in its turn: more deliveries may be under way than there are connections."""
        async with self._turns, connected(self._engine) as connection, connection.begin():
            yield connection

    async def _note(self, statement: str, claim: Claim, **values: object) -> None:
        async with self._writing() as connection:
            await connection.execute(
                sql.statement(statement), {"webhook": claim.webhook, "fence": claim.fence, **values}
            )


async def _look(
    connection: AsyncConnection, claim: Claim, place: Place, applied: int
) -> tuple[list[JsonObject], Place]:
    """Return changes for one letter from the window after a place, and the place after them."""
    end = min(applied, place.size + _WINDOW)
    answer, following = await changes(
        connection,
        Clocks(dt.datetime.now(dt.UTC).date(), None, end),
        from_size=place.size,
        treaties=claim.treaties or None,
        participants=claim.participants or None,
        limit=MOST_CHANGES,
        after=place.after(),
    )
    listed = answer["changes"]
    found = [change for change in listed if isinstance(change, dict)] if isinstance(listed, list) else []
    return cut(found, end=place_of(following, otherwise=end))


def _claim(row: Row[tuple[object, ...]]) -> Claim:
    return Claim(
        webhook=row.webhook,
        fence=row.fence,
        url=row.url,
        keys=keys_in(row),
        treaties=tuple(row.treaties),
        participants=tuple(row.participants),
        place=Place(row.emitted_size, row.within_treaty, row.within_participant),
        told_size=row.told_size,
    )


def keys_in(row: Row[tuple[object, ...]]) -> tuple[str, ...]:
    """Return the secrets to sign with, the newest first."""
    keys: Sequence[str | None] = (row.secret, row.previous_secret)
    return tuple(key for key in keys if key is not None)
