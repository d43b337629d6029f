"""Deliver letters: each webhook in its own time, some at once, none twice at a time."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import time
from collections.abc import Sequence

from treaty_projector.applied import Applied
from treaty_projector.errors import ProjectorError
from treaty_projector.webhooks.calls import Answer, Caller
from treaty_projector.webhooks.figures import Attempts
from treaty_projector.webhooks.letters import Letter
from treaty_projector.webhooks.outbox import Outbox
from treaty_projector.webhooks.schedule import wait_after
from treaty_projector.webhooks.signatures import signed_headers
from treaty_projector.webhooks.values import Claim, Due

_TOGETHER_SECONDS = 0.05
"""How long what there may be to do is let gather: most of the time no webhook has anything."""

_log = logging.getLogger(__name__)


class Sender:
    """Serve the webhooks beside other processes that do the same: who claims one makes one delivery and gives it back.

    A delivery that fails is tried again on a schedule and keeps the later ones of its webhook waiting, so that changes
    arrive in order; when it is given up they go on without it.
    """

    def __init__(
        self,
        outbox: Outbox,
        caller: Caller,
        applied: Applied,
        *,
        schedule: Sequence[float],
        at_once: int,
        attempts: Attempts,
    ) -> None:
        self._outbox = outbox
        self._caller = caller
        self._applied = applied
        self._schedule = schedule
        self._at_once = at_once
        self._attempts = attempts
        self._trouble: str | None = None
        self._ended = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    async def run(self, *, poll_seconds: float) -> None:
        """Deliver until cancelled: at once what was just applied, and within a poll what is due again."""
        async with asyncio.TaskGroup() as tasks:
            while not self._applied.closed:
                seen = self._applied.size
                self._ended.clear()
                for claim in await self._claims():
                    task = tasks.create_task(self._serve(claim))
                    self._under_way.add(task)
                    task.add_done_callback(self._end)
                await self._wait(seen, poll_seconds)

    async def _claims(self) -> list[Claim]:
        free = self._at_once - len(self._under_way)
        if not free:
            return []
        try:
            claims = await self._outbox.claim(applied=self._applied.size, limit=free)
        except ProjectorError as error:
            if self._trouble != str(error):
                _log.warning("webhooks wait: %s", error)
            self._trouble = str(error)
            return []
        self._trouble = None
        return claims

    async def _wait(self, seen: int, poll_seconds: float) -> None:
        """Wait for more entries, for a free hand, or for the time to look again."""
        ways = [
            asyncio.create_task(self._applied.beyond(seen, patience=poll_seconds)),
            asyncio.create_task(self._ended.wait()),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
        await asyncio.sleep(_TOGETHER_SECONDS)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._ended.set()

    async def _serve(self, claim: Claim) -> None:
        """Make one delivery; what is not noted is done again when the claim has ended, under the same name."""
        try:
            due = await self._outbox.next_letter(claim)
            if due is None:
                await self._outbox.give_back(claim)
                return
            began = time.monotonic()
            answer = await deliver(self._caller, due.letter, claim.url, claim.keys)
            await self._note(claim, due, answer, seconds=time.monotonic() - began)
        except ProjectorError as error:
            _log.warning("webhook %s waits: %s", claim.webhook, error)

    async def _note(self, claim: Claim, due: Due, answer: Answer, *, seconds: float) -> None:
        if answer.trouble is None:
            self._attempts.note("delivered", seconds)
            await self._outbox.note_delivered(claim, due.letter)
            return
        attempts = due.attempts + 1
        chance = random.random()  # noqa: S311 - it only spreads attempts over time
        wait = wait_after(attempts, self._schedule, wish=answer.wish, chance=chance)
        if answer.gone:
            wait = wait or 0.0  # it is kept for the day on which the webhook is resumed
            _log.warning("webhook %s: %s, and gets nothing more until it is resumed", claim.webhook, answer.trouble)
        elif wait is None:
            _log.error("webhook %s: %s; %s is a dead letter", claim.webhook, answer.trouble, due.letter.delivery)
        else:
            _log.warning("webhook %s: %s; again in %.0f seconds", claim.webhook, answer.trouble, wait)
        self._attempts.note("gone" if answer.gone else "given_up" if wait is None else "failed", seconds)
        await self._outbox.note_failed(claim, due.letter, trouble=answer.trouble, again_after=wait, gone=answer.gone)


async def deliver(caller: Caller, letter: Letter, url: str, keys: Sequence[str]) -> Answer:
    """Send a letter once, signed for this moment."""
    now = int(dt.datetime.now(dt.UTC).timestamp())
    return await caller.post(url, letter.body, signed_headers(letter.delivery, letter.body, keys, at=now))
