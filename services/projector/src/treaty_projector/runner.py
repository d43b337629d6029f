"""Apply the ledger's entries to the read model: exactly once, in order, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Batch, Change, add_to_digest
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, fact_of
from treaty_projector.errors import LedgerUnreachable, LogInconsistent, ProjectorError
from treaty_projector.feed import LedgerFeed
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.store import Cursor, Store

_log = logging.getLogger(__name__)


class Runner:
    """Follow one ledger: fold what it records and write what the fold says.

    Whenever a write fails, the treaties at hand are forgotten and read again from the database, so that memory never
    knows more than was committed.
    """

    def __init__(self, store: Store, feed: LedgerFeed, desk: Desk, *, poll_seconds: float) -> None:
        self.trouble: str | None = None
        """What keeps the projector from going on, in one line; None while all is well."""
        self._store = store
        self._feed = feed
        self._poll_seconds = poll_seconds
        self._desk = desk
        self._wake = asyncio.Event()
        self._started = asyncio.Event()
        self._cursor: Cursor | None = None
        self._participants: list[Fact] = []

    async def run(self) -> None:
        """Follow the ledger until cancelled; word of news wakes the loop, and polling is the guarantee."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            while True:
                try:
                    await self.catch_up()
                    self.trouble = None
                except ProjectorError as error:
                    self._say(str(error))
                    self._forget()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._poll_seconds)
                self._wake.clear()

    async def catch_up(self) -> int:
        """Apply everything the ledger has; return the size reached."""
        cursor = self._cursor or await self._start()
        async for entries in self._feed.batches(cursor.size):
            cursor = await self._apply(cursor, entries)
            self._cursor = cursor
        return cursor.size

    async def _start(self) -> Cursor:
        """Read from the database where to go on."""
        self._forget()
        cursor = await self._store.cursor()
        ledger_size = await self._feed.size()
        if ledger_size < cursor.size:
            raise LogInconsistent(
                ledger_size, f"is missing: the ledger has {ledger_size} entries, {cursor.size} are applied"
            )
        await self._store.note_ledger_size(ledger_size)
        self._participants = await self._store.facts(PARTICIPANTS_SUBJECT, cursor.size)
        await self._desk.open(successions_of(self._participants))
        self._cursor = cursor
        self._started.set()
        return cursor

    async def _apply(self, cursor: Cursor, entries: Sequence[Entry]) -> Cursor:
        """Fold a batch entry by entry and write it with the cursor in one transaction."""
        batch, log, digest_sum = Batch(), cursor.log, cursor.digest_sum
        for entry in entries:
            log = log.append(entry.leaf_hash)
            for change in await self._changes(entry, cursor.size):
                batch.add(change)
                digest_sum = add_to_digest(digest_sum, change)
        size = cursor.size + len(entries)
        after = Cursor(size, log, digest_sum, max(size, cursor.ledger_size), entries[-1].recorded_at)
        await self._store.write(
            expected=cursor.size, cursor=after, entries=entries, batch=batch, falls=self._desk.new_falls()
        )
        self._desk.written()
        return after

    async def _changes(self, entry: Entry, stored: int) -> list[Change]:
        """Return what one entry changes; one about participants may change several treaties."""
        fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        if entry.stream != PARTICIPANTS_SUBJECT:
            return await self._desk.step(fact, entry.stream, stored=stored)
        self._participants.append(fact)
        return await self._desk.relate(successions_of(self._participants), at=entry.position + 1, stored=stored)

    def _forget(self) -> None:
        self._started.clear()
        self._cursor = None

    async def _listen(self) -> None:
        """Wake the loop at every sign of news; a broken line is taken up again, and polling goes on meanwhile."""
        while True:
            await self._started.wait()
            with suppress(LedgerUnreachable):
                async for _ in self._feed.news(self._cursor.size if self._cursor else 0):
                    self._wake.set()
            await asyncio.sleep(self._poll_seconds)

    def _say(self, trouble: str) -> None:
        if trouble != self.trouble:
            _log.warning("%s", trouble)
        self.trouble = trouble
