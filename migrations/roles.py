"""Make the roles of the database, and the logins of those who use it: `python migrations/roles.py`, as often as needed.

`TREATY_ADMIN_DATABASE_URL` leads to the database as a superuser, or as its owner with CREATEROLE. The users and
passwords of `TREATY_MIGRATE_DATABASE_URL`, `TREATY_LEDGER_DATABASE_URL` and `TREATY_PROJECTOR_DATABASE_URL` become
logins with the rights of their part; one that is not set is left out. Each may be a file of that name in lower case
below `/run/secrets` (or below TREATY_SECRETS_DIR).
"""

import asyncio
import base64
import hashlib
import hmac
import os
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import asyncpg
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path(os.environ.get("TREATY_SECRETS_DIR", "/run/secrets"))
HERE = Path(__file__).parent
ITERATIONS = 4096  # what PostgreSQL itself takes


class Addresses(BaseSettings):
    """Hold the addresses of the database, each with another user."""

    model_config = SettingsConfigDict(secrets_dir=SECRETS if SECRETS.is_dir() else None, extra="ignore")

    admin: SecretStr | None = Field(default=None, validation_alias="treaty_admin_database_url")
    migrate: SecretStr | None = Field(default=None, validation_alias="treaty_migrate_database_url")
    ledger: SecretStr | None = Field(default=None, validation_alias="treaty_ledger_database_url")
    projector: SecretStr | None = Field(default=None, validation_alias="treaty_projector_database_url")


class Unusable(Exception):
    """Say in one line which address cannot be used, and why."""


@dataclass(frozen=True, slots=True)
class Login:
    """Name a user, the part that it plays, and its password."""

    part: str
    user: str
    password: str


def main() -> None:
    """Make everything, or say in one line why not."""
    try:
        addresses = Addresses()
        asyncio.run(_make(_admin(addresses), list(_logins(addresses))))
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, Unusable) as error:
        sys.exit(f"cannot make roles: {'; '.join(str(error).splitlines())}")


def _admin(addresses: Addresses) -> str:
    if not addresses.admin:
        raise Unusable("set TREATY_ADMIN_DATABASE_URL to the database, with a user who may make roles")
    return addresses.admin.get_secret_value()


def _logins(addresses: Addresses) -> Iterator[Login]:
    seen: dict[str, str] = {}
    for part, address in (
        ("migrate", addresses.migrate),
        ("ledger", addresses.ledger),
        ("projector", addresses.projector),
    ):
        if not address:
            continue
        variable = f"TREATY_{part.upper()}_DATABASE_URL"
        stated = urlsplit(address.get_secret_value().strip())
        user, password = unquote(stated.username or ""), unquote(stated.password or "")
        if not user or not password.isascii():
            raise Unusable(f"{variable} needs a user, and a password in ASCII: postgresql://user:password@host/name")
        if user in seen:
            raise Unusable(f"{variable} has the user of {seen[user]}: each part needs a user of its own")
        seen[user] = variable
        yield Login(part, user, password)


async def _make(admin: str, logins: list[Login]) -> None:
    connection = await asyncpg.connect(admin)
    try:
        async with connection.transaction():
            await connection.execute((HERE / "roles.sql").read_text(encoding="utf-8"))
            for login in logins:
                await _let_in(connection, login)
    finally:
        await connection.close()


async def _let_in(connection: "asyncpg.Connection[asyncpg.Record]", login: Login) -> None:
    """Make a login, or bring the one that exists up to date."""
    if await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = $1", login.user):
        raise Unusable(f"{login.user} is a superuser, to whom nothing is refused: name another user for it")
    composing = (HERE / "login.sql").read_text(encoding="utf-8")
    verifier = _verifier(login.password) if login.password else None
    for (statement,) in await connection.fetch(composing, login.part, login.user, verifier):
        await connection.execute(statement)


def _verifier(password: str) -> str:
    """Return what the server keeps of a password (RFC 5803), so that no log and no view ever shows the password."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{encoded[0]}${encoded[1]}:{encoded[2]}"


if __name__ == "__main__":
    main()
