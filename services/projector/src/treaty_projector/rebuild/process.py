"""Fold portions in a process of its own, and copy what comes of them into the tables of the new generation."""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import parent_process
from threading import Thread
from typing import NamedTuple

import asyncpg
import uvloop

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector import sql
from treaty_projector.connections import DRIVER_ERRORS
from treaty_projector.entries import Kept
from treaty_projector.errors import GenerationRefused, ProjectorError
from treaty_projector.failpoints import Failpoints
from treaty_projector.quarantine import Quarantined
from treaty_projector.rebuild.group import Folded, fold_group
from treaty_projector.rebuild.portions import Portion
from treaty_projector.records import COLUMNS, Record, record_of
from treaty_projector.replay import GraphStep, graph_steps, recorded

_COPIED_AT_ONCE = 20_000
"""How many records are gathered in memory before they are copied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Say what is filled: where, from how many entries; and how many treaties may be quarantined, as live."""

    url: str
    schema: str
    size: int
    quarantine_most: int
    failpoints: str | None


class Filled(NamedTuple):
    """Say what came of a portion: the sum over its changes, and who is quarantined."""

    entries: int
    terms: int
    held: tuple[Quarantined, ...]


class _Process:
    """Hold what one process keeps from portion to portion."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
        self._driver = self._loop.run(open_driver(task.url, schema=task.schema))
        self._failpoints = Failpoints(task.failpoints)
        self._graph: Sequence[GraphStep] | None = None

    def fold(self, portion: Portion) -> Filled:
        return self._loop.run(self._fold(portion))

    async def _fold(self, portion: Portion) -> Filled:
        """Write one portion as a whole or not at all."""
        terms = 0
        held: list[Quarantined] = []
        if self._graph is None:
            self._graph = graph_steps(await self._entries([PARTICIPANTS_SUBJECT]))
        async with self._driver.transaction():
            writing = _Writing(self._driver)
            for group in portion.groups:
                entries = [recorded(entry) for entry in await self._entries(group)]
                folded = await fold_group(entries, self._graph, self._failpoints, most=self._task.quarantine_most)
                terms += folded.terms
                held += folded.held
                await writing.add(folded)
            await writing.finish()
        return Filled(portion.entries, terms, tuple(held))

    async def _entries(self, streams: Sequence[str]) -> list[Kept]:
        rows = await self._driver.fetch(sql.read("entries_to_fold"), list(streams), self._task.size)
        return [Kept(*row) for row in rows]


class _Writing:
    """Gather records by table, and copy them when there are many."""

    def __init__(self, driver: asyncpg.Connection[asyncpg.Record]) -> None:
        self._driver = driver
        self._records: dict[str, list[Record]] = {}
        self._falls: list[tuple[str, str]] = []
        self._gathered = 0

    async def add(self, folded: Folded) -> None:
        for version in folded.versions:
            table, record = record_of(version)
            self._records.setdefault(table, []).append(record)
        self._falls += folded.falls
        self._gathered += len(folded.versions)
        if self._gathered >= _COPIED_AT_ONCE:
            await self._copy()

    async def finish(self) -> None:
        await self._copy()
        if self._falls:
            treaties, parents = map(list, zip(*self._falls, strict=True))
            await self._driver.execute(sql.read("note_falls_found"), treaties, parents)

    async def _copy(self) -> None:
        for table, records in self._records.items():
            await self._driver.copy_records_to_table(table, columns=COLUMNS[table].split(), records=records)
        self._records, self._gathered = {}, 0


async def open_driver(url: str, *, schema: str) -> asyncpg.Connection[asyncpg.Record]:
    """Return a connection of the driver's own that finds its tables in a schema, for work that takes its time."""
    settings = {
        "application_name": "treaty-projector rebuild",
        "search_path": schema,
        "statement_timeout": "0",
        "idle_in_transaction_session_timeout": "0",
    }
    return await asyncpg.connect(url, server_settings=settings)


_here: list[_Process] = []
"""The one of this process."""


def begin(task: Task) -> None:
    """Get ready; end with the process that started this one, also where that is killed."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    Thread(target=_end_with_parent, daemon=True).start()
    _here.append(_Process(task))


def fold_portion(portion: Portion) -> Filled:
    """Fold and write one portion; return what came of it. Raises GenerationRefused."""
    try:
        return _here[0].fold(portion)
    except (ProjectorError, *DRIVER_ERRORS) as error:
        first_line = (str(error).splitlines() or [type(error).__name__])[0]
        raise GenerationRefused(f"the new generation cannot be filled ({first_line})") from None


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
