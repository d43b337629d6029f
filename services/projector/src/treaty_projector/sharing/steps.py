"""Cut the log into steps, and move the cursor once every slice has folded one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_contracts.merkle import CompactRange
from treaty_projector import sql
from treaty_projector.bitemporal.versions import add_terms
from treaty_projector.connections import connected, transaction
from treaty_projector.entries import Entry, Kept
from treaty_projector.errors import CursorMoved, LeaseLost
from treaty_projector.sharing.portions import Portion
from treaty_projector.sharing.work import Work
from treaty_projector.slices import SLICES
from treaty_projector.store import Cursor
from treaty_projector.writes import apply_ruling, insert_entries, note_falls, write_rows


@dataclass(frozen=True, slots=True)
class Head:
    """Hold how far the log is read, and how many steps are open behind that."""

    cursor: Cursor
    steps: int


class Steps:
    """Keep the steps of one projection."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def head(self) -> Head:
        """Return how far the log is read."""
        async with connected(self._engine) as connection:
            row = (await connection.execute(sql.statement("log_head"))).one()
        cursor = Cursor(
            size=row.size,
            log=CompactRange(row.size, tuple(row.subtrees)),
            digest_sum=row.digest_sum,
            ledger_size=row.ledger_size,
            healings=row.healings,
            ahead=row.ahead,
        )
        return Head(cursor, row.steps)

    async def open(self, entries: Sequence[Entry], *, expected: Cursor, after: Cursor) -> None:
        """Store proven entries and open the step that they are; raise CursorMoved when another process did first."""
        async with transaction(self._engine) as connection:
            moved = await connection.execute(
                sql.statement("move_ahead"),
                {"size": after.size, "expected": expected.size, "expected_healings": expected.healings},
            )
            if moved.first() is None:
                raise CursorMoved(expected.size)
            await connection.execute(sql.statement("align_slices"), {"size": expected.size})
            await insert_entries(connection, entries)
            step = {"size": after.size, "subtrees": list(after.log.hashes), "checkpoint": after.checkpoint}
            await connection.execute(sql.statement("open_step"), step)

    async def entries(self, start: int, end: int) -> list[Kept]:
        """Return the stored entries between two sizes, in order."""
        async with connected(self._engine) as connection:
            rows = await connection.execute(sql.statement("entries_of_step"), {"start": start, "end": end})
            return [Kept(r.position, r.stream, r.type, r.source, r.schema_version, r.data) for r in rows]

    async def write(self, portion: Portion, work: Work, *, owner: str) -> None:
        """Write what slices come to, from one size to another, or nothing; raise LeaseLost when one is another's."""
        async with transaction(self._engine) as connection:
            wanted = {
                "name": owner,
                "numbers": list(work.numbers),
                "fences": [part.fence for part in work.slices],
                "expected": portion.start,
                "size": portion.size,
            }
            moved = (await connection.execute(sql.statement("move_slices"), wanted)).all()
            if len(moved) != len(work.slices):
                raise LeaseLost(len(work.slices) - len(moved))
            await note_falls(connection, portion.falls)
            await apply_ruling(connection, portion.ruling)
            await write_rows(connection, portion.rows)
            done = len(work.slices) if portion.size == work.end else 0
            step = await connection.execute(
                sql.statement("add_to_step"), {"terms": str(portion.rows.terms), "done": done, "step_end": work.end}
            )
            row = step.one()
            if row.slices_done == SLICES:
                await self._close(connection, work.end, int(row.terms), row.subtrees, row.checkpoint)

    async def _close(
        self, connection: AsyncConnection, size: int, terms: int, subtrees: Sequence[bytes], checkpoint: str
    ) -> None:
        """Let everybody see a step that all slices have folded: with the last of them, in its transaction."""
        before = (await connection.execute(sql.statement("lock_cursor"))).one()
        moved = await connection.execute(
            sql.statement("close_step"),
            {
                "size": size,
                "expected": before.size,
                "subtrees": subtrees,
                "digest_sum": add_terms(before.digest_sum, terms),
                "checkpoint": checkpoint,
            },
        )
        if moved.first() is None:
            raise CursorMoved(before.size)
