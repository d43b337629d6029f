"""Options that several subcommands take."""

from typing import Annotated, TypeAlias

import typer

LEDGER = "http://127.0.0.1:8001"
"""Where the ledger answers unless one says otherwise."""

LedgerUrl: TypeAlias = Annotated[str, typer.Option(envvar="TREATY_LEDGER_URL", help="Where the ledger answers.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of a table.")]
