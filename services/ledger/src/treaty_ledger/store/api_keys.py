"""Keep API keys: never the key itself, but what recognises it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.sql import statement
from treaty_ledger.store.connections import lent


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """Hold what is known of a key."""

    name: str
    prefix: str
    sha256: bytes = field(repr=False)
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def usable(self, now: datetime) -> bool:
        """Tell whether the key is neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class ApiKeys:
    """Find, make and revoke keys. Every method raises DatabaseUnavailable."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def find(self, prefix: str) -> StoredKey | None:
        """Return the key that begins so."""
        async with lent(self._engine) as driver:
            row = await driver.fetchrow(statement("api_key"), prefix)
        return StoredKey(**{**row, "scopes": tuple(row["scopes"])}) if row else None

    async def all(self) -> list[StoredKey]:
        """Return every key there ever was, the oldest first."""
        async with lent(self._engine) as driver:
            rows = await driver.fetch(statement("api_keys"))
        return [StoredKey(**{**row, "scopes": tuple(row["scopes"])}) for row in rows]

    async def any_usable(self) -> bool:
        """Tell whether some key is neither revoked nor expired."""
        async with lent(self._engine) as driver:
            return bool(await driver.fetchval(statement("any_usable_api_key")))

    async def add(self, key: StoredKey, *, again: bool) -> bool:
        """Store a key; return whether it was: unless `again`, not when one of this name was made before."""
        async with lent(self._engine) as driver:
            row = await driver.fetchrow(
                statement("add_api_key"),
                key.name,
                key.prefix,
                key.sha256,
                list(key.scopes),
                key.made_at,
                key.expires_at,
                again,
            )
        return row is not None

    async def revoke(self, name: str) -> list[str]:
        """Revoke all keys of a name, or the one with a prefix; return the prefixes of those that were not yet."""
        async with lent(self._engine) as driver:
            rows = await driver.fetch(statement("revoke_api_keys"), name)
        return [row["prefix"] for row in rows]

    async def note_used(self, prefixes: Sequence[str]) -> None:
        """Note that keys were used just now."""
        async with lent(self._engine) as driver:
            await driver.execute(statement("note_used_api_keys"), list(prefixes))
