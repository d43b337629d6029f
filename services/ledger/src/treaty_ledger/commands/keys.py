"""`treaty-ledger keys`: make, show and rotate the keys that sign the log."""

import asyncio
from typing import Annotated

import typer

from treaty_ledger.commands import api_keys
from treaty_ledger.commands.ending import told_in_a_line
from treaty_ledger.commands.opened import opened_log
from treaty_ledger.errors import KeyUnusable
from treaty_ledger.log.keys import Keyring, make_key, read_keys, write_keys
from treaty_ledger.log.opening import LogPlace, found_keys, log_place
from treaty_ledger.settings import Settings, load_settings

app = typer.Typer(help="Make, show and rotate the keys that sign the log.", no_args_is_help=True)
app.add_typer(api_keys.app, name="api")


@app.command()
def make(
    origin: Annotated[str, typer.Argument(help="The name of a new log, such as treaties.example.org/log.")],
) -> None:
    """Make the key of a new log before its first start; set TREATY_LEDGER_ORIGIN to the same name then."""
    with told_in_a_line():
        path = log_place(load_settings()).key_file(origin)
        if path.exists():
            raise KeyUnusable(str(path), "it is there already; `treaty-ledger keys rotate` makes another")
        key = make_key(origin)
        write_keys(path, [key])
        typer.echo(f"{path}\n{key.verifier.vkey}")


@app.command()
def show() -> None:
    """Show what verifies the log: one key a line, the newest first. Publish them where readers trust you."""
    with told_in_a_line():
        _, keyring = asyncio.run(_found(load_settings()))
        _tell(keyring)


@app.command()
def rotate() -> None:
    """Add a new key: after the next start both sign, so that readers can change over. Then run `keys retire`."""
    with told_in_a_line():
        place, keyring = asyncio.run(_found(load_settings()))
        _write(place, Keyring((make_key(keyring.origin), *keyring.keys)))


@app.command()
def retire() -> None:
    """Let the oldest key go: after the next start it signs no more, and what it signed stays valid."""
    with told_in_a_line():
        place, keyring = asyncio.run(_found(load_settings()))
        if len(keyring.keys) == 1:
            raise KeyUnusable(
                str(place.key_file(keyring.origin)), "it is the only one; run `treaty-ledger keys rotate`"
            )
        _write(place, Keyring(keyring.keys[:-1]))


async def _found(settings: Settings) -> tuple[LogPlace, Keyring]:
    async with opened_log(settings) as log:
        return log.place, found_keys(log.place, log.origin)


def _write(place: LogPlace, keyring: Keyring) -> None:
    path = place.key_file(keyring.origin)
    if place.secret is not None:
        raise KeyUnusable("TREATY_LEDGER_SIGNING_KEY", "change the secret itself: one key a line, the newest first")
    write_keys(path, keyring.keys)
    _tell(read_keys(path))
    typer.echo("Restart the ledger: it reads its keys when it starts.", err=True)


def _tell(keyring: Keyring) -> None:
    for verifier in keyring.verifiers:
        typer.echo(verifier.vkey)
