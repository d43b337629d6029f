"""Whoever follows checkpoints has each as soon as it is signed, and hears when nothing is."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from database import RunningService, running_ledger
from ledger.facts import notified, post, problem, registered_treaty

LIVE = "/v1/checkpoints/live"


@asynccontextmanager
async def following(
    client: httpx.AsyncClient, known: int | None = None, *, last_event_id: str | None = None
) -> AsyncIterator[AsyncIterator[tuple[str, dict[str, object]]]]:
    """Give the messages of a stream: what each is called, and its data."""
    params = {} if known is None else {"from_size": known}
    headers = {} if last_event_id is None else {"Last-Event-ID": last_event_id}
    async with client.stream("GET", LIVE, params=params, headers=headers) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.aiter_lines()
        assert await anext(lines) == ": following"
        async with asyncio.timeout(30):
            yield _messages(lines)


async def _messages(lines: AsyncIterator[str]) -> AsyncIterator[tuple[str, dict[str, object]]]:
    name = ""
    async for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def test_the_newest_checkpoint_is_told_at_once_and_each_new_one_as_it_is_signed(
    client: httpx.AsyncClient,
) -> None:
    treaty = await registered_treaty(client)
    async with following(client) as messages:
        size = -1  # a log that is empty is signed too
        for _ in range(3):
            position = (await post(client, notified(treaty))).json()["position"]
            while size <= position:
                name, told = await anext(messages)
                assert name == "checkpoint"
                assert isinstance(told["size"], int)
                assert told["size"] > size
                size = told["size"]
    assert told["checkpoint"] == (await client.get("/log/checkpoint")).text


async def test_a_checkpoint_that_is_known_is_not_told_again(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    async with following(client) as messages:
        known = 0
        position = (await post(client, notified(treaty))).json()["position"]
        while known <= position:
            known = int(str((await anext(messages))[1]["size"]))
    async with following(client, known) as messages, following(client, last_event_id=str(known)) as others:
        await post(client, notified(treaty))
        assert (await anext(messages))[1]["size"] == known + 1
        assert (await anext(others))[1]["size"] == known + 1


async def test_a_process_that_does_not_sign_tells_of_what_the_other_signed(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(client)
    async with following(client) as first, following(second_client) as second:
        position = (await post(client, notified(treaty))).json()["position"]
        for messages in (first, second):
            while int(str((await anext(messages))[1]["size"])) <= position:
                pass


async def test_a_place_that_is_not_understood_is_refused(client: httpx.AsyncClient) -> None:
    for query in ("?from_size=x", "?from_size=-1", "?size=1"):
        assert problem(await client.get(LIVE + query)) == "malformed-parameter"
    for last in ("x", "0" * 20 + "1" * 4_400):
        assert problem(await client.get(LIVE, headers={"Last-Event-ID": last})) == "malformed-parameter"


async def test_while_nothing_can_be_signed_it_is_told_how_much_is_recorded(database_url: str, tmp_path: Path) -> None:
    failing = {"TREATY_LEDGER_FAILPOINTS": "before-signing:lose:1.0"}
    with running_ledger(database_url, log=tmp_path / "ledger.log") as ledger:
        async with httpx.AsyncClient(base_url=ledger.base_url, timeout=30) as client:
            treaty = await registered_treaty(client)
    with running_ledger(database_url, log=tmp_path / "ledger.log", env=failing) as ledger:
        async with httpx.AsyncClient(base_url=ledger.base_url, timeout=30) as client, following(client) as messages:
            assert (await anext(messages))[0] == "checkpoint"
            position = (await post(client, notified(treaty))).json()["position"]
            name, told = await anext(messages)
    assert (name, told) == ("recorded", {"size": position + 1})


async def test_streams_end_when_the_service_is_told_to_stop(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    async with httpx.AsyncClient(base_url=service.base_url, timeout=30) as client, following(client) as messages:
        stopped = asyncio.create_task(asyncio.to_thread(service.stop))
        assert [name async for name, _ in messages] in (["checkpoint"], [])
        assert await stopped == 0


async def test_a_silent_stream_shows_that_it_is_alive(narrow_client: httpx.AsyncClient) -> None:
    async with narrow_client.stream("GET", LIVE) as answer:
        lines = answer.aiter_lines()
        async with asyncio.timeout(20):
            while await anext(lines) != ": alive":
                pass
