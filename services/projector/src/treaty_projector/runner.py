"""Apply the ledger's entries to the read model: exactly once, in order, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from time import monotonic

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.checkpoints import Checkpoints
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry
from treaty_projector.errors import (
    CannotFold,
    CursorMoved,
    DatabaseUnavailable,
    GenerationLeft,
    LedgerUnreachable,
    LogInconsistent,
    NotSigned,
    ProjectorError,
)
from treaty_projector.feed.log import LogFeed
from treaty_projector.folding import Folder
from treaty_projector.healing import heal
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.quarantine import Quarantined, Ruling
from treaty_projector.store import Cursor, Store
from treaty_projector.transactions import Transaction

_AGAIN_SECONDS = 0.004
"""How soon the checkpoint is looked at again while it does not cover yet what the ledger says it recorded."""

_UNSIGNED_SECONDS = 2.0
"""How long something recorded may stay without a signature before that is said."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how many entries are applied in one transaction, and how long the ledger is not asked at most."""

    batch: int
    poll_seconds: float


class Runner:
    """Follow one ledger: fold what it records and write what the fold says.

    Whenever a write fails, the treaties at hand are forgotten and read again from the database, so that memory never
    knows more than was committed.
    """

    def __init__(
        self,
        store: Store,
        feed: LogFeed,
        desk: Desk,
        checkpoints: Checkpoints,
        *,
        pace: Pace,
        progress: Progress,
    ) -> None:
        self.trouble: ProjectorError | None = None
        """What keeps the projector from going on; None while all is well."""
        self._store = store
        self._feed = feed
        self._pace = pace
        self._desk = desk
        self._checkpoints = checkpoints
        self._quarantine = desk.quarantine
        self._failpoints = desk.failpoints
        self._staying: set[Quarantined] = set()
        self._progress = progress
        self._wake = asyncio.Event()
        self._started = asyncio.Event()
        self._heard = 0
        """How many entries the ledger has recorded, as far as it was told: they may not be signed yet."""
        self._waiting = (-1, 0.0)
        """The size reached when something recorded began to be waited for, and since when."""
        self._cursor: Cursor | None = None
        self._folder = Folder(desk)
        self._looked_at = 0.0
        """When it was last asked which generation to keep up."""
        self._is_writing = False

    async def run(self) -> None:
        """Follow the ledger until cancelled; word of news wakes the loop, and polling is the guarantee."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            while True:
                self._progress.turned()
                reached = await self._try()
                if reached is None:
                    await asyncio.sleep(self._pace.poll_seconds)
                elif reached < self._heard:
                    await self._wait_for_signature(reached)
                else:
                    self._progress.caught_up()
                    await self._wait_for_news()

    async def catch_up(self) -> int:
        """Apply everything that is proven to be in the ledger's log; return the size reached.

        A batch is folded while the one before it is written; whatever is in the way of the next, that one is committed.
        """
        try:
            return await self._catch_up()
        except ProjectorError:
            with suppress(ProjectorError):
                await self._settle()
            raise
        finally:
            await self._store.abandon()

    async def _catch_up(self) -> int:
        cursor = self._cursor or await self._start()
        await self._look_up()
        signed = await self._checkpoints.newest(cursor.size)
        if signed is None or (signed.checkpoint.size, signed.note) == (cursor.size, cursor.checkpoint):
            return cursor.size
        if signed.checkpoint.size - cursor.size > self._pace.batch:
            await self._store.note_ledger_size(signed.checkpoint.size)
        async with aclosing(self._feed.proved(cursor.log, signed.checkpoint)) as windows:
            async for window in windows:
                for start in range(0, len(window), self._pace.batch):
                    entries = window[start : start + self._pace.batch]
                    async with self._progress.applying(entries):
                        cursor = await self._apply(cursor, entries, signed.note)
        await self._settle()
        if cursor.checkpoint != signed.note:
            await self._store.note_checkpoint(cursor.size, signed.note)
            self._cursor = replace(cursor, checkpoint=signed.note)
        return cursor.size

    def forget(self) -> None:
        """Drop what is at hand: the database knows what was committed, and is asked next."""
        self._started.clear()
        self._cursor = None
        self._checkpoints.forget()

    async def _try(self) -> int | None:
        """Catch up as far as it goes; return the size reached, or None when something is in the way."""
        try:
            reached = await self.catch_up()
        except CursorMoved as error:
            self._say(error)
            return error.expected
        except GenerationLeft as error:
            _log.warning("%s", error)
            self.forget()
            return await self._try()
        except LogInconsistent as error:
            self._say(error)
            with suppress(DatabaseUnavailable):
                await self._store.note_inconsistency(str(error))
            return None
        except ProjectorError as error:
            self._say(error)
            return None
        if reached >= self._heard or not isinstance(self.trouble, NotSigned):
            self.trouble = None
        return reached

    async def _wait_for_signature(self, reached: int) -> None:
        """Look again soon, and ever more rarely, while less is signed than the ledger says it recorded."""
        now = asyncio.get_running_loop().time()
        if reached > self._waiting[0]:
            self._waiting = (reached, now)
        waited = now - self._waiting[1]
        if waited > _UNSIGNED_SECONDS:
            await self._say_unsigned(NotSigned(self._heard, reached))
        await asyncio.sleep(min(max(_AGAIN_SECONDS, waited / 4), self._pace.poll_seconds))

    async def _say_unsigned(self, trouble: NotSigned) -> None:
        """Tell that entries are not signed, and that the log is longer than what is applied."""
        if str(trouble) != str(self.trouble):
            _log.warning("%s", trouble)
            with suppress(DatabaseUnavailable):
                await self._store.note_ledger_size(self._heard)
        self.trouble = trouble

    async def _wait_for_news(self) -> None:
        self._waiting = (-1, 0.0)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self._pace.poll_seconds)
        self._wake.clear()

    async def _start(self) -> Cursor:
        """Read from the database where to go on, and in which generation."""
        self.forget()
        self._is_writing = False
        await self._store.open(law=LAW)
        self._looked_at = monotonic()
        await self._heal()
        cursor = replace(await self._store.cursor(), checkpoint=None)  # to be proven again, by the next checkpoint
        participants = await self._store.facts(PARTICIPANTS_SUBJECT, cursor.size)
        await self._folder.begin(participants, await self._store.quarantined())
        self._cursor = cursor
        self._started.set()
        return cursor

    async def _heal(self) -> None:
        """Heal what another release quarantined, or this one before it started; what stays is not tried twice."""
        if set(await self._store.quarantined()) - self._staying:
            outcomes = await heal(self._store, self._failpoints)
            self._staying = {outcome.stays for outcome in outcomes if outcome.stays is not None}

    async def _apply(self, cursor: Cursor, entries: Sequence[Entry], checkpoint: str) -> Cursor:
        """Apply a batch in one transaction; in several where a treaty turns out not to fold, or an entry stops all."""
        await self._look_up()
        rest = entries
        while rest:
            batch = Transaction(cursor, checkpoint)
            trouble = await self._folder.fold(batch, rest)
            if batch.entries:
                self._cursor = cursor = await self._write(cursor, batch)
                rest = rest[len(batch.entries) :]
            if isinstance(trouble, CannotFold):
                await self._folder.hold(trouble, rest[0].position)
            elif trouble is not None:
                await self._settle()
                raise trouble
        return cursor

    async def _write(self, cursor: Cursor, batch: Transaction) -> Cursor:
        """Begin to write a batch, once the one before is committed."""
        after = batch.cursor_after(cursor)
        await self._settle()
        self._failpoints.passing("before-commit")
        await self._store.write(
            expected=cursor,
            cursor=after,
            entries=batch.entries,
            batch=batch.rows,
            falls=self._desk.new_falls(),
            ruling=Ruling(held=self._quarantine.new()),
        )
        self._is_writing = True
        self._desk.written()
        self._quarantine.written()
        return after

    async def _settle(self) -> None:
        await self._store.settle()
        if self._is_writing:
            self._is_writing = False
            self._failpoints.passing("after-commit")

    async def _look_up(self) -> None:
        """Ask once in a while whether another generation is to be kept up."""
        if monotonic() - self._looked_at > self._pace.poll_seconds:
            await self._store.look_up(law=LAW)
            self._looked_at = monotonic()

    async def _listen(self) -> None:
        """Wake the loop at every sign of news; a broken line is taken up again, and polling goes on meanwhile."""
        while True:
            await self._started.wait()
            with suppress(LedgerUnreachable):
                async for size in self._feed.news(self._cursor.size if self._cursor else 0):
                    self._heard = size
                    self._wake.set()
            self._heard = 0
            await asyncio.sleep(self._pace.poll_seconds)

    def _say(self, trouble: ProjectorError) -> None:
        """Tell what is in the way, and forget what was at hand: the database knows what was committed."""
        self.forget()
        if str(trouble) != str(self.trouble):
            _log.warning("%s", trouble)
        self.trouble = trouble
