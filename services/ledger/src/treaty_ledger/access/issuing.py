"""Make API keys and keep them, for commands."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from treaty_ledger.access.api_keys import ApiKey, check_key_name, make_api_key
from treaty_ledger.access.scopes import parse_scopes
from treaty_ledger.errors import KeyNameTaken, NoSuchKey
from treaty_ledger.store.api_keys import ApiKeys, StoredKey


async def issue(
    keys: ApiKeys, name: str, scopes: Sequence[str], *, lifetime: timedelta | None, again: bool = False
) -> tuple[ApiKey, StoredKey]:
    """Make a key and store what recognises it: the key itself is nowhere but in the answer.

    Raises KeyNameRefused, KeyNameTaken, UnknownScope.
    """
    parse_scopes(scopes)
    key, now = make_api_key(), datetime.now(UTC)
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
    return key, stored


async def revoke(keys: ApiKeys, name: str) -> list[str]:
    """Revoke every key of a name, or the one that begins so; return how they begin. Raises NoSuchKey."""
    revoked = await keys.revoke(name)
    if not revoked:
        raise NoSuchKey(name)
    return revoked
