"""Whatever is posted, the answer is a problem of the client's, never a fault of ours."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from database import RunningService
from ledger.facts import notified, post, problem, registered, unique

GOOD = json.dumps(registered("never-recorded"))


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b"", "malformed-json"),
        (b"{", "malformed-json"),
        (b"\xff\xfe{\x00}\x00", "malformed-json"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "malformed-json"),
        (GOOD.replace('"id"', '"source": "urn:other", "id"').encode(), "malformed-json"),
        (GOOD.replace("A treaty", "\\ud800").encode(), "malformed-json"),
        (GOOD.replace("{}", '{"x": NaN}').encode(), "malformed-json"),
        (GOOD.replace("{}", '{"x": 1e999}').encode(), "malformed-json"),
        (GOOD.replace("{}", f'{{"x": {"9" * 5_000}}}').encode(), "malformed-json"),
        (GOOD.replace("{}", "[" * 900 + "]" * 900).encode(), "malformed-json"),
        (GOOD.replace("A treaty", "\\u0000").encode(), "malformed-json"),
        (b"[]", "invalid-event"),
        (b"null", "invalid-event"),
        (GOOD.replace("A treaty", "").encode(), "invalid-event"),
        (GOOD.replace('"1.0"', '"0.3"').encode(), "invalid-event"),
        (GOOD.replace('"id"', '"unknown_field": 1, "id"').encode(), "invalid-event"),
        (GOOD.replace("treaty.registered", "treaty.imagined").encode(), "unknown-event-type"),
        (GOOD.replace('"clauses"', '"unknown": 1, "clauses"').encode(), "invalid-event"),
        (b'{"x": "' + b"x" * 61_440 + b'"}', "too-large"),
    ],
)
async def test_a_body_that_is_no_event_is_refused(client: httpx.AsyncClient, body: bytes, name: str) -> None:
    answer = await client.post("/v1/events", content=body, headers={"Content-Type": "application/json"})
    assert problem(answer) == name
    assert answer.json()["detail"]


@pytest.mark.parametrize("name", ["position", "version", "recorded_at", "recorded_by", "leaf_hash"])
async def test_what_the_ledger_sets_nobody_else_sets(client: httpx.AsyncClient, name: str) -> None:
    answer = await post(client, {**registered(unique("assigned")), name: "x"})
    assert problem(answer) == "invalid-event"
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
    ],
)
async def test_other_media_types_and_encodings_are_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    answer = await client.post("/v1/events", content=gzip.compress(GOOD.encode()), headers=headers)
    assert problem(answer) == "unsupported-media-type"
    assert "application/jsonl" in answer.headers["accept-post"]


async def test_a_batch_of_too_many_or_too_large_is_refused(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/cloudevents-batch+json"}
    many = json.dumps([notified("never-recorded") for _ in range(1_001)])
    assert problem(await client.post("/v1/events", content=many, headers=headers)) == "too-large"
    large = b"[" + b" " * 5 * 2**20 + b"]"
    assert problem(await client.post("/v1/events", content=large, headers=headers)) == "too-large"
    one = json.dumps([{**registered("never-recorded"), "data": {"x": "y" * 70_000}}])
    assert problem(await client.post("/v1/events", content=one, headers=headers)) == "invalid-event"
    assert problem(await client.post("/v1/events", content=b"{}", headers=headers)) == "invalid-event"


async def test_a_body_without_end_is_refused_at_the_limit(client: httpx.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(10_000):
            yield b" " * 1_000

    answer = await client.post(
        "/v1/events",
        content=endless(),
        headers={"Content-Type": "application/json"},
    )
    assert problem(answer) == "too-large"


@pytest.mark.parametrize("query", ["stop_on_error=true", "dry_run=true"])
async def test_one_event_takes_no_parameters(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.post(f"/v1/events?{query}", content=GOOD, headers={"Content-Type": "application/json"})
    assert problem(answer) == "malformed-parameter"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: 4\r\nContent-Length: 40\r\n",
        b"Content-Length : 4\r\n",
    ],
)
async def test_a_request_inside_a_request_is_refused(ledger: RunningService, headers: bytes) -> None:
    url = httpx.URL(ledger.base_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    first = (
        b"POST /v1/events HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/json\r\n" + headers + b"\r\n0\r\n\r\n"
    )
    # In one piece: what arrives after the refusal would reset the connection before the refusal is read.
    writer.write(first + b"GET /v1/events HTTP/1.1\r\nHost: ledger\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1") == 1
