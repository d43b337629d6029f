"""Run the projector from the command line."""

from __future__ import annotations

import typer

from treaty_projector.commands import quarantine, webhooks
from treaty_projector.main import run

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Fold the ledger's facts into answers.")
app.add_typer(webhooks.app, name="webhooks")
app.command("heal")(quarantine.heal_now)


@app.command()
def serve() -> None:
    """Follow the ledger and answer questions, in one process."""
    raise typer.Exit(run(with_worker=True, with_api=True))


@app.command()
def worker() -> None:
    """Follow the ledger; on the port it answers /livez, /readyz and /metrics only."""
    raise typer.Exit(run(with_worker=True, with_api=False))


@app.command()
def api() -> None:
    """Answer questions from what a worker writes."""
    raise typer.Exit(run(with_worker=False, with_api=True))
