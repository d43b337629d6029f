"""Write the read model: entries, row versions and the cursor in one transaction."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from treaty_contracts.merkle import CompactRange
from treaty_contracts.tlog.notes import parse_vkeys
from treaty_projector import sql
from treaty_projector.bitemporal.versions import Batch
from treaty_projector.connections import connected, transaction
from treaty_projector.entries import Entry, Kept, fact_of
from treaty_projector.errors import CursorMoved, GenerationLeft
from treaty_projector.generations import Generation, Place, active_of, to_follow
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import NO_RULING, Quarantined, Ruling
from treaty_projector.records import Record
from treaty_projector.trust import Trust
from treaty_projector.writes import apply_ruling, insert_entries, note_falls, write_rows

_OF_A_TREATY = ("treaty", "membership", "standing", "anomaly")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Hold how far the projector has come, and what it computed over the entries so far."""

    size: int = 0
    log: CompactRange = field(default_factory=CompactRange)
    digest_sum: bytes = bytes(32)
    ledger_size: int = 0
    recorded_at: dt.datetime | None = None
    checkpoint: str | None = None
    """The signed note that proves these entries."""
    healings: int = 0
    """How often treaties were let out of the quarantine: what was known at one size grew without its growing."""
    ahead: int | None = None
    """How far the log is read by workers that share the projection; None while they are all at this size."""


async def facts_of(connection: AsyncConnection, stream: str, size: int) -> list[Fact]:
    """Return the facts of one stream among the first `size` entries, in order of position."""
    rows = await connection.execute(sql.statement("entries_of_stream"), {"stream": stream, "size": size})
    return [fact_of(row.position, row.type, row.source, row.schema_version, row.data) for row in rows]


async def list_quarantined(connection: AsyncConnection) -> list[Quarantined]:
    """Return who is quarantined, since when and why."""
    rows = await connection.execute(sql.statement("quarantine"))
    return [Quarantined(row.treaty, row.since, row.reason, row.via) for row in rows]


async def list_generations(connection: AsyncConnection) -> list[Generation]:
    """Return every generation, with how far it has come."""
    rows = await connection.execute(sql.statement("generations"))
    return [
        Generation(
            number=row.number,
            schema=row.schema,
            law=row.law,
            is_ready=row.is_ready,
            is_active=row.is_active,
            size=row.size,
            digest_sum=row.digest_sum,
            made_at=row.made_at,
            left_at=row.left_at,
        )
        for row in rows
    ]


