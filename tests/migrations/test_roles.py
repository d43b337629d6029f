"""The database refuses to rewrite what is recorded: each role tries everything, and may do what it is granted."""

from collections.abc import Mapping

import pytest
from migrations.attempts import DENIED, DONE, KEPT, Connection, granted, trying

from treaty_ledger.sql import statement

LEDGER = {"events": "recorded_by", "log": "origin", "subtrees": "hash", "checkpoints": "note"}
"""The tables whose rows stay, with a column that somebody might want to change."""


def on_each(attempt: str, tables: Mapping[str, str] = LEDGER) -> list[str]:
    """Return an attempt for each table, and for a column of it where the attempt names one."""
    return [attempt.replace("TABLE_", table).replace("COLUMN_", column) for table, column in tables.items()]


CHANGES = [
    *on_each("UPDATE ledger.TABLE_ SET COLUMN_ = COLUMN_"),
    *on_each("DELETE FROM ledger.TABLE_"),
    *on_each("TRUNCATE ledger.TABLE_ CASCADE"),
]
ON_KEYS = [
    "UPDATE ledger.api_keys SET name = name",
    "UPDATE ledger.api_keys SET sha256 = sha256",
    "UPDATE ledger.api_keys SET scopes = scopes",
    "UPDATE ledger.api_keys SET expires_at = expires_at",
    "DELETE FROM ledger.api_keys",
    "TRUNCATE ledger.api_keys",
    "DROP TABLE ledger.api_keys",
]
LOCKS = [
    *on_each("SELECT 1 FROM ledger.TABLE_ FOR UPDATE"),
    *on_each("LOCK TABLE ledger.TABLE_ IN EXCLUSIVE MODE"),
]
REBUILDINGS = [
    *on_each("ALTER TABLE ledger.TABLE_ DISABLE TRIGGER ALL"),
    *on_each("ALTER TABLE ledger.TABLE_ ADD COLUMN other text"),
    *on_each("ALTER TABLE ledger.TABLE_ RENAME TO other"),
    *on_each("DROP TABLE ledger.TABLE_ CASCADE"),
    *on_each("CREATE RULE other AS ON INSERT TO ledger.TABLE_ DO INSTEAD NOTHING"),
    *on_each("CREATE INDEX ON ledger.TABLE_ (COLUMN_)"),
    "DROP TRIGGER recorded_facts_stay ON ledger.events",
    "CREATE OR REPLACE FUNCTION ledger.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "DROP FUNCTION ledger.refuse_change CASCADE",
    "ALTER FUNCTION ledger.lock_and_read SET search_path = public",
    "CREATE TABLE ledger.other ()",
    "CREATE FUNCTION ledger.other() RETURNS integer LANGUAGE sql RETURN 1",
    "ALTER SCHEMA ledger RENAME TO other",
    "DROP SCHEMA ledger CASCADE",
    "UPDATE ledger.alembic_version SET version_num = version_num",
    "DELETE FROM ledger.alembic_version",
]
ESCAPES = [
    "SET session_replication_role = replica",
    "SET ROLE ledger_owner",
    "SET ROLE projector_owner",
    "CREATE SCHEMA other",
    "CREATE ROLE other",
]
READS = [
    *on_each("SELECT 1 FROM ledger.TABLE_", {**LEDGER, "alembic_version": ""}),
    "SELECT kind FROM ledger.lock_and_read('{}', '{}', '{}', '{}')",
]
ADDITIONS = [
    "INSERT INTO ledger.log (origin) VALUES ('other') ON CONFLICT DO NOTHING",
    "INSERT INTO ledger.subtrees (level, index, hash) VALUES (1, 1, sha256(''))",
    "INSERT INTO ledger.checkpoints (size, root, note) VALUES (2, sha256(''), '')",
]
FALSE_TIMES = [
    "INSERT INTO ledger.log (origin, began_at) VALUES ('other', now()) ON CONFLICT DO NOTHING",
    "INSERT INTO ledger.checkpoints (size, root, note, signed_at) VALUES (2, sha256(''), '', now())",
]
OWNERS = """
    SELECT DISTINCT CAST(CAST(owner AS regrole) AS text) AS owner
    FROM (SELECT relnamespace, relowner FROM pg_class
          UNION ALL SELECT pronamespace, proowner FROM pg_proc
          UNION ALL SELECT oid, nspowner FROM pg_namespace) AS owned (schema, owner)
    WHERE schema = to_regnamespace($1)
"""


@pytest.mark.parametrize("attempt", [*CHANGES, *ON_KEYS, *LOCKS, *REBUILDINGS, *ESCAPES, *FALSE_TIMES])
async def test_the_ledger_may_change_nothing(connections: Mapping[str, Connection], attempt: str) -> None:
    assert await trying(connections["ledger"], attempt) == DENIED


@pytest.mark.parametrize("attempt", [*READS, *ADDITIONS])
async def test_the_ledger_may_read_and_add(connections: Mapping[str, Connection], attempt: str) -> None:
    assert await trying(connections["ledger"], attempt) == DONE


@pytest.mark.parametrize("attempt", [*READS, *ADDITIONS, *CHANGES, *LOCKS, *REBUILDINGS, *ESCAPES])
async def test_the_projector_may_do_nothing_in_the_ledgers_schema(
    connections: Mapping[str, Connection], attempt: str
) -> None:
    assert await trying(connections["projector"], attempt) == DENIED


@pytest.mark.parametrize("attempt", CHANGES)
async def test_not_even_the_owner_changes_what_is_recorded(connections: Mapping[str, Connection], attempt: str) -> None:
    assert await trying(connections["migrate"], attempt) == KEPT
    assert await trying(connections["migrate"], "SET ROLE ledger_owner", attempt) == KEPT


