"""Keep what is to be delivered, and who delivers it: one process at a time for each webhook."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_projector import sql
from treaty_projector.connections import connected
from treaty_projector.webhooks.letters import Healed, Letter, Place, write, write_healed
from treaty_projector.webhooks.record import Record
from treaty_projector.webhooks.values import Claim, Due

_MOST_WINDOWS = 10


class Outbox:
    """Write letters and note what became of them. Every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine, record: Record, *, connections: int, claim_seconds: float) -> None:
        self._engine = engine
        self._record = record
        self._turns = asyncio.Semaphore(connections)
        self._claim_seconds = claim_seconds

    async def claim(self, *, applied: int, limit: int) -> list[Claim]:
        """Take webhooks that have something to do once so many entries are applied, and that nobody serves.

        A claim that is not given back ends.
        """
        async with self._writing() as connection:
            rows = await connection.execute(
                sql.statement("claim_webhooks"),
                {"applied": applied, "limit": limit, "seconds": self._claim_seconds},
            )
            return [_claim(row) for row in rows]

    async def next_letter(self, claim: Claim) -> Due | None:
        """Return the letter to deliver now: one that waits for its attempt, else one that is written now and kept."""
        async with self._writing() as connection:
            name = {"webhook": claim.webhook}
            row = (await connection.execute(sql.statement("due_delivery"), name)).one_or_none()
            if row is not None:
                return Due(Letter(row.delivery, row.from_size, row.to_size, row.body), row.attempts)
            if (await connection.execute(sql.statement("has_current_delivery"), name)).scalar_one():
                return None
        healed = await self._healed(claim)
        letter, place = await self._write(claim, healed)
        return Due(letter, 0) if await self._keep(claim, letter, place, healed.number) and letter else None

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

    async def _write(self, claim: Claim, healed: Healed) -> tuple[Letter | None, Place]:
        """Return the next letter, and how far the record was looked through for it; there may be nothing to tell."""
        place = claim.place
        if healed.treaties:
            return write_healed(claim.webhook, healed, told_size=claim.told_size), place
        async with self._turns:
            applied = await self._record.size()
            for _ in range(_MOST_WINDOWS):
                if place.size >= applied:
                    break
                begin = place
                news = await self._record.changes(
                    begin, until=applied, treaties=claim.treaties, participants=claim.participants
                )
                place = news.place
                if news:
                    return write(claim.webhook, news, from_size=claim.told_size, begin=begin), place
        return None, place

    async def _healed(self, claim: Claim) -> Healed:
        """Return who was healed since the webhook was told of it last."""
        async with self._turns:
            return await self._record.healed(claim.told_healing, size=claim.place.size, treaties=claim.treaties)

    async def _keep(self, claim: Claim, letter: Letter | None, place: Place, told_healing: int) -> bool:
        """Note how far the webhook has come and keep the letter, in one transaction; return whether it is still ours.

        So nothing is told twice under two names, and nothing is left out.
        """
        told_size = claim.told_size if letter is None else letter.to_size
        async with self._writing() as connection:
            moved = await connection.execute(
                sql.statement("move_webhook"),
                {
                    "webhook": claim.webhook,
                    "fence": claim.fence,
                    "size": place.size,
                    "treaty": place.treaty,
                    "participant": place.participant,
                    "told_size": told_size,
                    "told_healing": told_healing,
                },
            )
            if moved.one_or_none() is None:
                return False
            if letter is not None:
                await connection.execute(
                    sql.statement("add_delivery"),
                    {
                        "webhook": claim.webhook,
                        "delivery": letter.delivery,
                        "from_size": letter.from_size,
                        "to_size": letter.to_size,
                        "body": letter.body,
                    },
                )
        return True

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
        told_healing=row.told_healing,
    )


def keys_in(row: Row[tuple[object, ...]]) -> tuple[str, ...]:
    """Return the secrets to sign with, the newest first."""
    keys: Sequence[str | None] = (row.secret, row.previous_secret)
    return tuple(key for key in keys if key is not None)
