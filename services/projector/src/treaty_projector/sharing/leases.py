"""Hold parts of the work for a while, so that each is one worker's, and another's soon after that one is gone."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from secrets import token_hex

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_projector import sql
from treaty_projector.connections import connected
from treaty_projector.errors import DatabaseUnavailable
from treaty_projector.sharing.work import Part
from treaty_projector.slices import READING, fair_share


def name_of_worker() -> str:
    """Return a name that no other worker has: host, process and a random number."""
    return f"{socket.gethostname()}/{os.getpid()}/{token_hex(4)}"


class Leases:
    """Take, keep and give back parts; only a lease is lost when time goes wrong, never a row: fences see to that."""

    def __init__(self, engine: AsyncEngine, *, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        """How long a part stays one's own without a word."""
        self.reads = False
        """Whether the reading of the log is among the parts held, as far as is known."""
        self._engine = engine

    async def keep(self) -> None:
        """Say again and again that this worker is there, until cancelled."""
        while True:
            with suppress(DatabaseUnavailable):
                await self._greet()
            await asyncio.sleep(self.seconds / 3)

    async def balance(self) -> None:
        """Take a fair share of what nobody holds, and give back what is more than that."""
        await self._greet()
        held = await self._numbers()
        async with connected(self._engine) as connection:
            workers = (await connection.execute(sql.statement("workers_present"))).scalar_one()
            more = fair_share(workers) - len(held)
            if more < 0:
                released = [number for number in held if number != READING][more:]
                await connection.execute(sql.statement("release_parts"), {"name": self.name, "numbers": released})
            elif more > 0:
                wanted = {"name": self.name, "most": more, "seconds": self.seconds}
                await connection.execute(sql.statement("claim_parts"), wanted)
            await connection.commit()

    async def held(self) -> Sequence[Part]:
        """Return the parts held now, with what there is to do in each."""
        async with connected(self._engine) as connection:
            rows = await connection.execute(sql.statement("parts_held"), {"name": self.name})
            parts = [Part(row.number, row.fence, row.size, row.step_end) for row in rows]
        self.reads = any(part.number == READING for part in parts)
        return parts

    async def leave(self) -> None:
        """Give everything back at once, for others to take."""
        everything = {"name": self.name, "numbers": await self._numbers()}
        async with connected(self._engine) as connection:
            await connection.execute(sql.statement("release_parts"), everything)
            await connection.execute(sql.statement("dismiss_worker"), {"name": self.name})
            await connection.commit()
        self.reads = False

    async def _greet(self) -> None:
        async with connected(self._engine) as connection:
            await connection.execute(sql.statement("greet_worker"), {"name": self.name, "seconds": self.seconds})
            await connection.commit()

    async def _numbers(self) -> list[int]:
        return [part.number for part in await self.held()]
