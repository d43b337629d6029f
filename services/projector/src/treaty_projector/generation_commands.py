"""Rebuild the read model beside the one that answers, and switch between generations: the commands' work."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import asyncpg
import orjson
import uvloop
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_door.pulse import Loop
from treaty_projector.connections import connect, find_active
from treaty_projector.errors import CursorMoved, GenerationRefused
from treaty_projector.generations import Generation, Place, active_of, check_switchable, numbered
from treaty_projector.law.version import LAW
from treaty_projector.progress import Progress
from treaty_projector.quarantine import Quarantined
from treaty_projector.rebuild import process
from treaty_projector.rebuild.book import GenerationBook
from treaty_projector.rebuild.comparing import compare
from treaty_projector.rebuild.differences import Comparison
from treaty_projector.rebuild.filling import Progress as Shown
from treaty_projector.rebuild.filling import fill
from treaty_projector.rebuild.proving import prove, store_log
from treaty_projector.settings import ProjectorSettings
from treaty_projector.store import Store
from treaty_projector.workers import open_log, open_runner

_CONNECTIONS = 4
_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Say what a rebuild shall do before and after the new generation is filled."""

    switch: bool
    accept_differences: bool
    report: Path | None
    processes: int
    unproven: bool
    drop_kept: bool


class Generations:
    """Work on the generations of one database, and say on `console` what happens."""

    def __init__(self, settings: ProjectorSettings, engine: AsyncEngine, place: Place, console: Console) -> None:
        self._settings = settings
        self._engine = engine
        self._place = place
        self._book = GenerationBook(engine, place)
        self._console = console

    async def rebuild(self, wanted: Wanted) -> None:
        """Fold everything anew in a generation of its own, compare it, and let it answer if that is wanted.

        Where nothing is applied yet, the log is read and stored first.
        """
        async with self._book.alone():
            if wanted.drop_kept:
                await self._drop_kept()
            made = await self._book.begin(law=LAW)
            if made.size:
                await self._make(made, processes=wanted.processes, unproven=wanted.unproven)
            else:
                made = await self._store_log(made)
                await self._make(made, processes=wanted.processes, unproven=True)  # it was proven a moment ago
            async with self._follower(made) as catch_up:
                await catch_up()
            found = await self._compare(made.number)
            self._report(found, wanted.report)
            if not wanted.switch:
                self._say(f"generation {made.number} is kept beside: treaty-projector switch {made.number}, or drop it")
            elif not found.agrees and not wanted.accept_differences:
                raise GenerationRefused(
                    f"generation {found.before.number} goes on answering, since {found.differing} differ and "
                    f"{len(found.quarantined)} are quarantined anew: look at the report, then treaty-projector switch "
                    f"{made.number}, or drop {made.number}"
                )
            else:
                await self._switch(made.number)

    async def switch(self, number: int) -> None:
        """Let a generation that is kept answer, once it has every entry that the active one has."""
        async with self._book.alone():
            await self._switch(number)

    async def drop(self, number: int) -> None:
        """Forget a generation that is kept."""
        async with self._book.alone():
            await self._drop(number)

    async def list(self) -> None:
        """Say which generations there are."""
        table = Table(box=None)
        for heading in ("generation", "law", "entries", "made", "state"):
            table.add_column(heading, justify="left" if heading in {"made", "state"} else "right")
        for each in await self._book.all():
            table.add_row(
                str(each.number), str(each.law), str(each.size), f"{each.made_at:%Y-%m-%d %H:%M}", _state(each)
            )
        self._console.print(table)

    async def _drop_kept(self) -> None:
        for each in await self._book.all():
            if each.is_ready and not each.is_active:
                await self._drop(each.number)

    async def _drop(self, number: int) -> None:
        await self._book.drop(number)
        self._say(f"generation {number} is dropped")

    async def _store_log(self, made: Generation) -> Generation:
        """Store the log that is followed, as far as it is signed by now; return the generation at that size."""
        began = monotonic()
        store = Store(self._engine, self._place)
        with self._bar() as bar:
            async with self._driver(made) as driver, open_log(self._settings, store) as (feed, checkpoints):
                stored = await store_log(driver, feed, checkpoints, progress=_shown(bar, "reading the log"))
        made = await self._book.lengthen(made, stored)
        self._say(f"the log: {_at_rate(made.size, began)}")
        return made

    async def _make(self, made: Generation, *, processes: int, unproven: bool) -> None:
        """Fold what is stored while it is proven to be what was signed; nothing counts before both are done."""
        began = monotonic()
        with self._bar() as bar:
            try:
                async with asyncio.TaskGroup() as tasks:
                    filling = tasks.create_task(self._fill(made, processes, _shown(bar, f"folding {made.number}")))
                    if not unproven:
                        tasks.create_task(self._prove(made, _shown(bar, "proving the log")))
            except ExceptionGroup as failed:
                raise failed.exceptions[0] from None
        digest_sum, held = filling.result()
        self._say(f"generation {made.number}: {_at_rate(made.size, began)}")
        await self._book.finish(made, digest_sum, held)

    async def _fill(self, made: Generation, processes: int, shown: Shown) -> tuple[bytes, Sequence[Quarantined]]:
        task = process.Task(
            url=self._settings.database_url.get_secret_value(),
            schema=made.schema,
            size=made.size,
            quarantine_most=self._settings.quarantine_most,
            failpoints=self._settings.failpoints,
        )
        return await fill(task, processes=processes, progress=shown)

    async def _prove(self, made: Generation, shown: Shown) -> None:
        store = Store(self._engine, self._place)
        proven = (await store.cursor()).log
        async with self._driver(made) as driver, open_log(self._settings, store) as (feed, checkpoints):
            await prove(driver, feed, checkpoints, proven=proven, progress=shown)

    @asynccontextmanager
    async def _driver(self, made: Generation) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
        driver = await process.open_driver(self._settings.database_url.get_secret_value(), schema=made.schema)
        try:
            yield driver
        finally:
            await driver.close()

    def _bar(self) -> ProgressBar:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        return ProgressBar(*columns, console=self._console, disable=not self._console.is_terminal)

    async def _switch(self, number: int) -> None:
        generations = await self._book.all()
        wanted, before = numbered(generations, number), active_of(generations).number
        check_switchable(wanted)
        async with self._follower(wanted) as catch_up:
            await catch_up()  # what is left to do while the worker waits is little
            await self._book.switch(number, catch_up=catch_up)
        self._say(
            f"generation {number} answers; generation {before} is kept: treaty-projector switch {before} goes back"
        )

    @asynccontextmanager
    async def _follower(self, wanted: Generation) -> AsyncIterator[Callable[[], Awaitable[None]]]:
        """Give what lets a generation catch up with the active one, on the way that every worker goes."""
        place = Place()
        place.move_to(wanted.schema, wanted.number)

        async def catch_up() -> None:
            generations = await self._book.all()
            made, active = numbered(generations, wanted.number), active_of(generations)
            if made.size >= active.size:
                return
            if made.law != LAW:
                raise GenerationRefused(
                    f"generation {made.number} has {made.size} of {active.size} entries; folded by law {made.law}, "
                    f"which this projector has not: run one of law {made.law}, which keeps it up"
                )
            with suppress(CursorMoved):  # a worker of this law keeps it up already
                await runner.catch_up()

        progress = Progress(Loop("rebuild", tracing=None))
        async with open_runner(self._settings, place, progress, stays=True) as runner:
            yield catch_up

    async def _compare(self, number: int) -> Comparison:
        generations = await self._book.all()
        today = dt.datetime.now(dt.UTC).date()
        return await compare(self._engine, active_of(generations), numbered(generations, number), as_of=today)

    def _report(self, found: Comparison, file: Path | None) -> None:
        for line in found.lines(most=_LINES):
            self._say(line)
        if file is not None:
            file.write_bytes(orjson.dumps(found.document(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
            self._say(f"the report is in {file}")

    def _say(self, line: str) -> None:
        self._console.print(line, soft_wrap=True, markup=False, highlight=False)


def work(settings: ProjectorSettings, do: Callable[[Generations], Awaitable[None]]) -> None:
    """Do one piece of work on the generations. Raises ProjectorError."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_work(settings, do))


async def _work(settings: ProjectorSettings, do: Callable[[Generations], Awaitable[None]]) -> None:
    async with _opened(settings) as generations:
        await do(generations)


@asynccontextmanager
async def _opened(settings: ProjectorSettings) -> AsyncIterator[Generations]:
    place = Place()
    url = settings.database_url.get_secret_value()
    engine = connect(url, place=place, size=_CONNECTIONS, statement_timeout_ms=0, only_reads=False)
    try:
        await find_active(engine, place)
        yield Generations(settings, engine, place, Console())
    finally:
        await engine.dispose()


def _shown(bar: ProgressBar, what: str) -> Shown:
    """Return what shows on a bar how many entries are done."""
    shown = bar.add_task(what, total=None)
    return lambda done, total: bar.update(shown, completed=done, total=total)


def _at_rate(entries: int, began: float) -> str:
    took = monotonic() - began
    return f"{entries:,} entries in {took:,.1f} s, {entries / took:,.0f}/s"


def _state(generation: Generation) -> str:
    if generation.is_active:
        return "answers"
    return "kept" if generation.is_ready else "not filled"


class _Rate(ProgressColumn):
    """Show entries a second."""

    def render(self, task: Task) -> Text:
        return Text("" if task.speed is None else f"{task.speed:,.0f}/s")
