"""`treaty-ledger keys api`: make, list and revoke the keys with which others ask."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias, TypeVar

import typer

from treaty_contracts.envelope import format_instant
from treaty_ledger.access.api_keys import parse_lifetime
from treaty_ledger.access.issuing import issue, keep, revoke
from treaty_ledger.commands.ending import told_in_a_line
from treaty_ledger.commands.opened import opened_api_keys
from treaty_ledger.settings import load_settings
from treaty_ledger.store.api_keys import ApiKeys, StoredKey

T = TypeVar("T")

app = typer.Typer(help="Keys with which others ask the ledger: who may record, and what.", no_args_is_help=True)


Scopes: TypeAlias = Annotated[
    list[str],
    typer.Option(
        "--scope",
        help="What for, once or several times: events:append, events:append:treaty/ID, events:append:source/URI,"
        " events:read, admin.",
    ),
]


@app.command("add", epilog="Example: treaty-ledger keys api add depositary --scope events:append:treaty/open-skies")
def add_key(
    name: Annotated[str, typer.Argument(help="Who gets the key; recorded events say key:NAME.")],
    *,
    scopes: Scopes,
    expires: Annotated[str, typer.Option(help="For how long: 90d, 12h, or `never`.")] = "365d",
    again: Annotated[bool, typer.Option("--again", help="Give a principal that has a key another one.")] = False,
) -> None:
    """Make a key and print it: this once, it is stored nowhere."""
    with told_in_a_line():
        lifetime = parse_lifetime(expires)
    key, stored = _run(lambda api_keys: issue(api_keys, name, scopes, lifetime=lifetime, again=again))
    sys.stderr.write(f"The key of {stored.name}, until {_instant(stored.expires_at, 'revoked')}; it is shown once:\n")
    sys.stdout.write(f"{key.text}\n")


@app.command("keep", epilog="Example: treaty-ledger keys api keep importer /etc/treaty/api-key --scope events:append")
def keep_key(
    name: Annotated[str, typer.Argument(help="Who has the key; recorded events say key:NAME.")],
    file: Annotated[Path, typer.Argument(help="The file, which nobody else may read.")],
    *,
    scopes: Scopes,
) -> None:
    """Let a file hold a key that counts: the one in it, or a new one that never expires. Again it changes nothing."""
    _run(lambda api_keys: keep(api_keys, name, scopes, file=file))


@app.command("list", epilog="Example: treaty-ledger keys api list")
def list_keys() -> None:
    """List every key there ever was: what it begins with, whose it is, what for, and whether it still counts."""
    now = datetime.now(UTC)
    for stored in _run(lambda api_keys: api_keys.all()):
        sys.stdout.write(f"{_line(stored, now)}\n")


@app.command("revoke", epilog="Example: treaty-ledger keys api revoke depositary")
def revoke_key(
    name: Annotated[str, typer.Argument(help="Whose keys, or what one key begins with, as `list` shows it.")],
) -> None:
    """Revoke the keys of a name, or one key; within five seconds no ledger accepts them any more."""
    for prefix in _run(lambda api_keys: revoke(api_keys, name)):
        sys.stdout.write(f"{prefix}… is revoked\n")


def _run(work: Callable[[ApiKeys], Awaitable[T]]) -> T:
    async def run() -> T:
        async with opened_api_keys(load_settings().database_url.get_secret_value()) as api_keys:
            return await work(api_keys)

    with told_in_a_line():
        return asyncio.run(run())


def _line(stored: StoredKey, now: datetime) -> str:
    if stored.revoked_at is not None:
        state = f"revoked {_instant(stored.revoked_at)}"
    else:
        state = f"{'valid' if stored.usable(now) else 'expired'} until {_instant(stored.expires_at, 'revoked')}"
    used = f"last used {_instant(stored.last_used_at)}" if stored.last_used_at else "never used"
    return f"{stored.prefix}…  {stored.name}  {' '.join(stored.scopes)}  {state}  {used}"


def _instant(instant: datetime | None, otherwise: str = "") -> str:
    return format_instant(instant) if instant else otherwise