class Store:
    """Keep the read model of one projection.

    One write may be under way while the next is prepared; whatever is read meanwhile waits until it is committed.
    """

    def __init__(self, engine: AsyncEngine, place: Place, *, stays: bool = False) -> None:
        self._engine = engine
        self._place = place
        self._stays = stays
        """Whether it keeps up the generation at its place, whichever answers."""
        self._writing: asyncio.Task[None] | None = None

    @property
    def schema(self) -> str:
        """Return where the generation lies that is kept up."""
        return self._place.schema

    async def open(self, *, law: int) -> None:
        """Move to the generation to go on with; raise LawDiffers when none was folded by that law."""
        await self.settle()
        if self._stays:
            return
        async with transaction(self._engine) as connection:
            generations = await list_generations(connection)
            active = active_of(generations)
            if active.size == 0 and active.law != law:
                adopted = {"law": law, "number": active.number}
                await connection.execute(sql.statement("adopt_generation"), adopted)
                active = replace(active, law=law)
            found = to_follow([active, *(each for each in generations if not each.is_active)], law=law)
        self._place.move_to(found.schema, found.number)

    async def look_up(self, *, law: int) -> None:
        """Raise GenerationLeft when another generation is to be kept up by now."""
        if self._stays:
            return
        async with connected(self._engine) as connection:
            found = to_follow(await list_generations(connection), law=law)
        if found.number != self._place.generation:
            raise GenerationLeft(self._place.generation)

    async def settle(self) -> None:
        """Wait until everything is committed; raise what went wrong with it."""
        under_way, self._writing = self._writing, None
        if under_way is not None:
            await under_way

    async def abandon(self) -> None:
        """Stop the write that is under way: it is committed as a whole, or not at all."""
        under_way, self._writing = self._writing, None
        if under_way is not None:
            under_way.cancel()
            await asyncio.wait([under_way])

    async def cursor(self) -> Cursor:
        """Return how far the projector has come."""
        await self.settle()
        async with connected(self._engine) as connection:
            row = (await connection.execute(sql.statement("cursor"))).one()
        log = CompactRange(row.size, tuple(row.subtrees))
        told = (row.digest_sum, row.ledger_size, row.recorded_at, row.checkpoint, row.healings, row.ahead)
        return Cursor(row.size, log, *told)

    async def facts(self, stream: str, size: int) -> list[Fact]:
        """Return the facts of one stream among the first `size` entries."""
        await self.settle()
        async with connected(self._engine) as connection:
            return await facts_of(connection, stream, size)

    async def streams_of(self, participants: Iterable[str]) -> list[str]:
        """Return the treaties in which one of the participants acted."""
        await self.settle()
        async with connected(self._engine) as connection:
            found = await connection.execute(
                sql.statement("streams_of_participants"), {"participants": sorted(participants)}
            )
            return list(found.scalars())

    async def falls(self) -> list[tuple[str, str]]:
        """Return which treaties fall with which."""
        await self.settle()
        async with connected(self._engine) as connection:
            rows = await connection.execute(sql.statement("falls"))
            return [(row.treaty, row.parent) for row in rows]

    async def pinned(self) -> Trust | None:
        """Return which log is followed and whose keys vouch for it; None while no log was seen."""
        async with connected(self._engine) as connection:
            row = (await connection.execute(sql.statement("pinned_log"))).one()
        if row.origin is None:
            return None
        return Trust(row.origin, parse_vkeys(" ".join(row.vkeys)))

    async def pin(self, trust: Trust, *, replaces: str | None) -> None:
        """Remember which log is followed, unless another than `replaces` is by now."""
        vkeys = [key.vkey for key in trust.keys]
        async with transaction(self._engine) as connection:
            await connection.execute(
                sql.statement("pin_log"), {"origin": trust.origin, "vkeys": vkeys, "replaces": replaces}
            )

    async def note_checkpoint(self, size: int, checkpoint: str) -> None:
        """Remember the checkpoint that proves what is applied, and that all is well, if nobody applied more."""
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("note_checkpoint"), {"size": size, "checkpoint": checkpoint})

    async def note_inconsistency(self, says: str) -> None:
        """Remember that the ledger's log contradicts what was proven, so that every process says so."""
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("note_inconsistency"), {"says": says})

    async def kept(self, streams: Sequence[str], size: int) -> list[Kept]:
        """Return what is kept of several streams among the first `size` entries, in order of position."""
        await self.settle()
        async with connected(self._engine) as connection:
            rows = await connection.execute(
                sql.statement("entries_of_streams"), {"streams": list(streams), "size": size}
            )
            return [Kept(r.position, r.stream, r.type, r.source, r.schema_version, r.data) for r in rows]

    async def versions(self, treaty: str) -> set[tuple[str, Record]]:
        """Return every stored row of a treaty, known or not any more, as `record_of` writes it."""
        found: set[tuple[str, Record]] = set()
        await self.settle()
        async with connected(self._engine) as connection:
            for table in _OF_A_TREATY:
                rows = await connection.execute(sql.statement(f"{table}_versions"), {"treaty": treaty})
                found |= {(table, tuple(row)) for row in rows}
        return found

    async def quarantined(self) -> list[Quarantined]:
        """Return who is quarantined, since when and why."""
        await self.settle()
        async with connected(self._engine) as connection:
            return await list_quarantined(connection)

    async def note_ledger_size(self, size: int) -> None:
        """Remember how long the ledger said it is."""
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("note_ledger_size"), {"ledger_size": size})

    async def write(
        self,
        *,
        expected: Cursor,
        cursor: Cursor,
        entries: Sequence[Entry],
        batch: Batch,
        falls: Sequence[tuple[str, str]],
        ruling: Ruling = NO_RULING,
    ) -> None:
        """Begin to write all of it or nothing, once the write before is committed.

        What goes wrong is raised by whatever is asked of the store next: CursorMoved when another process wrote first.
        """
        await self.settle()
        writing = self._write(
            expected=expected, cursor=cursor, entries=entries, batch=batch, falls=falls, ruling=ruling
        )
        self._writing = asyncio.create_task(writing)

    async def _write(
        self,
        *,
        expected: Cursor,
        cursor: Cursor,
        entries: Sequence[Entry],
        batch: Batch,
        falls: Sequence[tuple[str, str]],
        ruling: Ruling,
    ) -> None:
        async with transaction(self._engine) as connection:
            moved = await connection.execute(
                sql.statement("move_cursor"),
                {
                    "size": cursor.size,
                    "subtrees": list(cursor.log.hashes),
                    "digest_sum": cursor.digest_sum,
                    "checkpoint": cursor.checkpoint,
                    "expected": expected.size,
                    "healings": cursor.healings,
                    "expected_healings": expected.healings,
                },
            )
            if moved.first() is None:
                raise CursorMoved(expected.size)
            await note_falls(connection, falls)
            await apply_ruling(connection, ruling)
            await write_rows(connection, batch)
            await insert_entries(connection, entries)
