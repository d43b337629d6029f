"""A connection has only so much room and so much time, and then it is ended with a word about it."""

import asyncio
import json
from contextlib import AsyncExitStack

import httpx
import pytest
from database import RunningService
from door.conftest import LIMITS, Doors
from door.wire import Address, Connection, problem_in

HOST = b"Host: register\r\n"
GET = b"GET /livez HTTP/1.1\r\n" + HOST
POST = b"POST /v1/events HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
LINES = b"POST /v1/events HTTP/1.1\r\n" + HOST + b"Content-Type: application/jsonl\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"


def head_of(size: int) -> bytes:
    """Return a request whose line and headers have so many bytes, without the blank line that ends them."""
    begun = GET + b"X-Padding: "
    return begun + b"x" * (size - len(begun) - 2) + b"\r\n"


@pytest.mark.parametrize(
    "head",
    [
        head_of(200_000) + b"\r\n",
        head_of(200_000),
        head_of(17_000) + b"\r\n",
        GET + b"X: y\r\n" * 5_000 + b"\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /?" + b"x" * 70_000,
        GET + b"x" * 70_000,
        b"\r\n" * 40_000,
    ],
    ids=["long value", "endless value", "a little", "many", "long path", "endless query", "endless name", "nothing"],
)
async def test_a_head_beyond_16_kib_is_refused(address: Address, head: bytes) -> None:
    assert problem_in(await address.told(head)) == "head-too-large"


async def test_a_head_that_drips_beyond_16_kib_is_refused(address: Address) -> None:
    assert problem_in(await address.told(GET + b"X: ", *[b"x" * 1_000] * 40)) == "head-too-large"


async def test_a_head_of_16_kib_is_let_in(address: Address) -> None:
    async with address.connected() as connection:
        await connection.send(head_of(16_000) + b"\r\n")
        assert (await connection.answer())[0] == 200


@pytest.mark.parametrize("begun", [b"G", GET, GET + b"X: y", b"\r\n"])
async def test_a_head_that_stalls_is_refused(address: Address, begun: bytes) -> None:
    assert problem_in(await address.told(begun)) == "request-timeout"


async def test_a_head_that_drips_is_refused_all_the_same(address: Address) -> None:
    async with address.connected() as connection:
        dripping = asyncio.create_task(drip(connection, GET + b"X: " + b"x" * 2_000, every=0.05))
        assert problem_in(await connection.rest()) == "request-timeout"
        dripping.cancel()


async def test_a_second_head_has_its_time_too(address: Address) -> None:
    async with address.connected() as connection:
        await connection.send(GET + b"\r\n")
        assert (await connection.answer())[0] == 200
        await connection.send(GET)
        assert problem_in(await connection.rest()) == "request-timeout"


async def test_who_connects_and_asks_nothing_is_let_go_without_a_word(address: Address) -> None:
    assert await address.told() == b""


async def test_an_idle_connection_is_closed(address: Address) -> None:
    async with address.connected() as connection:
        await connection.send(GET + b"\r\n")
        assert (await connection.answer())[0] == 200
        assert await connection.rest() == b""


@pytest.mark.parametrize("begun", [b"Content-Length: 1000\r\n\r\n{", CHUNKED, CHUNKED + b"5\r\n{"])
async def test_a_body_that_stalls_is_refused(ledger: Address, begun: bytes) -> None:
    assert problem_in(await ledger.told(POST + begun)) == "request-timeout"


async def test_a_body_that_drips_is_refused_too(ledger: Address) -> None:
    async with ledger.connected() as connection:
        await connection.send(POST + b"Content-Length: 60000\r\n\r\n")
        dripping = asyncio.create_task(drip(connection, b" " * 2_000, every=0.05))
        assert problem_in(await connection.rest()) == "request-timeout"
        dripping.cancel()


async def test_a_slow_body_that_keeps_coming_is_taken(ledger: Address) -> None:
    async with ledger.connected() as connection:
        await connection.send(POST + b"Content-Length: 20000\r\n\r\n")
        await drip(connection, b" " * 20_000, every=0.1, at_once=1_000)
        assert (await connection.answer())[0] == 400


async def test_lines_that_stall_end_the_exchange_and_what_was_read_is_recorded(ledger: Address, doors: Doors) -> None:
    line = json.dumps(introduced("STALLED")).encode() + b"\n"
    answer = await ledger.told(LINES + CHUNKED + b"%x\r\n%b\r\n" % (len(line), line))
    assert answer.startswith(b"HTTP/1.1 200")
    assert b'"position"' in answer
    assert not answer.endswith(b"0\r\n\r\n")  # the exchange did not end well, and the client can tell
    async with httpx.AsyncClient(base_url=doors.ledger.base_url) as client:
        found = await client.get("/v1/events", params={"participant": "STALLED"})
    assert len(found.json()["events"]) == 1


