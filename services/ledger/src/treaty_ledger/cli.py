"""The command `treaty-ledger`."""

import logging
import sys

import typer
from pydantic import ValidationError

from treaty_ledger.errors import CannotStart
from treaty_ledger.main import run
from treaty_ledger.settings import Settings, load_settings

app = typer.Typer(
    help="Append immutable facts about treaties and serve them in order.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # they print local values, and so passwords
)


@app.callback()
def _group() -> None:
    """Keep `serve` a subcommand while it is the only one."""


@app.command()
def serve() -> None:
    """Serve the ledger over HTTP until SIGTERM; settings are environment variables TREATY_LEDGER_*."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    try:
        run(load_settings())
    except ValidationError as error:
        sys.exit("\n".join(_setting(error)))
    except CannotStart as error:
        sys.exit(str(error))


def _setting(error: ValidationError) -> list[str]:
    """Return a line for each setting that is missing or wrong."""
    return [f"Setting {_variable(str(one['loc'][0]))}: {one['msg']}." for one in error.errors()]


def _variable(name: str) -> str:
    prefix = str(Settings.model_config.get("env_prefix", ""))
    return (f"{prefix}{name}" if name in Settings.model_fields else name).upper()
