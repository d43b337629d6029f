"""JSON Lines are a stream in both directions."""

import asyncio
import json
import socket

import httpx
from database import RunningService
from ledger.facts import (
    as_lines,
    assert_dense,
    log_size,
    notified,
    post_lines,
    registered,
    registered_treaty,
    unique,
    whole_log,
)


async def test_each_line_is_answered_in_order(client: httpx.AsyncClient) -> None:
    treaty = unique("lines")
    answers = await post_lines(client, as_lines([registered(treaty), notified(treaty), notified(treaty)]))
    assert [answer["line"] for answer in answers] == [1, 2, 3]
    assert [answer["version"] for answer in answers] == [1, 2, 3]
    assert set(answers[0]) == {"line", "position", "treaty", "version", "recorded_at", "leaf_hash", "replayed"}


async def test_thousands_of_lines_are_dense_and_in_order(client: httpx.AsyncClient) -> None:
    treaty = unique("lines")
    facts = [registered(treaty), *(notified(treaty) for _ in range(2_500))]
    answers = await post_lines(client, as_lines(facts))
    assert [answer["line"] for answer in answers] == list(range(1, 2_502))
    assert_dense(await whole_log(client))
    stored = (await client.get(f"/v1/events?treaty={treaty}", headers={"Accept": "application/jsonl"})).text
    assert [json.loads(line)["event"] for line in stored.splitlines()] == facts


async def test_a_bad_line_stops_nothing(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    content = b"\n".join(
        [b"{", as_lines([notified(treaty, "ZZZ")]).strip(), b"x" * 70_000, as_lines([notified(treaty)]).strip()]
    )
    answers = await post_lines(client, content)
    problems = [answer["problem"]["type"] for answer in answers[:3]]  # type: ignore[index,call-overload]
    assert problems == ["/problems/malformed-json", "/problems/unknown-participant", "/problems/too-large"]
    assert (answers[3]["line"], answers[3]["version"]) == (4, 2)


async def test_blank_lines_count_but_are_not_answered(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    first, second = (as_lines([notified(treaty)]).strip() for _ in range(2))
    answers = await post_lines(client, b"\r\n" + first + b"\r\n\n  \n" + second)
    assert [answer["line"] for answer in answers] == [2, 5]


async def test_no_lines_are_no_answers(client: httpx.AsyncClient) -> None:
    assert await post_lines(client, b"") == []


async def test_a_repeated_line_gets_the_first_receipt(client: httpx.AsyncClient) -> None:
    content = as_lines([registered(unique("lines"))])
    first, again = await post_lines(client, content + content)
    assert (first.pop("replayed"), again.pop("replayed")) == (False, True)
    assert {**first, "line": 2} == again


async def test_an_error_may_stop_the_rest(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    for bad in (b"{", as_lines([notified(treaty, "ZZZ")]).strip()):
        lines = [as_lines([notified(treaty)]).strip(), bad, as_lines([notified(treaty)]).strip()]
        before = await log_size(client)
        answers = await post_lines(client, b"\n".join(lines), query="?stop_on_error=true")
        assert [answer["line"] for answer in answers] == [1, 2]
        assert "problem" in answers[1]
        assert await log_size(client) == before + 1


async def test_a_line_is_answered_while_the_next_is_awaited(ledger: RunningService, client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    url = httpx.URL(ledger.base_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/jsonl\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
    for number in (1, 2):
        line = as_lines([notified(treaty)])
        writer.write(b"%x\r\n%b\r\n" % (len(line), line))
        await reader.readuntil(b'"line":%d' % number)
    writer.write(b"0\r\n\r\n")
    await reader.readuntil(b"0\r\n\r\n")
    writer.close()
    await writer.wait_closed()


async def test_a_client_that_reads_late_gets_every_answer(ledger: RunningService) -> None:
    treaty = unique("late")
    facts = [registered(treaty), *(notified(treaty) for _ in range(3_000))]
    url = httpx.URL(ledger.base_url)
    narrow = socket.create_connection((url.host, url.port))
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**15)
    reader, writer = await asyncio.open_connection(sock=narrow, limit=2**15)
    content = as_lines(facts)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/jsonl\r\nConnection: close\r\n"
        b"Content-Length: %d\r\n\r\n" % len(content)
    )
    writer.write(content)
    await writer.drain()
    answer = await reader.read(-1)
    writer.close()
    await writer.wait_closed()
    assert answer.count(b'"line":') == len(facts)
    assert b'"problem"' not in answer


async def test_lines_take_no_condition(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/jsonl", "If-Match": '"1"'}
    answer = await client.post("/v1/events", content=b"", headers=headers)
    assert answer.status_code == 400
