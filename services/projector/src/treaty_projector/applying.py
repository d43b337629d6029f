"""Apply entries as one worker that has the projection to itself: fold them, and write what the fold says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry
from treaty_projector.errors import CannotFold
from treaty_projector.failpoints import Failpoints
from treaty_projector.folding import Folder
from treaty_projector.healing import heal
from treaty_projector.law.version import LAW
from treaty_projector.quarantine import Quarantined, Ruling
from treaty_projector.store import Cursor, Store
from treaty_projector.transactions import Transaction


class Applier(Protocol):
    """Take proven entries, batch by batch."""

    def is_up(self) -> bool:
        """Tell whether it is this process that applies entries now."""

    async def begin(self) -> Cursor:
        """Read from the database where to go on; what was at hand is forgotten."""

    async def apply(self, cursor: Cursor, entries: Sequence[Entry], checkpoint: str) -> Cursor:
        """Apply a batch after the one before it; return how far that leads."""

    async def settle(self) -> None:
        """Wait until everything is committed; raise what went wrong with it."""

    async def abandon(self) -> None:
        """Stop what is under way: it is committed as a whole, or not at all."""


class Helper(Protocol):
    """Finish what workers that shared the projection began."""

    async def align(self) -> None:
        """Return once no step is open."""


class ApplyAlone:
    """Fold each batch while the one before it is written.

    Whenever a write fails, the treaties at hand are forgotten and read again from the database, so that memory never
    knows more than was committed.
    """

    def __init__(self, store: Store, desk: Desk, *, helper: Helper | None = None) -> None:
        self._store = store
        self._desk = desk
        self._helper = helper
        self._quarantine = desk.quarantine
        self._failpoints = desk.failpoints
        self._folder = Folder(desk)
        self._staying: set[Quarantined] = set()
        self._is_writing = False

    def is_up(self) -> bool:
        """Tell whether it is this process that applies entries now: always."""
        return True

    async def begin(self) -> Cursor:
        """Read from the database where to go on, and in which generation."""
        self._is_writing = False
        await self._store.open(law=LAW)
        cursor = await self._store.cursor()
        if cursor.ahead is not None and self._helper is not None:
            await self._helper.align()
        self._staying = await heal_anew(self._store, self._failpoints, self._staying)
        cursor = replace(await self._store.cursor(), checkpoint=None)  # to be proven again, by the next checkpoint
        participants = await self._store.facts(PARTICIPANTS_SUBJECT, cursor.size)
        await self._folder.begin(participants, await self._store.quarantined())
        return cursor

    async def apply(self, cursor: Cursor, entries: Sequence[Entry], checkpoint: str) -> Cursor:
        """Apply a batch in one transaction; in several where a treaty turns out not to fold, or an entry stops all."""
        rest = entries
        while rest:
            batch = Transaction(cursor, checkpoint)
            trouble = await self._folder.fold(batch, rest, stored=cursor.size)
            if batch.entries:
                cursor = await self._write(cursor, batch)
                rest = rest[len(batch.entries) :]
            if isinstance(trouble, CannotFold):
                await self._folder.hold(trouble, rest[0].position)
            elif trouble is not None:
                await self.settle()
                raise trouble
        return cursor

    async def settle(self) -> None:
        """Wait until everything is committed; raise what went wrong with it."""
        await self._store.settle()
        if self._is_writing:
            self._is_writing = False
            self._failpoints.passing("after-commit")

    async def abandon(self) -> None:
        """Stop the write that is under way."""
        await self._store.abandon()

    async def _write(self, cursor: Cursor, batch: Transaction) -> Cursor:
        """Begin to write a batch, once the one before is committed."""
        after = batch.cursor_after(cursor)
        await self.settle()
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


async def heal_anew(store: Store, failpoints: Failpoints, staying: set[Quarantined]) -> set[Quarantined]:
    """Heal what was quarantined before this process; return what stays, which is not tried twice."""
    if not set(await store.quarantined()) - staying:
        return staying
    outcomes = await heal(store, failpoints)
    return {outcome.stays for outcome in outcomes if outcome.stays is not None}
