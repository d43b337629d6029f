"""Know the newest size of the log in memory, and which treaties may say something else than at an earlier one."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.applied import Applied
from treaty_projector.errors import DatabaseUnavailable
from treaty_projector.reading import Reads

_MOST_ENTRIES = 5_000
"""How many new entries are looked through one by one; after more of them everything may have moved."""

_MOST_TREATIES = 50_000
"""How many treaties are remembered as moved; then all of them are."""

_SILENT_SECONDS = 3.0
"""How old the last word of the database may be: it is asked once a second."""


@dataclass(frozen=True, slots=True)
class Head:
    """Hold the newest size of the log, and when its last entry was recorded."""

    size: int
    recorded_at: dt.datetime | None


class Newest:
    """Keep up with what is applied, when somebody asks.

    A treaty may say something else only after an entry in its own stream, in that of a treaty tied to it by
    `falls_with`, or about participants themselves: the worker folds nothing else again. More treaties are taken for
    moved than are, never fewer.
    """

    def __init__(self, reads: Reads, applied: Applied) -> None:
        self._reads = reads
        self._applied = applied
        self._looking = asyncio.Lock()
        self._head = Head(0, None)
        self._complete_from = 0
        self._moved: dict[str, int] = {}

    @property
    def generation(self) -> int:
        """Return the number of the generation that answers the next question."""
        return self._reads.place.generation

    async def head(self) -> Head | None:
        """Return the newest size this process has seen; None while there is no recent word of the database."""
        if self._applied.silent_seconds > _SILENT_SECONDS:
            return None
        if self._head.size < self._applied.size:
            async with self._looking:
                if self._head.size < self._applied.size:
                    await self._look()
        return self._head

    def is_unmoved(self, treaty: str, *, since: int) -> bool:
        """Tell whether what the treaty says at a size is what it says at the newest one."""
        return self._complete_from <= since <= self._head.size and self._moved.get(treaty, -1) <= since

    async def _look(self) -> None:
        async with self._reads.lent() as reader:
            row = await reader.row("moved_since", size=self._head.size, most=_MOST_ENTRIES)
            if row is None:
                raise DatabaseUnavailable("the read model has no cursor")
            treaties = row["streams"]
            if treaties is not None and row["are_tied"]:
                treaties = [tied["treaty"] for tied in await reader.rows("tied_to", treaties=treaties)]
        everything = (
            treaties is None
            or row["size"] < self._head.size  # an earlier state of the database was brought back
            or PARTICIPANTS_SUBJECT in treaties
            or len(self._moved) + len(treaties) > _MOST_TREATIES
        )
        self._head = Head(row["size"], row["recorded_at"])
        if everything:
            self._complete_from = row["size"]
            self._moved.clear()
        else:
            self._moved.update(dict.fromkeys(treaties, row["size"]))
