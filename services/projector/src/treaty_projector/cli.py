"""Run the projector from the command line."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import ValidationError

from treaty_projector.commands import quarantine, webhooks
from treaty_projector.errors import ProjectorError
from treaty_projector.settings import load_settings

if TYPE_CHECKING:
    from treaty_projector.generation_commands import Generations

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Fold the ledger's facts into answers.")
app.add_typer(webhooks.app, name="webhooks")
app.command("heal")(quarantine.heal_now)


@app.command()
def serve() -> None:
    """Follow the ledger and answer questions, in one process."""
    raise typer.Exit(_run(with_worker=True, with_api=True))


@app.command()
def worker() -> None:
    """Follow the ledger; on the port it answers /livez, /readyz and /metrics only."""
    raise typer.Exit(_run(with_worker=True, with_api=False))


@app.command()
def api() -> None:
    """Answer questions from what a worker writes."""
    raise typer.Exit(_run(with_worker=False, with_api=True))


@app.command()
def rebuild(
    *,
    switch: Annotated[bool, typer.Option("--switch", help="Let the new generation answer if nothing differs.")] = False,
    accept_differences: Annotated[bool, typer.Option("--accept-differences", help="Or whatever differs.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write what differs to this file, as JSON.")] = None,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes that fold.")] = min(os.cpu_count() or 1, 8),
    unproven: Annotated[
        bool, typer.Option("--unproven", help="Without reading the log to prove what is stored.")
    ] = False,
    drop_kept: Annotated[
        bool, typer.Option("--drop-kept", help="Forget a generation that is kept, to make room.")
    ] = False,
) -> None:
    """Fold everything anew beside the generation that answers, and compare the two."""
    from treaty_projector.generation_commands import Wanted  # noqa: PLC0415 - see _run

    wanted = Wanted(
        switch=switch,
        accept_differences=accept_differences,
        report=report,
        processes=processes,
        unproven=unproven,
        drop_kept=drop_kept,
    )
    _work(lambda generations: generations.rebuild(wanted))


@app.command()
def generations() -> None:
    """List the generations of the read model: one answers, another one may be kept."""
    _work(lambda known: known.list())


@app.command()
def switch(number: Annotated[int, typer.Argument(help="The generation that shall answer.")]) -> None:
    """Let a generation that is kept answer, in one transaction; going back works the same way."""
    _work(lambda known: known.switch(number))


@app.command()
def drop(number: Annotated[int, typer.Argument(help="The generation to forget.")]) -> None:
    """Forget a generation that does not answer."""
    _work(lambda known: known.drop(number))


def _run(*, with_worker: bool, with_api: bool) -> int:
    """Load what serves only now: neither the other commands nor the processes of a rebuild pay for it."""
    from treaty_projector.main import run  # noqa: PLC0415 - see above

    return run(with_worker=with_worker, with_api=with_api)


def _work(do: Callable[[Generations], Awaitable[None]]) -> None:
    from treaty_projector.generation_commands import work  # noqa: PLC0415 - see _run

    try:
        work(load_settings(), do)
    except ProjectorError as error:
        sys.stderr.write(f"treaty-projector: {error}\n")
        raise typer.Exit(1) from None
    except ValidationError as error:
        wrong = "; ".join(f"{found['loc'][0]}: {found['msg']}" for found in error.errors())
        sys.stderr.write(f"treaty-projector: a setting is not understood ({wrong})\n")
        raise typer.Exit(1) from None
