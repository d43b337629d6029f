"""Keep the subscriptions that operators make."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_projector import sql
from treaty_projector.connections import connected
from treaty_projector.errors import WebhookRefused
from treaty_projector.webhooks.outbox import keys_in
from treaty_projector.webhooks.record import Record
from treaty_projector.webhooks.signatures import make_secret
from treaty_projector.webhooks.values import DeadLetter, Webhook

_ROTATION_HOURS = 24.0


class Book:
    """Make, show, change and end webhooks. Every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine, record: Record) -> None:
        self._engine = engine
        self._record = record

    async def add(
        self, url: str, *, treaties: Sequence[str], participants: Sequence[str], from_size: int | None
    ) -> tuple[Webhook, str]:
        """Begin a subscription, from now on unless told otherwise; return it, and its secret, which is shown once."""
        await self._record.check_names(treaties, participants)
        applied = await self._record.size()
        begin = applied if from_size is None else from_size
        if not 0 <= begin <= applied:
            raise WebhookRefused(f"--from-size {begin}: give a size from 0 to {applied}, which is all that is applied")
        name, secret = f"wh_{secrets.token_hex(6)}", make_secret()
        async with connected(self._engine) as connection, connection.begin():
            await connection.execute(
                sql.statement("add_webhook"),
                {
                    "webhook": name,
                    "url": url,
                    "treaties": sorted(set(treaties)),
                    "participants": sorted(set(participants)),
                    "secret": secret,
                    "from_size": begin,
                },
            )
        return await self.find(name), secret

    async def all(self) -> list[Webhook]:
        """Return every webhook, the oldest first."""
        async with connected(self._engine) as connection:
            return [_webhook(row) for row in await connection.execute(sql.statement("webhooks"), {"webhook": None})]

    async def find(self, name: str) -> Webhook:
        """Return one webhook; raise WebhookRefused when there is none of that name."""
        async with connected(self._engine) as connection:
            row = (await connection.execute(sql.statement("webhooks"), {"webhook": name})).one_or_none()
        if row is None:
            raise _unknown(name)
        return _webhook(row)

    async def remove(self, name: str) -> None:
        """End a subscription, with what is still to be delivered."""
        await self._change("remove_webhook", name)

    async def pause(self, name: str) -> None:
        """Send nothing more until it is resumed."""
        await self._change("pause_webhook", name)

    async def resume(self, name: str) -> None:
        """Go on where the webhook was paused or the receiver was gone."""
        await self._change("resume_webhook", name)

    async def rotate(self, name: str) -> str:
        """Return a new secret; for a day deliveries are signed with the one before, too."""
        secret = make_secret()
        await self._change("rotate_webhook_secret", name, secret=secret, hours=_ROTATION_HOURS)
        return secret

    async def keys(self, name: str) -> tuple[str, ...]:
        """Return what a webhook's deliveries are signed with now."""
        async with connected(self._engine) as connection:
            row = (await connection.execute(sql.statement("webhook_secret"), {"webhook": name})).one_or_none()
        if row is None:
            raise _unknown(name)
        return keys_in(row)

    async def dead_letters(self) -> list[DeadLetter]:
        """Return what was given up, the oldest first."""
        async with connected(self._engine) as connection:
            rows = await connection.execute(sql.statement("dead_letters"))
            return [
                DeadLetter(
                    delivery=row.delivery,
                    webhook=row.webhook,
                    from_size=row.from_size,
                    to_size=row.to_size,
                    attempts=row.attempts,
                    made_at=row.made_at,
                    trouble=row.trouble,
                )
                for row in rows
            ]

    async def replay(self, name: str | None, *, since: int) -> list[str]:
        """Try dead letters again at once: one, those of a webhook, or all; return which."""
        async with connected(self._engine) as connection, connection.begin():
            rows = await connection.execute(sql.statement("replay_dead_letters"), {"name": name, "since": since})
            return sorted(rows.scalars())

    async def _change(self, statement: str, name: str, **values: object) -> None:
        async with connected(self._engine) as connection, connection.begin():
            changed = await connection.execute(sql.statement(statement), {"webhook": name, **values})
            if changed.one_or_none() is None:
                raise _unknown(name)


def _unknown(name: str) -> WebhookRefused:
    return WebhookRefused(f"there is no webhook {name}; `treaty-projector webhooks list` shows all")


def _webhook(row: Row[tuple[object, ...]]) -> Webhook:
    return Webhook(
        webhook=row.webhook,
        url=row.url,
        treaties=tuple(row.treaties),
        participants=tuple(row.participants),
        state=row.state,
        made_at=row.made_at,
        emitted_size=row.emitted_size,
        delivered_size=row.delivered_size,
        delivered_at=row.delivered_at,
        trouble=row.trouble,
        attempts=row.attempts,
        due_at=row.due_at,
        dead=row.dead,
    )
