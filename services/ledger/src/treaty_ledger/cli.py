"""The command `treaty-ledger`."""

import typer

from treaty_door.lines import write_lines
from treaty_ledger.commands import guard, keys
from treaty_ledger.commands.ending import told_in_a_line
from treaty_ledger.settings import load_settings

app = typer.Typer(
    help="Append immutable facts about treaties and serve them in order.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local values, and so passwords
)
app.add_typer(keys.app, name="keys")
app.add_typer(guard.app, name="guard")


@app.command()
def serve() -> None:
    """Serve the ledger over HTTP until SIGTERM; settings are environment variables TREATY_LEDGER_*."""
    from treaty_ledger.main import run  # noqa: PLC0415 - only who serves pays for the web framework

    with told_in_a_line():
        settings = load_settings()
        write_lines(form=settings.log_format, level=settings.log_level)
        run(settings)
