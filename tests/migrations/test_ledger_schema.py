"""The schema appears in one step, once, and keeps what is recorded."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from database import ROOT, fresh_database, migrate
from migrations.rows import NOW, insert

from treaty_ledger.sql import statement

TABLES = (
    "SELECT table_schema, table_name, column_name, data_type, is_nullable FROM information_schema.columns"
    " WHERE table_schema = 'ledger' ORDER BY table_name, ordinal_position"
)


@pytest.fixture
async def connection(database_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(database_url)
    yield connection
    await connection.close()


async def test_migrating_twice_changes_nothing(postgres: str) -> None:
    async with fresh_database(postgres) as url:
        states = []
        for _ in range(2):
            done = migrate(url, "ledger")
            assert done.returncode == 0, done.stderr
            connection = await asyncpg.connect(url)
            states.append((await connection.fetch(TABLES), await connection.fetchval(statement("schema_revision"))))
            await connection.close()
        assert states[0] == states[1]
        assert states[0][0]


def test_migrations_only_go_forward() -> None:
    for path in sorted((ROOT / "migrations" / "ledger").glob("*.py")):
        assert "def downgrade" not in path.read_text()


def test_the_lock_and_the_reading_are_statements_of_their_own() -> None:
    """In one statement the reading would see the log as it was before the wait, and positions would be given twice."""
    script = (ROOT / "migrations" / "ledger" / "0001_events.sql").read_text()
    body = script.split("CREATE FUNCTION ledger.lock_and_read")[1]
    assert "VOLATILE" in body
    statements = [part.strip() for part in body.split("BEGIN\n")[1].split(";\n")]
    assert statements[0] == "PERFORM pg_advisory_xact_lock(8214)"
    assert statements[1].startswith("RETURN QUERY")
    assert "pg_advisory" not in statements[1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger.events SET recorded_by = 'other'",
        "DELETE FROM ledger.events",
        "TRUNCATE ledger.events CASCADE",
    ],
)
@pytest.mark.parametrize("role", ["origin", "replica"])
async def test_what_is_recorded_is_never_changed(
    connection: "asyncpg.Connection[asyncpg.Record]", change: str, role: str
) -> None:
    await insert(connection, [0])
    await connection.execute(f"SET session_replication_role = {role}")
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="never changed"):
        await connection.execute(change)
    assert await connection.fetchval(statement("log_size")) == 1


@pytest.mark.parametrize("positions", [[1], [0, 2], [0, 1, 3]])
async def test_a_gap_between_positions_is_refused(
    connection: "asyncpg.Connection[asyncpg.Record]", positions: list[int]
) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="dense"):
        await insert(connection, positions)


async def test_an_earlier_instant_at_a_later_position_is_refused(
    connection: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    await insert(connection, [0, 1])
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="in order"):
        await insert(connection, [2], at=NOW)
    await insert(connection, [2], at=NOW + timedelta(seconds=1))


async def test_a_commit_is_announced_with_the_size_of_the_log(
    connection: "asyncpg.Connection[asyncpg.Record]", database_url: str
) -> None:
    heard: list[object] = []
    listener = await asyncpg.connect(database_url)
    await listener.add_listener("ledger_head", lambda *message: heard.append(message[-1]))
    await insert(connection, [0, 1, 2])
    await listener.execute("SELECT 1")
    assert heard == ["3"]
    await listener.close()


def test_every_statement_says_what_it_answers() -> None:
    files = sorted(Path(ROOT / "services/ledger/src/treaty_ledger/sql").glob("*.sql"))
    assert files
    for path in files:
        first = path.read_text().splitlines()[0]
        assert first.startswith("-- "), path
        assert "Index: " in first, path