async def test_lines_may_come_slowly_while_they_are_answered(ledger: Address) -> None:
    async with ledger.connected() as connection:
        await connection.send(LINES + CHUNKED)
        await drip(connection, b"2\r\n[\n\r\n" * 10, every=0.1, at_once=7)
        await connection.send(b"0\r\n\r\n")
        answer = await connection.rest()
    assert answer.count(b'"line":') == 10
    assert b"0\r\n\r\n" in answer


async def test_the_rest_of_a_refused_body_is_not_waited_for_longer_than_any_body(address: Address) -> None:
    unread = b"POST /v1/nowhere HTTP/1.1\r\n" + HOST + b"Content-Length: 1000000\r\n\r\n"
    async with address.connected() as connection:
        await connection.send(unread)
        assert (await connection.answer())[0] in {404, 405}
        dripping = asyncio.create_task(drip(connection, b"x" * 5_000, every=0.05))
        assert await connection.rest() == b""
        dripping.cancel()


async def test_a_connection_serves_on_when_the_rest_of_a_refused_body_came(address: Address) -> None:
    async with address.connected() as connection:
        await connection.send(b"POST /v1/nowhere HTTP/1.1\r\n" + HOST + b"Content-Length: 10\r\n\r\n")
        assert (await connection.answer())[0] in {404, 405}
        await connection.send(b"x" * 10 + GET + b"\r\n")
        assert (await connection.answer())[0] == 200
        await connection.send(b"\r\n")
        assert problem_in(await connection.rest()) == "request-timeout"


async def test_a_client_that_waits_to_be_asked_for_the_body_is_refused_without_it(ledger: Address) -> None:
    head = POST + b"Content-Length: 64000000\r\nExpect: 100-continue\r\n\r\n"
    async with ledger.connected() as connection:
        await connection.send(head)
        assert (await connection.answer())[0] == 413


async def test_a_client_that_waits_to_be_asked_for_its_lines_is_asked_before_it_is_answered(ledger: Address) -> None:
    async with ledger.connected() as connection:
        await connection.send(LINES + b"Content-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        assert await connection.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        await connection.send(b"[\n")
        assert b'"line":1' in await connection.rest()


async def test_an_answer_that_nobody_reads_is_given_up(ledger: Address, doors: Doors) -> None:
    fill_the_log(doors.ledger)
    ask = b"GET /v1/events HTTP/1.1\r\n" + HOST + b"Accept: application/jsonl\r\n\r\n"
    async with ledger.connected() as connection:
        await connection.send(ask * 400)
        for _ in range(4):
            assert await ledger.told() == b""  # another connection's time passes, and with it this one's
        answers = await connection.rest()
    assert answers.count(b"HTTP/1.1 200") < 400
    assert not answers.endswith(b"0\r\n\r\n")


async def test_only_so_many_connections_are_let_in(address: Address) -> None:
    async with AsyncExitStack() as stack:
        open_ones = [await stack.enter_async_context(address.connected()) for _ in range(int(LIMITS["CLIENTS"]))]
        for connection in open_ones:
            await connection.send(GET + b"\r\n")
            assert (await connection.answer())[0] == 200
        answer = await address.told(GET + b"\r\n")
        assert [await connection.rest() for connection in open_ones] == [b""] * len(open_ones)  # idle for too long
    assert problem_in(answer) == "unavailable"
    assert b"retry-after: " in answer
    async with address.connected() as connection:
        await connection.send(GET + b"\r\n")
        assert (await connection.answer())[0] == 200


async def drip(connection: Connection, data: bytes, *, every: float, at_once: int = 1) -> None:
    """Send bytes at a pace."""
    for start in range(0, len(data), at_once):
        await connection.send(data[start : start + at_once])
        await asyncio.sleep(every)


def introduced(code: str) -> dict[str, object]:
    data = {"code": code, "kind": "state", "names": [{"name": "x" * 400}] * 20}
    return {
        "specversion": "1.0",
        "id": f"door/{code}",
        "source": "urn:test",
        "type": "participant.registered",
        "subject": "participants",
        "data": data,
    }


def fill_the_log(ledger: RunningService) -> None:
    """Record more than the buffers between a service and a client hold."""
    lines = "\n".join(json.dumps(introduced(f"FILLED-{number}")) for number in range(200))
    httpx.post(
        f"{ledger.base_url}/v1/events", content=lines, headers={"Content-Type": "application/jsonl"}, timeout=60
    ).raise_for_status()