@pytest.mark.parametrize("attempt", CHANGES)
@pytest.mark.parametrize("session", ["origin", "replica", "local"])
async def test_not_even_a_superuser_changes_what_is_recorded_while_the_triggers_stand(
    connections: Mapping[str, Connection], attempt: str, session: str
) -> None:
    pretending = f"SET LOCAL session_replication_role = {session}"
    assert await trying(connections["superuser"], pretending, attempt) == KEPT


async def test_the_owner_cannot_pretend_to_replicate_or_make_roles(connections: Mapping[str, Connection]) -> None:
    for attempt in ("SET session_replication_role = replica", "CREATE ROLE other"):
        assert await trying(connections["migrate"], attempt) == DENIED


@pytest.mark.parametrize(
    ("disabling", "change"),
    list(zip(on_each("ALTER TABLE ledger.TABLE_ DISABLE TRIGGER USER"), CHANGES[: len(LEDGER)], strict=True)),
)
@pytest.mark.parametrize("part", ["migrate", "superuser"])
async def test_only_who_takes_the_trigger_away_gets_past_it(
    connections: Mapping[str, Connection], part: str, disabling: str, change: str
) -> None:
    """The limit of what a database can refuse, which SECURITY.md states."""
    assert await trying(connections[part], disabling, change) == DONE


async def test_no_service_changes_what_version_its_schema_has(connections: Mapping[str, Connection]) -> None:
    for part in ("ledger", "projector"):
        for verb in ("DELETE FROM", "TRUNCATE", "DROP TABLE"):
            assert await trying(connections[part], f"{verb} {part}.alembic_version") == DENIED


async def test_the_ledger_is_granted_what_its_statements_need(connections: Mapping[str, Connection]) -> None:
    assert await granted(connections["superuser"], "ledger", "ledger_app") == {
        "ledger": {"USAGE"},
        "lock_and_read": {"EXECUTE"},
        "events": {"SELECT", "INSERT"},
        "subtrees": {"SELECT", "INSERT"},
        "log": {"SELECT"},
        "log.origin": {"INSERT"},
        "checkpoints": {"SELECT"},
        **{f"checkpoints.{column}": {"INSERT"} for column in ("size", "root", "note")},
        "api_keys": {"SELECT"},
        **{
            f"api_keys.{column}": {"INSERT"}
            for column in ("name", "prefix", "sha256", "scopes", "made_at", "expires_at")
        },
        **{f"api_keys.{column}": {"UPDATE"} for column in ("revoked_at", "last_used_at")},
        "alembic_version": {"SELECT"},
    }


@pytest.mark.parametrize(("schema", "role"), [("ledger", "projector_app"), ("projector", "ledger_app")])
async def test_neither_service_is_granted_anything_of_the_other(
    connections: Mapping[str, Connection], schema: str, role: str
) -> None:
    assert await granted(connections["superuser"], schema, role) == {}


@pytest.mark.parametrize("schema", ["ledger", "projector"])
async def test_everything_in_a_schema_belongs_to_its_owner(connections: Mapping[str, Connection], schema: str) -> None:
    owners = await connections["superuser"].fetch(OWNERS, schema)
    assert [owner for (owner,) in owners] == [f"{schema}_owner"]


async def test_nobody_logs_in_as_a_role_that_holds_rights(connections: Mapping[str, Connection]) -> None:
    roles = [f"{schema}_{end}" for schema in ("ledger", "projector") for end in ("owner", "app")]
    found = await connections["superuser"].fetch(
        "SELECT rolname, rolcanlogin OR rolsuper OR rolcreaterole OR rolbypassrls"
        " FROM pg_roles WHERE rolname = ANY($1)",
        roles,
    )
    assert dict(map(tuple, found)) == dict.fromkeys(roles, False)


@pytest.mark.parametrize(
    ("part", "timeouts"),
    [("ledger", ("4s", "20s", "10s")), ("projector", ("4s", "1min", "1min")), ("migrate", ("0", "10min", "1min"))],
)
async def test_every_login_has_limits_to_its_time(
    connections: Mapping[str, Connection], part: str, timeouts: tuple[str, ...]
) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    assert tuple([await connections[part].fetchval(f"SHOW {name}") for name in names]) == timeouts


async def test_a_revoked_key_stays_revoked(connections: Mapping[str, Connection]) -> None:
    made = (
        "INSERT INTO ledger.api_keys (name, prefix, sha256, scopes, made_at)"
        " VALUES ('ministry', 'trk_00000000', sha256(''), '{admin}', now())"
    )
    revoked = "UPDATE ledger.api_keys SET revoked_at = now(), last_used_at = now()"
    assert await trying(connections["ledger"], made, revoked) == DONE
    for revival in (
        "UPDATE ledger.api_keys SET revoked_at = NULL",
        "UPDATE ledger.api_keys SET revoked_at = now() + interval '1 day'",
    ):
        assert await trying(connections["ledger"], made, revoked, revival) == "a revoked key stays revoked"


async def test_every_table_of_the_ledger_keeps_its_rows(connections: Mapping[str, Connection]) -> None:
    """A new table must be tried above, and must have the trigger unless its rows may change."""
    tables = await connections["superuser"].fetch(
        "SELECT relname FROM pg_class WHERE relnamespace = CAST('ledger' AS regnamespace) AND relkind = 'r'"
    )
    assert {name for (name,) in tables} == {*LEDGER, "api_keys", "alembic_version"}


async def test_a_fact_is_there_after_all_attempts(connections: Mapping[str, Connection]) -> None:
    assert await connections["ledger"].fetchval(statement("log_size")) == 1
