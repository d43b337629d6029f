"""Whatever dies, what was acknowledged is recorded, and a retry tells the truth."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import asyncpg
import httpx
import pytest
from database import RunningService, drop_database, running_ledger, with_database
from ledger.facts import assert_dense, log_size, notified, post, problem, registered_treaty, whole_log

from treaty_contracts.canonical import JsonObject

WRITERS = 8
BREAKS = 6


@pytest.fixture(scope="module")
async def own_client(
    module_database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[httpx.AsyncClient]:
    """Run a ledger on a database that only this module breaks."""
    with running_ledger(module_database_url, log=tmp_path_factory.mktemp("ledger") / "own.log") as service:
        async with connected(service) as client:
            yield client


@asynccontextmanager
async def connected(service: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        yield client


async def test_a_killed_ledger_loses_nothing_it_acknowledged(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    acknowledged: dict[str, str] = {}
    async with connected(service) as client:
        treaty = await registered_treaty(client)
        facts = [notified(treaty) for _ in range(250)]
        waiting = iter(facts)

        async def write() -> None:
            for fact in waiting:
                try:
                    answer = await post(client, fact)
                except httpx.TransportError:
                    return
                acknowledged[str(fact["id"])] = answer.text
                if len(acknowledged) == 60:
                    service.kill()

        await asyncio.gather(*(write() for _ in range(WRITERS)))
    assert 60 <= len(acknowledged) < 250
    async with connected(start_ledger(database_url)) as client:
        answers = [await post(client, fact) for fact in facts]
        for fact, answer in zip(facts, answers, strict=True):
            if str(fact["id"]) in acknowledged:
                assert (answer.status_code, answer.text) == (200, acknowledged[str(fact["id"])])
            else:
                assert answer.status_code in {200, 201}
        log = await whole_log(client)
        assert_dense(log)
        assert len(log) == 251


async def test_a_connection_that_breaks_while_recording_leads_to_no_wrong_answer(
    module_database_url: str, own_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(own_client)
    size = await log_size(own_client)
    facts = [notified(treaty) for _ in range(250)]
    writing = asyncio.gather(*(_written(own_client, facts[number::WRITERS]) for number in range(WRITERS)))
    broken = await _break_appends(writing, module_database_url)
    receipts = {receipt for some in await writing for receipt in some}
    assert broken > 0
    assert len(receipts) == 250
    log = await whole_log(own_client)
    assert_dense(log)
    assert len(log) == size + 250


async def _written(client: httpx.AsyncClient, facts: list[JsonObject]) -> list[str]:
    """Post until each event is acknowledged; return the receipts."""
    receipts = []
    for fact in facts:
        while (answer := await post(client, fact)).status_code == 503:
            assert problem(answer) == "unavailable"
        assert answer.status_code in {200, 201}
        receipts.append(answer.text)
    return receipts


async def _break_appends(writing: "asyncio.Future[list[list[str]]]", database_url: str) -> int:
    """Break the appending connection while they last, in the middle of a transaction or between; return how often."""
    connection = await asyncpg.connect(database_url)
    broken = 0
    while broken < BREAKS and not writing.done():
        broken += await connection.fetchval(
            "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'ledger append'"
        )
        await asyncio.wait([writing], timeout=0.02)
    await connection.close()
    return broken


async def test_without_its_database_the_ledger_says_so_and_lives_on(
    postgres: str, database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    async with connected(start_ledger(database_url)) as client:
        treaty = await registered_treaty(client)
        await drop_database(postgres, database_url.rsplit("/", 1)[1])
        for answer in (
            await client.get("/readyz"),
            await client.get("/v1/events"),
            await post(client, notified(treaty)),
        ):
            assert problem(answer) == "unavailable"
            assert int(answer.headers["retry-after"]) > 0
        assert (await client.get("/livez")).status_code == 200


async def test_connections_that_broke_are_replaced(module_database_url: str, own_client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(own_client)
    size = await log_size(own_client)
    connection = await asyncpg.connect(with_database(module_database_url, "postgres"))
    name = module_database_url.rsplit("/", 1)[1]
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await connection.close()
    assert await log_size(own_client) == size
    assert (await post(own_client, notified(treaty))).status_code == 201


async def test_an_event_the_database_refuses_harms_no_other(
    module_database_url: str, own_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(own_client)
    connection = await asyncpg.connect(module_database_url)
    await connection.execute("ALTER TABLE ledger.events ADD CONSTRAINT no_poison CHECK (source <> 'urn:poison')")
    await connection.close()
    facts = [notified(treaty) for _ in range(20)]
    poison = {**notified(treaty), "source": "urn:poison"}
    answers = await asyncio.gather(*(post(own_client, fact) for fact in [*facts[:10], poison, *facts[10:]]))
    assert problem(answers.pop(10)) == "invalid-event"
    assert {answer.status_code for answer in answers} == {201}
    assert_dense(await whole_log(own_client))
