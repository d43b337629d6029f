"""Migrate one of the two schemas, chosen by the section of `alembic.ini` (`alembic -n ledger`, `alembic -n projector`).

The database is that of `TREATY_MIGRATE_DATABASE_URL`, whose user may act as the schema's owner; else the one that the
service itself would use: `TREATY_<SECTION>_DATABASE_URL`, else `TREATY_DATABASE_URL`. Each is read from the environment
or from a file of that name in lower case below `/run/secrets` (or below TREATY_SECRETS_DIR).

Where `roles.sql` has run, everything belongs to `<section>_owner`, and after the last migration `<section>/rights.sql`
says anew what `<section>_app` may do. Where it has not, all stays with the user who migrates (see decision 0010).
"""

import asyncio
import os
import sys
from pathlib import Path

import asyncpg
from alembic import context
from alembic.util import CommandError
from migrations.sql_files import execute_script
from pydantic import AliasChoices, Field, create_model
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

HERE = Path(__file__).parent
SECRETS = Path(os.environ.get("TREATY_SECRETS_DIR", "/run/secrets"))
LOCK_TIMEOUT = "5s"
"""How long a migration may wait for a lock while it makes others wait behind it."""

ONE_AT_A_TIME = 8215
"""The advisory lock that makes a second migration wait for the first."""


def _database_url(section: str) -> str:
    names = AliasChoices("treaty_migrate_database_url", f"treaty_{section}_database_url", "treaty_database_url")
    settings = create_model(
        "MigrationSettings",
        __base__=_Settings,
        database_url=(str, Field(default="", validation_alias=names)),
    )()
    url: str = settings.model_dump()["database_url"]
    if not url:
        raise CommandError("set TREATY_DATABASE_URL to the database to migrate: postgresql://user:password@host/name")
    return url


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(secrets_dir=SECRETS if SECRETS.is_dir() else None, extra="ignore")


async def _migrate(url: str, schema: str) -> None:
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )
    async with engine.begin() as connection:
        await connection.run_sync(_run, schema)
    await engine.dispose()


def _run(connection: Connection, schema: str) -> None:
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.execute(text("SELECT set_config('lock_timeout', :timeout, true)"), {"timeout": LOCK_TIMEOUT})
    has_owner = _become_owner(connection, schema)
    context.configure(connection=connection, version_table_schema=schema, transaction_per_migration=False)
    with context.begin_transaction():
        context.run_migrations()
    if has_owner:
        execute_script(connection, HERE / schema / "rights.sql")


def _become_owner(connection: Connection, schema: str) -> bool:
    """Make the schema, in which Alembic makes its version table before the first migration runs, and act as its owner.

    Return False where there is no such role for this user or this schema: then all belongs to the user who migrates.
    """
    owner = f"{schema}_owner"
    question = text((HERE / "may_own.sql").read_text(encoding="utf-8"))
    if not connection.execute(question, {"owner": owner, "schema": schema}).scalar_one():
        sys.stderr.write(f"NOTICE: this user does not act as {owner}: whoever migrates owns the schema {schema}\n")
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
        return False
    connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {owner}"))
    connection.execute(text(f"SET LOCAL ROLE {owner}"))
    return True


if context.is_offline_mode():
    raise CommandError("these migrations need a connection: leave out --sql")
try:
    asyncio.run(_migrate(_database_url(context.config.config_ini_section), context.config.config_ini_section))
except (OSError, asyncpg.PostgresError) as error:
    sys.exit(f"cannot migrate: {error}")
