"""`treaty audit`: prove that a projector concludes what follows from the log."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from treaty_standalone.api_keys import find_api_key
from treaty_standalone.cli_log import heard, say_whose_key
from treaty_standalone.cli_options import LEDGER, AsJson, KeyFile, LedgerUrl
from treaty_standalone.client import Service, open_http
from treaty_standalone.published_log import read_vkeys

audit_commands = typer.Typer()


@audit_commands.command("audit", epilog="Example: treaty audit copy --projector https://treaties.example.org")
def audit_projector(  # noqa: PLR0913 - each is an option of the command line
    folder: Annotated[
        Path | None, typer.Argument(help="A folder that `treaty export` wrote; without it, a running ledger.")
    ] = None,
    *,
    vkey: Annotated[
        list[str] | None, typer.Option(envvar="TREATY_VKEY", help="A key that you trust, got from its operator.")
    ] = None,
    projector: Annotated[
        str, typer.Option(envvar="TREATY_PROJECTOR_URL", help="The projector that is checked.")
    ] = "http://127.0.0.1:8002",
    answers: Annotated[bool, typer.Option("--answers", help="Compare every answer too, not the digest alone.")] = False,
    as_json: AsJson = False,
    url: LedgerUrl = LEDGER,
    api_key_file: KeyFile = None,
) -> None:
    """Draw all conclusions anew from the log, which is verified on the way, and compare them with a projector's.

    With an export that is older than the projector, all answers at its size are compared, which takes a request for
    each standing. The first treaty and participant that differ are named, with exit code 1.
    """
    from treaty_standalone import refolded  # noqa: PLC0415 - only who asks for it pays for the law and what it needs

    feed = refolded.open_feed(str(folder)) if folder else refolded.open_feed(url, key=find_api_key(url, api_key_file))
    keys = read_vkeys("\n".join(vkey or ()))
    with open_http() as http, heard("Auditing", as_json=as_json) as progress:
        asked = Service("projector", projector, http)
        agreed = refolded.run_audit(
            feed, keys, asked, with_answers=answers, progress=progress, say_whose_key=say_whose_key
        )
    sys.stdout.write((json.dumps(agreed.as_json()) if as_json else agreed.line()) + "\n")
