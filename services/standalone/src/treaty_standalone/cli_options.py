"""Options that several subcommands take."""

from pathlib import Path
from typing import Annotated, TypeAlias

import httpx
import typer

from treaty_standalone.api_keys import find_api_key
from treaty_standalone.client import Service

LEDGER = "http://127.0.0.1:8001"
"""Where the ledger answers unless one says otherwise."""

LedgerUrl: TypeAlias = Annotated[str, typer.Option(envvar="TREATY_LEDGER_URL", help="Where the ledger answers.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]
KeyFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--api-key-file",
        envvar="TREATY_API_KEY_FILE",
        help="The file with the ledger's API key; TREATY_API_KEY holds the key itself. For a ledger on this machine,"
        " .data/api-key is looked into.",
        show_default=False,
    ),
]


def ledger_at(url: str, http: httpx.Client, key_file: Path | None) -> Service:
    """Return the ledger at an address, to be asked with the key that is found for it. Raises KeyUnreadable."""
    return Service("ledger", url, http, find_api_key(url, key_file))
