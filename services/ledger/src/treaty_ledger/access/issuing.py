"""Make API keys and keep them, for commands."""

import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from treaty_ledger.access.api_keys import ApiKey, check_key_name, make_api_key
from treaty_ledger.access.key_files import read_key_file, write_key_file
from treaty_ledger.access.scopes import parse_scopes
from treaty_ledger.errors import KeyNameTaken, NoSuchKey
from treaty_ledger.store.api_keys import ApiKeys, StoredKey


async def issue(
    keys: ApiKeys, name: str, scopes: Sequence[str], *, lifetime: timedelta | None, again: bool = False
) -> tuple[ApiKey, StoredKey]:
    """Make a key and store what recognises it: the key itself is nowhere but in the answer.

    Raises KeyNameRefused, KeyNameTaken, UnknownScope.
    """
    key = make_api_key()
    return key, await _store(keys, key, name, scopes=scopes, lifetime=lifetime, again=again)


async def keep(keys: ApiKeys, name: str, scopes: Sequence[str], *, file: Path) -> None:
    """Let a file hold a key that counts: the one it holds already, or a new one that never expires.

    A key that this database does not know is made known to it. Raises KeyNameRefused, UnknownScope, KeyFileUnusable.
    """
    found = read_key_file(file)
    stored = await keys.find(found.prefix) if found else None
    if found and stored is None:
        await _store(keys, found, name, scopes=scopes, lifetime=None, again=True)
    elif found is None or stored is None or not _counts(found, stored):
        key, _ = await issue(keys, name, scopes, lifetime=None, again=True)
        write_key_file(file, key)


async def revoke(keys: ApiKeys, name: str) -> list[str]:
    """Revoke every key of a name, or the one that begins so; return how they begin. Raises NoSuchKey."""
    revoked = await keys.revoke(name)
    if not revoked:
        raise NoSuchKey(name)
    return revoked


async def _store(
    keys: ApiKeys, key: ApiKey, name: str, *, scopes: Sequence[str], lifetime: timedelta | None, again: bool
) -> StoredKey:
    parse_scopes(scopes)
    now = datetime.now(UTC)
    stored = StoredKey(
        name=check_key_name(name),
        prefix=key.prefix,
        sha256=key.digest,
        scopes=tuple(scopes),
        made_at=now,
        expires_at=now + lifetime if lifetime else None,
        revoked_at=None,
        last_used_at=None,
    )
    if not await keys.add(stored, again=again):
        raise KeyNameTaken(name)
    return stored


def _counts(key: ApiKey, stored: StoredKey) -> bool:
    return stored.usable(datetime.now(UTC)) and hmac.compare_digest(stored.sha256, key.digest)
