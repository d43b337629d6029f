"""`treaty-ledger guard`: see and settle what the signing guard knows."""

import asyncio
from base64 import b64encode
from typing import Annotated

import typer

from treaty_ledger.commands.ending import told_in_a_line
from treaty_ledger.commands.opened import OpenedLog, opened_log
from treaty_ledger.errors import EventsGivenUp
from treaty_ledger.log.guard import Guarded, open_guard, read_guard
from treaty_ledger.log.opening import check_extends, root_at
from treaty_ledger.settings import Settings, load_settings

app = typer.Typer(help="See and settle what the signing guard knows.", no_args_is_help=True)


@app.command()
def show() -> None:
    """Show what was signed last, as the guard knows it: the log, its size and its root."""
    with told_in_a_line():
        asyncio.run(_show(load_settings()))


@app.command()
def accept(
    giving_up: Annotated[int, typer.Option(help="How many signed events this database lacks, and you give up.")] = 0,
) -> None:
    """Take the database for the newest there is: after a restore, when nothing newer exists any more.

    Stop the ledger first. Whoever holds a checkpoint over events that are given up can prove that they were there.
    """
    with told_in_a_line():
        asyncio.run(_accept(load_settings(), giving_up))


async def _show(settings: Settings) -> None:
    async with opened_log(settings) as log:
        guarded = read_guard(log.place.guard_file(log.origin), log.origin)
        typer.echo(_told(log.origin, guarded))


async def _accept(settings: Settings, giving_up: int) -> None:
    async with opened_log(settings) as log:
        guard = open_guard(log.place.guard_file(log.origin), log.origin)
        try:
            size = await log.tree.size()
            missing = max(0, guard.last.size - size) if guard.last else 0
            if guard.last is not None and not missing:
                await check_extends(log.tree, guard.last, size=size)
            if missing != giving_up:
                raise EventsGivenUp(missing)
            if guard.last is None or missing:
                guard.settle(await _signed(log))
            typer.echo(_told(log.origin, guard.last))
        finally:
            guard.close()


async def _signed(log: OpenedLog) -> Guarded:
    """Return what the database holds as signed last; its own root, not the one that is claimed."""
    latest = await log.tree.latest()
    size = latest.size if latest else 0
    return Guarded(size, await root_at(log.tree, size, latest))


def _told(origin: str, guarded: Guarded | None) -> str:
    if guarded is None:
        return f"{origin}: nothing was signed yet"
    return f"{origin}: {guarded.size} events, root {b64encode(guarded.root).decode()}"
