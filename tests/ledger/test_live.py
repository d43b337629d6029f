"""The live feed gives every event once, in order, from where it is told."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
from database import RunningService
from ledger.facts import as_lines, notified, post, post_lines, problem, registered_treaty


@asynccontextmanager
async def following(
    client: httpx.AsyncClient, query: str = "", **headers: str
) -> AsyncIterator[AsyncIterator[tuple[int, dict[str, object]]]]:
    """Give the messages of a live stream: position and data."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    async with client.stream("GET", f"/v1/events/live{query}", headers=sent) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ": following"
        yield _messages(lines)


async def _messages(lines: AsyncIterator[str]) -> AsyncIterator[tuple[int, dict[str, object]]]:
    fields: dict[str, str] = {}
    async for line in lines:
        if not line and fields:
            assert fields["event"] == "recorded"
            yield int(fields["id"]), json.loads(fields["data"])
            fields = {}
        elif line and not line.startswith(":"):
            name, _, value = line.partition(": ")
            fields[name] = value


async def taken(messages: AsyncIterator[tuple[int, dict[str, object]]], count: int) -> list[int]:
    """Return the positions of the next messages."""
    async with asyncio.timeout(20):
        return [(await anext(messages))[0] for _ in range(count)]


async def test_what_is_recorded_is_told_at_once(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    async with following(client) as messages:
        fact = notified(treaty)
        receipt = (await post(client, fact)).json()
        position, recorded = await anext(messages)
    assert position == receipt["position"]
    assert recorded == (await client.get(f"/v1/events/{position}")).json()


async def test_a_stream_begins_where_it_is_told_and_goes_on(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    await post_lines(client, as_lines([notified(treaty) for _ in range(1_200)]))
    size = (await client.get("/v1/events", params={"limit": 1})).json()["size"]
    async with following(client, "?from=0") as messages:
        assert await taken(messages, size) == list(range(size))
        answers = await post_lines(client, as_lines([notified(treaty) for _ in range(700)]))
        assert await taken(messages, 700) == [answer["position"] for answer in answers]


async def test_a_stream_resumes_after_the_last_event_received(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    first = (await post(client, notified(treaty))).json()["position"]
    await post(client, notified(treaty))
    async with following(client, "?from=0", Last_Event_ID=str(first)) as messages:
        assert await taken(messages, 1) == [first + 1]


async def test_a_place_that_is_not_understood_is_refused(client: httpx.AsyncClient) -> None:
    for last in ("x", "-1", "1.5", str(10**30), "0" * 20 + "1" * 30, "0" * 20 + "1" * 4_400):
        assert problem(await client.get("/v1/events/live", headers={"Last-Event-ID": last})) == "malformed-parameter"
    assert problem(await client.get("/v1/events/live?from=x")) == "malformed-parameter"


async def test_commits_of_another_process_are_told(client: httpx.AsyncClient, second_client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    async with following(client) as messages:
        receipts = [await post(poster, notified(treaty)) for poster in (second_client, client, second_client)]
        assert await taken(messages, 3) == [answer.json()["position"] for answer in receipts]


async def test_a_silent_stream_shows_that_it_is_alive(narrow_client: httpx.AsyncClient) -> None:
    async with narrow_client.stream("GET", "/v1/events/live") as answer:
        lines = answer.aiter_lines()
        assert [await anext(lines) for _ in range(5)] == [": following", "", ": alive", "", ": alive"]


async def test_there_are_only_so_many_places(narrow_client: httpx.AsyncClient) -> None:
    async with following(narrow_client):
        answer = await narrow_client.get("/v1/events/live")
        assert problem(answer) == "unavailable"
        assert int(answer.headers["retry-after"]) > 0
    async with asyncio.timeout(20):
        while await _live_status(narrow_client) != 200:
            pass  # the service learns a moment later that the first stream was left


async def _live_status(client: httpx.AsyncClient) -> int:
    async with client.stream("GET", "/v1/events/live") as answer:
        return answer.status_code


async def test_streams_end_when_the_service_is_told_to_stop(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    async with (
        httpx.AsyncClient(base_url=service.base_url, timeout=30) as client,
        following(client) as messages,
    ):
        stopped = asyncio.create_task(asyncio.to_thread(service.stop))
        assert [message async for message in messages] == []
        assert await stopped == 0
