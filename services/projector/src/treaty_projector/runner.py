"""Apply the ledger's entries to the read model: exactly once, in order, whatever happens."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from time import monotonic

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Change
from treaty_projector.checkpoints import Checkpoints
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, fact_of
from treaty_projector.errors import (
    CannotFold,
    CursorMoved,
    DatabaseUnavailable,
    GenerationLeft,
    GraphUnreadable,
    LedgerUnreachable,
    LogInconsistent,
    NotSigned,
    ProjectorError,
    StopsHere,
    UnreadableFact,
)
from treaty_projector.feed.log import LogFeed
from treaty_projector.healing import heal
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.quarantine import Quarantined, Ruling
from treaty_projector.store import Cursor, Store
from treaty_projector.transactions import Transaction

_AGAIN_SECONDS = 0.004
"""How soon the checkpoint is looked at again while it does not cover yet what the ledger says it recorded."""

_UNSIGNED_SECONDS = 2.0
"""How long something recorded may stay without a signature before that is said."""

_LET_OTHERS_EVERY = 16
"""After how many entries the writing of the last batch, and whoever asks, gets a turn."""

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
        self._participants: list[Fact] = []
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

        A batch is folded while the one before it is written.
        """
        try:
            return await self._catch_up()
        except BaseException:
            await self._store.abandon()
            raise

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
        self._participants = await self._store.facts(PARTICIPANTS_SUBJECT, cursor.size)
        self._quarantine.begin(await self._store.quarantined())
        await self._desk.open(successions_of(self._participants))
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
            trouble = await self._fold(batch, rest)
            if batch.entries:
                self._cursor = cursor = await self._write(cursor, batch)
                rest = rest[len(batch.entries) :]
            if isinstance(trouble, CannotFold):
                self._hold(Quarantined(trouble.treaty, rest[0].position, trouble.reason, trouble.via), trouble)
                await self._desk.open(successions_of(self._participants))
            elif trouble is not None:
                await self._settle()
                raise trouble
        return cursor

    async def _fold(self, batch: Transaction, entries: Sequence[Entry]) -> CannotFold | StopsHere | None:
        """Fold entry by entry; return what the first one meets that cannot be applied as things are."""
        stored = batch.size
        for entry in entries:
            try:
                changes = await self._changes(entry, stored)
            except (CannotFold, StopsHere) as trouble:
                return trouble
            batch.add(entry, changes)
            if entry.position % _LET_OTHERS_EVERY == 0:
                await asyncio.sleep(0)
        return None

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

    async def _changes(self, entry: Entry, stored: int) -> list[Change]:
        """Return what one entry changes; one about participants may change several treaties."""
        if entry.stream == PARTICIPANTS_SUBJECT:
            return await self._relate(entry, stored)
        try:
            fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        except UnreadableFact as error:
            if entry.stream not in self._quarantine:
                self._hold(Quarantined(entry.stream, entry.position, error.reason), error)
            return []
        return await self._desk.step(fact, entry.stream, stored=stored)

    async def _relate(self, entry: Entry, stored: int) -> list[Change]:
        """Return what an entry about participants changes; one that cannot be read may concern every treaty."""
        try:
            fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        except UnreadableFact as error:
            raise GraphUnreadable(entry.position, error.reason) from error
        known = [*self._participants, fact]
        changes = await self._desk.relate(successions_of(known), at=entry.position + 1, stored=stored)
        self._participants = known
        return changes

    def _hold(self, wanted: Quarantined, because: ProjectorError) -> None:
        """Quarantine a treaty with all that falls with it, and tell why in the log."""
        anew = self._quarantine.hold(wanted, ties=self._desk.ties)
        self._desk.put_away(anew)
        _log.error(
            "quarantined from position %d on: %s (%s)",
            wanted.since,
            ", ".join(sorted(anew)),
            wanted.reason,
            exc_info=because if isinstance(because, CannotFold) else None,
        )

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
