"""Many write at once: what is recorded is dense, in order, and seen in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import asyncpg
import httpx
import pytest
from database import RunningService
from ledger.facts import assert_dense, notified, post, problem, registered, registered_treaty, unique, whole_log

from treaty_ledger.sql import statement


async def test_posts_from_64_connections_are_dense(ledger: RunningService) -> None:
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60, limits=limits) as client:
        treaties = [await registered_treaty(client) for _ in range(5)]
        facts = [notified(treaties[number % 5]) for number in range(300)]
        answers = await asyncio.gather(*(post(client, fact) for fact in facts))
        assert {answer.status_code for answer in answers} == {201}
        log = await whole_log(client)
        assert_dense(log)
        for fact, answer in zip(facts, answers, strict=True):
            assert log[answer.json()["position"]]["event"] == fact


async def test_one_event_posted_at_once_by_many_is_recorded_once(ledger: RunningService) -> None:
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60) as client:
        treaty = await registered_treaty(client)
        fact = notified(treaty)
        answers = await asyncio.gather(*(post(client, fact) for _ in range(50)))
        assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
        assert len({answer.text for answer in answers}) == 1


async def test_one_of_those_who_saw_a_version_writes_the_next(ledger: RunningService) -> None:
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60) as client:
        treaty = await registered_treaty(client)
        answers = await asyncio.gather(*(post(client, notified(treaty), If_Match='"1"') for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [201] + [412] * 19


async def test_one_of_those_who_register_a_treaty_does(ledger: RunningService) -> None:
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60) as client:
        treaty = unique("contended")
        answers = await asyncio.gather(*(post(client, registered(treaty)) for _ in range(20)))
        assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_two_processes_write_one_log(database_url: str, start_ledger: Callable[..., RunningService]) -> None:
    services = [start_ledger(database_url), start_ledger(database_url)]
    async with (
        httpx.AsyncClient(base_url=services[0].base_url, timeout=60) as one,
        httpx.AsyncClient(base_url=services[1].base_url, timeout=60) as other,
    ):
        treaty = await registered_treaty(one)
        facts = [notified(treaty) for _ in range(100)]
        answers = await asyncio.gather(
            *(post(client, fact) for fact in facts for client in (one, other)),
        )
        assert sorted(answer.status_code for answer in answers) == [200] * 100 + [201] * 100
        log = await whole_log(other)
        assert len(log) == 101
        assert_dense(log)


@asynccontextmanager
async def appending(database_url: str, *, end: str) -> AsyncIterator[None]:
    """Hold a transaction open that has locked and inserted the next position; then `end` it."""
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    rows = await connection.fetch(statement("lock_and_read"), [], ["held-open"], [], [])
    now: datetime = rows[0]["recorded_at"]
    position = rows[1]["position"] + 1
    at = max(now, rows[1]["recorded_at"] + timedelta(microseconds=1))
    digest = position.to_bytes(32, "big")
    columns: list[list[object]] = [
        [position],
        [f"held-open-{position}"],
        [1],
        ["urn:held"],
        [str(position)],
        [digest],
        ["treaty.registered"],
        [None],
        [None],
        [at],
        ["somebody"],
        [b"{}"],
        [digest],
        [digest],
    ]
    await connection.execute(statement("append_events"), *columns, position + 1)
    try:
        yield
    finally:
        await (transaction.commit() if end == "commit" else transaction.rollback())
        await connection.close()


@pytest.mark.parametrize(("end", "seen"), [("commit", 2), ("rollback", 1)])
async def test_a_reader_never_sees_a_position_before_the_one_before_it(
    database_url: str, start_ledger: Callable[..., RunningService], end: str, seen: int
) -> None:
    service = start_ledger(database_url)
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        treaty = await registered_treaty(client)
        async with appending(database_url, end=end):
            # Position 1 is inserted and not committed. Whoever writes now waits; whoever reads sees neither.
            posting = asyncio.create_task(post(client, notified(treaty)))
            await _until_somebody_waits_for_the_lock(database_url)
            for _ in range(20):
                page = (await client.get("/v1/events")).json()
                assert (page["size"], len(page["events"])) == (1, 1)
            assert not posting.done()
        answer = await posting
        assert answer.json()["position"] == seen
        page = (await client.get("/v1/events")).json()
        assert [one["position"] for one in page["events"]] == list(range(seen + 1))


async def test_readers_beside_many_writers_see_a_dense_log_at_every_moment(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    services = [start_ledger(database_url), start_ledger(database_url)]
    async with (
        httpx.AsyncClient(base_url=services[0].base_url, timeout=60) as one,
        httpx.AsyncClient(base_url=services[1].base_url, timeout=60) as other,
    ):
        treaty = await registered_treaty(one)
        writing = asyncio.gather(*(post(client, notified(treaty)) for _ in range(100) for client in (one, other)))
        sizes = []
        while not writing.done():
            page = (await one.get("/v1/events")).json()
            assert [event["position"] for event in page["events"]] == list(range(page["size"]))
            sizes.append(page["size"])
        await writing
        assert sizes == sorted(sizes)


async def _until_somebody_waits_for_the_lock(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    async with asyncio.timeout(20):
        while not await connection.fetchval(waiting):
            pass
    await connection.close()


async def test_more_than_may_wait_is_sent_away(database_url: str, start_ledger: Callable[..., RunningService]) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_QUEUED_REQUESTS="1")
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        treaty = await registered_treaty(client)
        async with appending(database_url, end="rollback"):
            first = asyncio.create_task(post(client, notified(treaty)))
            await _until_somebody_waits_for_the_lock(database_url)
            others = [asyncio.create_task(post(client, notified(treaty))) for _ in range(3)]
            done, waiting = await asyncio.wait(others, timeout=20, return_when=asyncio.FIRST_COMPLETED)
            while len(done) < 2:
                more, waiting = await asyncio.wait(waiting, timeout=20, return_when=asyncio.FIRST_COMPLETED)
                done |= more
            for task in done:
                assert problem(task.result()) == "unavailable"
                assert int(task.result().headers["retry-after"]) > 0
        assert (await first).status_code == 201
        assert (await waiting.pop()).status_code == 201


async def test_reads_that_wait_too_long_are_sent_away_while_nothing_else_is(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_READ_CONNECTIONS="1", TREATY_LEDGER_READ_WAIT_SECONDS="0.2")
    connection = await asyncpg.connect(database_url)
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        await registered_treaty(client)
        async with connection.transaction():
            await connection.execute("LOCK TABLE ledger.events IN ACCESS EXCLUSIVE MODE")
            first = asyncio.create_task(client.get("/v1/events/0"))
            second = await client.get("/v1/events/0")
            third = await client.get("/v1/events/0")
            assert {"unavailable"} <= {problem(answer) for answer in (second, third)}
            assert (await client.get("/livez")).status_code == 200
        assert (await first).status_code in {200, 503}
        assert (await client.get("/v1/events/0")).status_code == 200
    await connection.close()
