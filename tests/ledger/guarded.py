"""Run a ledger that wants to know who asks, and make keys for it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import httpx
from ledger.issuer import AUDIENCE, ISSUER, Issuer

from treaty_ledger.access.issuing import issue
from treaty_ledger.commands.opened import opened_api_keys

YEAR = timedelta(days=365)


def bearer(credential: str) -> dict[str, str]:
    """Return the header that bears a credential."""
    return {"Authorization": f"Bearer {credential}"}


def settings_of(issuer: Issuer) -> dict[str, str]:
    """Return the settings that make a ledger accept an issuer's tokens."""
    return {
        "TREATY_LEDGER_AUTHENTICATION": "required",
        "TREATY_LEDGER_OIDC_ISSUER": ISSUER,
        "TREATY_LEDGER_OIDC_AUDIENCE": AUDIENCE,
        "TREATY_LEDGER_OIDC_JWKS_URL": issuer.url,
    }


async def make_key(database_url: str, name: str, *scopes: str, lifetime: timedelta | None = YEAR) -> str:
    """Make an API key; return it."""
    async with opened_api_keys(database_url) as keys:
        key, _ = await issue(keys, name, scopes, lifetime=lifetime, again=True)
    return key.text


@dataclass(frozen=True, slots=True)
class Guarded:
    """Hold a ledger that wants to know who asks."""

    base_url: str
    database_url: str

    async def key(self, name: str, *scopes: str, lifetime: timedelta | None = YEAR) -> str:
        """Make an API key; return it."""
        return await make_key(self.database_url, name, *scopes, lifetime=lifetime)

    @asynccontextmanager
    async def client(self, credential: str | None = None) -> AsyncIterator[httpx.AsyncClient]:
        """Give a client that bears a credential."""
        headers = bearer(credential) if credential else {}
        async with httpx.AsyncClient(base_url=self.base_url, headers=headers, timeout=60) as client:
            yield client
