"""`treaty-projector heal`: fold quarantined treaties again, beside a worker or without one."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress

import typer

from treaty_projector.commands.ending import told_in_a_line
from treaty_projector.connections import connect, find_active
from treaty_projector.errors import CursorMoved, NotReady
from treaty_projector.failpoints import Failpoints
from treaty_projector.generations import Place
from treaty_projector.healing import Outcome, heal
from treaty_projector.settings import ProjectorSettings, load_settings
from treaty_projector.store import Store

_TIMEOUT_MS = 60_000
_TRIES = 20


def heal_now() -> None:
    """Fold quarantined treaties again, as every start of a worker does, and say what became of each."""
    with told_in_a_line():
        outcomes = asyncio.run(_heal(load_settings()))
    for outcome in outcomes:
        sys.stdout.write(f"{outcome.line}\n")
    if not outcomes:
        sys.stdout.write("no treaty is quarantined\n")
    raise typer.Exit(int(any(outcome.after is not None for outcome in outcomes)))


async def _heal(settings: ProjectorSettings) -> list[Outcome]:
    """Heal beside a worker that may write meanwhile: whoever was overtaken looks again."""
    url = settings.database_url.get_secret_value()
    place = Place()
    engine = connect(url, place=place, size=1, statement_timeout_ms=_TIMEOUT_MS, only_reads=False)
    try:
        await find_active(engine, place)
        for _ in range(_TRIES):
            with suppress(CursorMoved):
                return await heal(Store(engine, place), Failpoints(settings.failpoints))
        raise NotReady("a worker wrote whenever this was to be written; run it again, or start the worker again")
    finally:
        await engine.dispose()
