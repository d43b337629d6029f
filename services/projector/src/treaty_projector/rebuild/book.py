"""Keep the book of generations: which there are, and which one answers."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_projector import sql
from treaty_projector.connections import connected, transaction
from treaty_projector.errors import GenerationRefused
from treaty_projector.generations import (
    Generation,
    Place,
    active_of,
    check_droppable,
    check_switchable,
    free_schema,
    numbered,
)
from treaty_projector.quarantine import Quarantined, Ruling, healed_between
from treaty_projector.rebuild.proving import Stored
from treaty_projector.store import list_generations, list_quarantined
from treaty_projector.writes import apply_ruling, note_healed


class GenerationBook:
    """Make, switch and drop generations; `engine` looks where `place` says. One at a time does: see `alone`."""

    def __init__(self, engine: AsyncEngine, place: Place) -> None:
        self._engine = engine
        self._place = place

    async def all(self) -> list[Generation]:
        """Return every generation."""
        async with connected(self._engine) as connection:
            return await list_generations(connection)

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Let nobody else make, switch or drop a generation meanwhile; raise GenerationRefused when somebody does."""
        async with connected(self._engine) as connection:
            is_alone = (await connection.execute(sql.statement("rebuild_alone"))).scalar_one()
            await connection.commit()
            if not is_alone:
                raise GenerationRefused("another rebuild, switch or drop is running: wait for it to end")
            try:
                yield
            finally:
                await connection.execute(sql.statement("rebuild_not_alone"))
                await connection.commit()

    async def begin(self, *, law: int) -> Generation:
        """Make a generation that is not ready, at the size of the one that answers; forget what was left unready."""
        for left in [each for each in await self.all() if not each.is_ready]:
            await self._remove(left)
        generations = await self.all()
        schema = free_schema(generations)
        self._place.move_to(schema, 0)
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("empty_generation"))
            number = (
                await connection.execute(sql.statement("add_generation"), {"schema": schema, "law": law})
            ).scalar_one()
            await connection.execute(sql.statement("copy_cursor"))
        return numbered(await self.all(), number)

    async def lengthen(self, generation: Generation, stored: Stored) -> Generation:
        """Let a generation that is not filled begin at the size up to which a log is stored and proven."""
        self._place.move_to(generation.schema, generation.number)
        values = {"size": stored.log.size, "subtrees": list(stored.log.hashes), "checkpoint": stored.checkpoint}
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("begin_at"), values)
        return numbered(await self.all(), generation.number)

    async def finish(self, generation: Generation, digest_sum: bytes, held: Sequence[Quarantined]) -> None:
        """Say that a generation is filled up to its size, but for what is quarantined."""
        self._place.move_to(generation.schema, generation.number)
        async with transaction(self._engine) as connection:
            await apply_ruling(connection, Ruling(held=tuple(held)))
            await connection.execute(sql.statement("note_digest"), {"digest_sum": digest_sum})
            await connection.execute(sql.statement("finish_generation"), {"number": generation.number})
            await connection.execute(sql.statement("analyze_generation"))

    async def switch(self, number: int, *, catch_up: Callable[[], Awaitable[None]]) -> None:
        """Let a generation answer once it has every entry of the active one, whose worker waits for this.

        So no answer goes back behind an earlier one; only what came since the last look is left to catch up with.
        """
        async with transaction(self._engine) as connection:
            await connection.execute(sql.statement("lock_active"))
            generations = await list_generations(connection)
            wanted, active = numbered(generations, number), active_of(generations)
            check_switchable(wanted)
            await connection.execute(sql.statement("look_in"), {"schema": active.schema})
            size = (await connection.execute(sql.statement("lock_cursor"))).scalar_one()
            if wanted.size < size:
                await catch_up()
                reached = numbered(await list_generations(connection), number).size
                if reached < size:
                    raise GenerationRefused(f"generation {number} has {reached} of {size} entries: try again")
            held = await list_quarantined(connection)
            await connection.execute(sql.statement("switch_generation"), {"number": number})
            await connection.execute(sql.statement("look_in"), {"schema": wanted.schema})
            await note_healed(connection, healed_between(held, await list_quarantined(connection)))

    async def drop(self, number: int) -> None:
        """Forget a generation that does not answer, and has not for a while."""
        generation = numbered(await self.all(), number)
        check_droppable(generation, now=dt.datetime.now(dt.UTC))
        await self._remove(generation)

    async def _remove(self, generation: Generation) -> None:
        self._place.move_to(generation.schema, generation.number)
        async with transaction(self._engine) as connection:
            removed = await connection.execute(sql.statement("remove_generation"), {"number": generation.number})
            if removed.first() is None:
                raise GenerationRefused(f"generation {generation.number} answers: switch to another one first")
            await connection.execute(sql.statement("empty_generation"))
