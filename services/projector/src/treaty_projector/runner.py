"""Apply the ledger's entries to the read model: exactly once, in order, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from time import monotonic

from treaty_projector.applying import Applier
from treaty_projector.checkpoints import Checkpoints
from treaty_projector.errors import (
    CursorMoved,
    DatabaseUnavailable,
    GenerationLeft,
    LedgerUnreachable,
    LogInconsistent,
    NotSigned,
    ProjectorError,
)
from treaty_projector.feed.log import LogFeed
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.store import Cursor, Store
from treaty_projector.trust import Signed

_AGAIN_SECONDS = 0.1
"""How soon the checkpoint is asked for while it does not cover what the ledger says it recorded, unless one is told."""

_UNSIGNED_SECONDS = 2.0
"""How long something recorded may stay without a signature before that is said."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """Say how many entries are applied in one transaction, and how long the ledger is not asked at most."""

    batch: int
    poll_seconds: float


class Runner:
    """Follow one ledger: let everything that is proven to be in its log be applied."""

    def __init__(
        self,
        store: Store,
        feed: LogFeed,
        applier: Applier,
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
        self._applier = applier
        self._checkpoints = checkpoints
        self._progress = progress
        self._wake = asyncio.Event()
        self._started = asyncio.Event()
        self._heard = 0
        """How many entries the ledger has recorded, as far as it was told: they may not be signed yet."""
        self._waiting = (-1, 0.0)
        """The size reached when something recorded began to be waited for, and since when."""
        self._cursor: Cursor | None = None
        self._looked_at = 0.0
        """When it was last asked which generation to keep up."""

    async def run(self) -> None:
        """Follow the ledger until cancelled; word of news wakes the loop, and polling is the guarantee."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen())
            while True:
                self._progress.turned()
                if not self._applier.is_up():
                    self.trouble = None
                    await self._wait_for_news()
                    continue
                reached = await self._try()
                if reached is None:
                    await asyncio.sleep(self._pace.poll_seconds)
                elif reached < self._heard and not self._wake.is_set():
                    await self._wait_for_signature(reached)
                else:
                    self._progress.caught_up()
                    await self._wait_for_news()

    async def catch_up(self) -> int:
        """Apply everything that is proven to be in the ledger's log; return the size reached.

        A batch is folded while the one before it is written, also where the ledger told of it only meanwhile; whatever
        is in the way of the next, that one is committed.
        """
        try:
            return await self._catch_up()
        except ProjectorError:
            with suppress(ProjectorError):
                await self._applier.settle()
            self._cursor = None
            raise
        finally:
            await self._applier.abandon()

    async def _catch_up(self) -> int:
        cursor = self._cursor or await self._start()
        await self._look_up()
        signed = await self._checkpoints.newest(cursor.size)
        while signed is not None and (signed.checkpoint.size, signed.note) != (cursor.size, cursor.checkpoint):
            cursor = await self._apply(cursor, signed)
            if not (self._wake.is_set() and self._applier.is_up()):
                break
            self._go_on()
            signed = await self._checkpoints.newest(cursor.size)
        await self._applier.settle()
        if signed is not None and cursor.checkpoint != signed.note:
            await self._store.note_checkpoint(cursor.size, signed.note)
            self._cursor = replace(cursor, checkpoint=signed.note)
        return cursor.size

    def _go_on(self) -> None:
        """Take what was told meanwhile for the next thing to do: all is well, and what was shown so far is applied."""
        self._wake.clear()
        if not isinstance(self.trouble, NotSigned):
            self.trouble = None
        self._progress.caught_up()

    async def _apply(self, cursor: Cursor, signed: Signed) -> Cursor:
        """Let what a checkpoint covers be applied, as it is proven; the last batch may still be written."""
        if signed.checkpoint.size - cursor.size > self._pace.batch:
            await self._store.note_ledger_size(signed.checkpoint.size)
        async with aclosing(self._feed.proved(cursor.log, signed.checkpoint)) as windows:
            async for window in windows:
                for start in range(0, len(window), self._pace.batch):
                    entries = window[start : start + self._pace.batch]
                    follows = [entry.traceparent for entry in entries if entry.traceparent]
                    async with self._progress.applying(len(entries), follows=follows):
                        await self._look_up()
                        self._cursor = cursor = await self._applier.apply(cursor, entries, signed.note)
        return cursor

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
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), min(max(_AGAIN_SECONDS, waited / 4), self._pace.poll_seconds))

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
        """Read from the database where to go on."""
        self.forget()
        self._cursor = cursor = await self._applier.begin()
        self._looked_at = monotonic()
        self._started.set()
        return cursor

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
