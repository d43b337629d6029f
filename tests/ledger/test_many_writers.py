"""Many write at once: what is recorded is dense, in order, and seen in order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from itertools import cycle

import asyncpg
import httpx
import pytest
from database import RunningService
from ledger.facts import (
    assert_dense,
    log_size,
    notified,
    post,
    problem,
    registered,
    registered_treaty,
    unique,
    whole_log,
)

from treaty_contracts.canonical import canonical_bytes
from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.merkle import leaf_hash
from treaty_ledger.sql import statement


async def test_posts_from_64_connections_are_dense(ledger: RunningService, client: httpx.AsyncClient) -> None:
    treaties = [await registered_treaty(client) for _ in range(5)]
    facts = [notified(treaty) for treaty, _ in zip(cycle(treaties), range(220), strict=False)]
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60, limits=limits) as many:
        answers = await asyncio.gather(*(post(many, fact) for fact in facts))
    assert {answer.status_code for answer in answers} == {201}
    log = await whole_log(client)
    assert_dense(log)
    assert [log[answer.json()["position"]]["event"] for answer in answers] == facts


async def test_one_event_posted_at_once_by_many_is_recorded_once(client: httpx.AsyncClient) -> None:
    fact = notified(await registered_treaty(client))
    answers = await asyncio.gather(*(post(client, fact) for _ in range(50)))
    assert sorted(answer.status_code for answer in answers) == [200] * 49 + [201]
    assert len({answer.text for answer in answers}) == 1


async def test_one_of_those_who_saw_a_version_writes_the_next(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    answers = await asyncio.gather(*(post(client, notified(treaty), If_Match='"1"') for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [412] * 19


async def test_one_of_those_who_register_a_treaty_does(client: httpx.AsyncClient) -> None:
    treaty = unique("contended")
    answers = await asyncio.gather(*(post(client, registered(treaty)) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 19


async def test_two_processes_write_one_log(client: httpx.AsyncClient, second_client: httpx.AsyncClient) -> None:
    facts = [notified(await registered_treaty(client)) for _ in range(60)]
    before = await log_size(client)
    answers = await asyncio.gather(*(post(poster, fact) for fact in facts for poster in (client, second_client)))
    assert sorted(answer.status_code for answer in answers) == [200] * 60 + [201] * 60
    log = await whole_log(second_client)
    assert len(log) == before + 60
    assert_dense(log)


async def test_readers_beside_many_writers_see_a_dense_log_at_every_moment(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(client)
    start = await log_size(client)
    posters = (client, second_client)
    writing = asyncio.gather(*(post(poster, notified(treaty)) for _ in range(100) for poster in posters))
    sizes = []
    while not writing.done():
        page = (await client.get("/v1/events", params={"from": start})).json()
        assert [event["position"] for event in page["events"]] == list(range(start, page["size"]))
        sizes.append(page["size"])
    await writing
    assert sizes == sorted(sizes)


@asynccontextmanager
async def appending(database_url: str, *, end: str) -> AsyncIterator[None]:
    """Hold a transaction open that has taken the lock and inserted the next position; then `end` it."""
    connection = await asyncpg.connect(database_url)
    transaction = connection.transaction()
    await transaction.start()
    now, head = await connection.fetch(statement("lock_and_read"), [], [], [], [])
    at = max(now["recorded_at"], head["recorded_at"] + timedelta(microseconds=1))
    position, stream = head["position"] + 1, unique("held-open")
    content = canonical_bytes(registered(stream))
    digest = sha256(content).digest()
    values = [position, stream, 1, "urn:held", stream, digest, "treaty.registered", None, None]
    values += [at, "somebody", content, digest, leaf_hash(leaf(content, format_instant(at), "somebody"))]
    await connection.execute(statement("append_events"), *([value] for value in values), position + 1)
    try:
        yield
    finally:
        await (transaction.commit() if end == "commit" else transaction.rollback())
        await connection.close()


async def _until_waiting(database_url: str, kind: str) -> None:
    """Return once somebody waits for a lock of that kind."""
    connection = await asyncpg.connect(database_url)
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = $1 AND NOT granted"
    async with asyncio.timeout(20):
        while not await connection.fetchval(waiting, kind):
            pass
    await connection.close()


@pytest.mark.parametrize(("end", "follows"), [("commit", 1), ("rollback", 0)])
async def test_a_reader_never_sees_a_position_before_the_one_before_it(
    ledger_database_url: str, client: httpx.AsyncClient, end: str, follows: int
) -> None:
    treaty = await registered_treaty(client)
    size = await log_size(client)
    async with appending(ledger_database_url, end=end):
        # The next position is inserted, not committed: whoever writes now waits, and whoever reads sees neither.
        posting = asyncio.create_task(post(client, notified(treaty)))
        await _until_waiting(ledger_database_url, "advisory")
        for _ in range(10):
            page = (await client.get("/v1/events", params={"from": size - 1})).json()
            assert [page["size"], *(one["position"] for one in page["events"])] == [size, size - 1]
        assert not posting.done()
    assert (await posting).json()["position"] == size + follows
    page = (await client.get("/v1/events", params={"from": size})).json()
    assert [one["position"] for one in page["events"]] == list(range(size, size + follows + 1))


async def test_more_than_may_wait_is_sent_away(ledger_database_url: str, narrow_client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(narrow_client)
    async with appending(ledger_database_url, end="rollback"):
        first = asyncio.create_task(post(narrow_client, notified(treaty)))
        await _until_waiting(ledger_database_url, "advisory")
        others = [asyncio.create_task(post(narrow_client, notified(treaty))) for _ in range(3)]
        sent_away = [done.result() for done in await _first_two(others)]
        assert [problem(answer) for answer in sent_away] == ["unavailable"] * 2
        assert all(int(answer.headers["retry-after"]) > 0 for answer in sent_away)
    assert (await first).status_code == 201
    assert sorted([(await other).status_code for other in others]) == [201, 503, 503]


async def _first_two(tasks: list[asyncio.Task[httpx.Response]]) -> set[asyncio.Task[httpx.Response]]:
    """Wait until two tasks are done; return them."""
    done: set[asyncio.Task[httpx.Response]] = set()
    while len(done) < 2:
        more, _ = await asyncio.wait(set(tasks) - done, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    return done


async def test_reads_that_wait_too_long_are_sent_away(
    ledger_database_url: str, narrow_client: httpx.AsyncClient
) -> None:
    await registered_treaty(narrow_client)
    connection = await asyncpg.connect(ledger_database_url)
    async with connection.transaction():
        await connection.execute("LOCK TABLE ledger.events IN ACCESS EXCLUSIVE MODE")
        first = asyncio.create_task(narrow_client.get("/v1/events/0"))
        await _until_waiting(ledger_database_url, "relation")
        assert problem(await narrow_client.get("/v1/events/0")) == "unavailable"
        assert (await narrow_client.get("/livez")).status_code == 200
    await connection.close()
    assert (await first).status_code == 200
