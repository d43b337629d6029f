"""Under synchronous replication nothing is published before a standby has it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from database import create_template, fresh_database, running_ledger
from ledger.facts import notified, post, problem, registered_treaty
from ledger.logs import checkpoint, connected, signed_beyond

from treaty_standalone.postgres import start

WAITING = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = $1"


@pytest.fixture
async def own_database(tmp_path: Path) -> AsyncIterator[str]:
    """Give a database on a server of one's own, whose replication a test may set."""
    with start(tmp_path / "postgres") as server:
        template = await create_template(server.url())
        async with fresh_database(server.url(), template=template) as url:
            yield url


@asynccontextmanager
async def without_its_standby(
    connection: "asyncpg.Connection[asyncpg.Record]", database_url: str
) -> AsyncIterator[None]:
    """Let commits wait for a standby that is away, while the block runs; the server takes a moment to see to it."""
    await connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'away'")
    await connection.execute("SELECT pg_reload_conf()")
    trying = await asyncpg.connect(database_url, server_settings={"application_name": "trying"})
    commits = asyncio.create_task(_commit_until_told_otherwise(trying))
    await give_up_waiting(connection, "trying")
    commits.cancel()
    await asyncio.wait([commits])
    trying.terminate()
    try:
        yield
    finally:
        await connection.execute("SET synchronous_commit = local")
        await connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
        await connection.execute("SELECT pg_reload_conf()")


async def _commit_until_told_otherwise(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    while True:
        await connection.execute("SELECT pg_logical_emit_message(true, 'test', '')")


async def give_up_waiting(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> None:
    """Tell a commit of the ledger to wait no longer for the standby, as an impatient operator would."""
    async with asyncio.timeout(20):
        while (pid := await connection.fetchval(WAITING, name)) is None:
            pass
    await connection.execute("SELECT pg_cancel_backend($1)", pid)


async def refused(client: httpx.AsyncClient) -> httpx.Response:
    """Return the answer of a ledger that is not ready, once it says so."""
    async with asyncio.timeout(20):
        while (answer := await client.get("/readyz")).status_code == httpx.codes.OK:
            pass
    return answer


async def test_what_the_standby_may_lack_is_not_published(own_database: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(own_database)
    with running_ledger(own_database, log=tmp_path / "ledger.log") as service:
        async with connected(service) as client:
            treaty = await registered_treaty(client)
            before = await signed_beyond(client, 0)
            async with without_its_standby(connection, own_database):
                posting = asyncio.create_task(post(client, notified(treaty)))
                await give_up_waiting(connection, "ledger append")
                await posting
                await give_up_waiting(connection, "ledger log")
                answer = await refused(client)
                assert problem(answer) == "unavailable"
                assert "Nothing is signed before a standby has it" in answer.json()["detail"]
                assert await checkpoint(client) == before
            signed = await signed_beyond(client, before.size)
            assert signed.size == before.size + 1
    await connection.close()
