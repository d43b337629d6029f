"""`treaty verify` and `treaty export`: prove that nobody altered a log, and keep a copy that others can check."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from treaty_contracts.tlog.checkpoints import encode_hashes
from treaty_contracts.tlog.notes import Verifier
from treaty_standalone import tables
from treaty_standalone.auditing import Progress as Hearing
from treaty_standalone.auditing import export, verify_published
from treaty_standalone.cli_options import LEDGER, AsJson, KeyFile, LedgerUrl, ledger_at
from treaty_standalone.client import open_http
from treaty_standalone.published_log import VKEY, ExportedLog, PublishedLog, ServedLog, read_vkeys

log_commands = typer.Typer()


@log_commands.command(
    "verify", epilog="Example: treaty verify --vkey treaties.example.org/log+1a2b3c4d+AR… --seen last"
)
def verify_log(  # noqa: PLR0913 - each is an option of the command line
    folder: Annotated[
        Path | None, typer.Argument(help="A folder that `treaty export` wrote; without it, a running ledger.")
    ] = None,
    *,
    vkey: Annotated[
        list[str] | None, typer.Option(envvar="TREATY_VKEY", help="A key that you trust, got from its operator.")
    ] = None,
    seen: Annotated[
        Path | None, typer.Option(help="A file with the checkpoint of the last look, which the log must extend.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Check the database itself: every stored byte.")] = False,
    data_dir: Annotated[Path, typer.Option(help="With --full: the data folder of `treaty up`.")] = Path(".data"),
    as_json: AsJson = False,
    url: LedgerUrl = LEDGER,
    api_key_file: KeyFile = None,
) -> None:
    """Replay a log from its first entry and compare every hash with what was signed.

    The first entry that is not what was signed is named. With --full, TREATY_LEDGER_DATABASE_URL names the database;
    without it, that of the data folder is looked at.
    """
    keys = read_vkeys("\n".join(vkey or ()))
    if full:
        _verify_database(keys, data_dir, as_json=as_json)
        return
    with _opened(folder, url, api_key_file) as log, heard("Verifying", as_json=as_json) as progress:
        trusted = keys or _named_by(log)
        checkpoint = verify_published(log, trusted, seen=seen, progress=progress)
    (root,) = encode_hashes([checkpoint.root])
    told = {"origin": checkpoint.origin, "size": checkpoint.size, "root": root}
    _tell(
        told,
        f"PROVED: {checkpoint.size} entries of {checkpoint.origin} have the root that was signed, {root}",
        as_json=as_json,
    )


@log_commands.command("export", epilog="Example: treaty export copy && treaty verify copy")
def export_log(
    folder: Annotated[Path, typer.Argument(help="Where the copy goes; an older one there is brought up to date.")],
    *,
    as_json: AsJson = False,
    url: LedgerUrl = LEDGER,
    api_key_file: KeyFile = None,
) -> None:
    """Write a whole log into a folder: checkpoint, tiles and entries, to be served by any web server, or verified."""
    with _opened(None, url, api_key_file) as log, heard("Exporting", as_json=as_json) as progress:
        checkpoint = export(log, folder, progress=progress)
    told = {"origin": checkpoint.origin, "size": checkpoint.size, "folder": str(folder)}
    _tell(told, f"{checkpoint.size} entries of {checkpoint.origin} are in {folder}", as_json=as_json)


@contextmanager
def heard(what: str, *, as_json: bool) -> Iterator[Hearing]:
    """Show how far a long piece of work is, to people."""
    console = tables.plain_console(stderr=True)
    with Progress(console=console, disable=as_json or not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def say_whose_key(text: str) -> None:
    """Tell people that a key is only what the log itself names."""
    sys.stderr.write(
        f"The key is the one that the log itself names; compare it with what its operator published:\n{text}"
    )


def _verify_database(keys: list[Verifier], data_dir: Path, *, as_json: bool) -> None:
    from treaty_standalone import stored_log  # noqa: PLC0415 - only who asks for it pays for the database's driver

    with stored_log.settings_for(data_dir) as settings, heard("Verifying", as_json=as_json) as progress:
        audited = stored_log.verify_stored(settings, keys, progress=lambda done: progress(done, 0))
    told = {"size": audited.events, "streams": audited.streams, "checkpoints": audited.checkpoints}
    line = (
        f"PROVED: {audited.events} stored events in {audited.streams} streams are those"
        f" that {audited.checkpoints} checkpoints were signed over"
    )
    _tell(told, line, as_json=as_json)


@contextmanager
def _opened(folder: Path | None, url: str, key_file: Path | None) -> Iterator[PublishedLog]:
    if folder is not None:
        yield ExportedLog(folder)
        return
    with open_http() as http:
        yield ServedLog(ledger_at(url, http, key_file))


def _named_by(log: PublishedLog) -> list[Verifier]:
    """Return the keys that a log itself names; whoever altered the log could have altered them too."""
    text = log.read(VKEY).decode()
    say_whose_key(text)
    return read_vkeys(text)


def _tell(told: Mapping[str, object], line: str, *, as_json: bool) -> None:
    sys.stdout.write((json.dumps(told) if as_json else line) + "\n")
