"""Where reads are not public, who reads says who it is."""

from collections.abc import AsyncIterator, Callable
from itertools import count

import httpx
import pytest
from database import RunningService, fresh_database, running_ledger
from ledger.clock import Clock
from ledger.facts import post, problem, registered, unique
from ledger.guarded import Guarded, bearer, make_key
from starlette.types import Message, Receive, Scope, Send

from treaty_ledger.access.gate import Gate
from treaty_ledger.access.issuing import revoke
from treaty_ledger.access.key_book import KeyBook
from treaty_ledger.commands.opened import opened_api_keys
from treaty_ledger.http.private_reads import PrivateReads

PRIVATE = (
    "/v1/events",
    "/v1/events/0",
    "/v1/events/0/proof",
    "/v1/events/live",
    "/v1/log/consistency?from=0",
    "/v1/schemas",
    "/v1/treaties/x/events",
    "/log/checkpoint",
    "/log/vkey",
    "/log/tile/0/000.p/1",
    "/metrics",
    "/openapi.json",
    "/docs",
    "/nowhere",
)
OPEN = ("/livez", "/readyz", "/problems/forbidden")


@pytest.fixture(scope="module")
async def private(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Guarded]:
    log = tmp_path_factory.mktemp("private") / "ledger.log"
    async with fresh_database(postgres, template=template) as url:
        with running_ledger(url, log=log, env={"TREATY_LEDGER_PUBLIC_READS": "false"}) as service:
            yield Guarded(service.base_url, url)


@pytest.fixture(scope="module")
async def reader(private: Guarded) -> AsyncIterator[httpx.AsyncClient]:
    async with private.client(await private.key("writer", "events:append")) as writer:
        assert (await post(writer, registered(unique("private")))).status_code == 201
    async with private.client(await private.key("reader", "events:read")) as client:
        yield client


@pytest.mark.parametrize("path", PRIVATE)
async def test_strangers_read_nothing(private: Guarded, path: str) -> None:
    async with private.client() as client:
        answer = await client.get(path)
        assert (answer.status_code, problem(answer)) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"]
        assert (await client.head(path)).status_code == 401


@pytest.mark.parametrize("path", OPEN)
async def test_whether_it_is_well_and_what_a_problem_means_is_open_to_all(private: Guarded, path: str) -> None:
    async with private.client() as client:
        assert (await client.get(path)).status_code == 200


async def test_a_key_that_only_records_reads_nothing(private: Guarded) -> None:
    async with private.client(await private.key("writer", "events:append")) as client:
        answer = await client.get("/v1/events")
    assert (answer.status_code, problem(answer)) == (403, "forbidden")


@pytest.mark.parametrize("scope", ["events:read", "admin"])
async def test_who_may_read_reads(private: Guarded, reader: httpx.AsyncClient, scope: str) -> None:
    assert (await reader.get("/v1/events")).status_code == 200
    headers = bearer(await private.key("another", scope))
    for path in ("/v1/events", "/log/checkpoint", "/metrics", "/v1/schemas"):
        assert (await reader.get(path, headers=headers)).status_code == 200


async def test_no_shared_cache_keeps_what_only_some_may_read(reader: httpx.AsyncClient) -> None:
    kept = {path: (await reader.get(path)).headers["cache-control"] for path in ("/log/vkey", "/v1/events")}
    assert kept == {"/log/vkey": "private, max-age=1", "/v1/events": "private"}
    tile = await reader.get("/log/tile/0/000.p/1")
    assert tile.headers["cache-control"] == "private, max-age=31536000, immutable"


async def test_a_long_answer_ends_when_its_readers_key_is_revoked(database_url: str) -> None:
    key = await make_key(database_url, "reader", "events:read")
    clock, sent = Clock(), list[Message]()
    async with opened_api_keys(database_url) as keys:

        async def endless(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            for number in count(1):
                await send({"type": "http.response.body", "body": b"%d" % number, "more_body": True})
                clock.now += 2
                if number == 4:
                    await revoke(keys, "reader")

        async def send(message: Message) -> None:
            sent.append(message)

        async def receive() -> Message:
            return {"type": "http.request"}

        door = PrivateReads(endless, Gate(KeyBook(keys, clock=clock), None, required=True), clock=clock)
        headers = [(b"authorization", f"Bearer {key}".encode())]
        await door({"type": "http", "method": "GET", "path": "/x", "headers": headers}, receive, send)
    bodies = [message["body"] for message in sent[1:]]
    assert bodies == [b"1", b"2", b"3", b"4", b"5", b"6", b""]
    assert sent[-1]["more_body"] is False


async def test_the_two_settings_do_not_contradict_each_other(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    with pytest.raises(AssertionError, match="TREATY_LEDGER_PUBLIC_READS=false has no effect"):
        start_ledger(database_url, TREATY_LEDGER_PUBLIC_READS="false", TREATY_LEDGER_AUTHENTICATION="none")
