"""Who may record, and what, with an API key."""

import asyncio
import json
from datetime import timedelta

import httpx
import pytest
from ledger.facts import as_lines, log_size, notified, post, post_batch, post_lines, problem, registered, unique
from ledger.guarded import Guarded, bearer

from treaty_contracts.canonical import JsonObject


def errors(answer: httpx.Response) -> list[str]:
    """Return where a problem says something is wrong."""
    return [error["pointer"] for error in answer.json().get("errors", [])]


async def recorded_by(client: httpx.AsyncClient, answer: httpx.Response) -> str:
    """Return who recorded what was just posted."""
    assert answer.status_code == 201, answer.text
    name: str = (await client.get(answer.headers["location"])).json()["recorded_by"]
    return name


async def test_the_holder_of_a_key_stands_in_the_record(guarded: Guarded) -> None:
    async with guarded.client(await guarded.key("depositary", "events:append")) as client:
        assert await recorded_by(client, await post(client, registered(unique("keyed")))) == "key:depositary"
        answer = await post_batch(client, [registered(unique("keyed"))])
        assert answer.status_code == 201
        (line,) = await post_lines(client, as_lines([registered(unique("keyed"))]))
        assert "position" in line


async def test_who_says_nothing_records_nothing(guarded: Guarded) -> None:
    async with guarded.client() as client:
        before = await log_size(client)
        answer = await post(client, registered(unique("stranger")))
        assert (answer.status_code, problem(answer)) == (401, "unauthenticated")
        assert answer.headers["www-authenticate"] == 'Bearer realm="treaty-ledger"'
        assert await log_size(client) == before


@pytest.mark.parametrize(
    "header",
    [
        "Basic dXNlcjpwYXNzd29yZA==",
        "Bearer",
        "Bearer two words",
        "Bearer trk_short",
        "Bearer trk_AAAAAAAA_" + "A" * 43,
        "Bearer " + "x" * 10_000,
        "Bearer =",
        "trk_AAAAAAAA_" + "A" * 43,
    ],
)
async def test_a_credential_that_is_none_is_refused(guarded: Guarded, header: str) -> None:
    async with guarded.client() as client:
        answer = await client.post("/v1/events", json=registered("x"), headers={"Authorization": header})
    assert (answer.status_code, problem(answer)) == (401, "unauthenticated")
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


async def test_two_credentials_are_no_request(guarded: Guarded) -> None:
    key = await guarded.key("twice", "events:append")
    headers = [("Authorization", f"Bearer {key}")] * 2
    async with guarded.client() as client:
        answer = await client.post("/v1/events", json=registered(unique("twice")), headers=headers)
    assert (answer.status_code, problem(answer)) == (400, "malformed-request")


async def test_a_key_with_another_ending_is_refused(guarded: Guarded) -> None:
    key = await guarded.key("altered", "events:append")
    other = key[:-1] + ("A" if key[-1] != "A" else "B")
    async with guarded.client(other) as client:
        assert problem(await post(client, registered(unique("altered")))) == "unauthenticated"


async def test_an_expired_key_is_refused(guarded: Guarded) -> None:
    key = await guarded.key("expired", "events:append", lifetime=timedelta(microseconds=1))
    async with guarded.client(key) as client:
        assert problem(await post(client, registered(unique("expired")))) == "unauthenticated"


@pytest.mark.parametrize("form", [b"application/cloudevents-batch+json", b"application/jsonl", b"text/plain"])
async def test_a_stranger_is_refused_before_anything_of_the_body_is_sent(guarded: Guarded, form: bytes) -> None:
    url = httpx.URL(guarded.base_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: ledger\r\nContent-Length: 5000000\r\nContent-Type: %b\r\n\r\n" % form
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("scopes", [["events:read"], ["admin"], ["events:read", "admin"]])
async def test_a_key_that_only_reads_records_nothing(guarded: Guarded, scopes: list[str]) -> None:
    async with guarded.client(await guarded.key("reader", *scopes)) as client:
        answer = await post(client, registered(unique("read")))
    assert (answer.status_code, problem(answer)) == (403, "forbidden")
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


async def test_a_key_for_one_treaty_records_for_no_other(guarded: Guarded) -> None:
    mine, other = unique("mine"), unique("other")
    async with guarded.client(await guarded.key("holder", f"events:append:treaty/{mine}")) as client:
        assert (await post(client, registered(mine))).status_code == 201
        refused = await post(client, registered(other))
        assert (problem(refused), errors(refused)) == ("forbidden", ["/subject"])


async def test_a_key_for_one_source_records_for_no_other(guarded: Guarded) -> None:
    async with guarded.client(await guarded.key("newsroom", "events:append:source/urn:test:newsroom")) as client:
        assert (await post(client, registered(unique("news"), source="urn:test:newsroom"))).status_code == 201
        refused = await post(client, registered(unique("news"), source="urn:test:newsroom2"))
        assert (problem(refused), errors(refused)) == ("forbidden", ["/source"])


async def test_a_batch_is_refused_for_one_event_that_is_not_allowed(guarded: Guarded) -> None:
    mine = unique("mine")
    async with guarded.client(await guarded.key("batching", f"events:append:treaty/{mine}")) as client:
        before = await log_size(client)
        refused = await post_batch(client, [registered(mine), notified(mine), registered(unique("other"))])
        assert (problem(refused), errors(refused)) == ("forbidden", ["/2/subject"])
        assert refused.json()["index"] == 2
        assert await log_size(client) == before


async def test_a_line_that_is_not_allowed_stops_nothing(guarded: Guarded) -> None:
    mine = unique("mine")
    facts: list[JsonObject] = [registered(mine), registered(unique("other")), notified(mine)]
    async with guarded.client(await guarded.key("lines", f"events:append:treaty/{mine}")) as client:
        answers = await post_lines(client, as_lines(facts))
    assert [answer.get("version") for answer in answers] == [1, None, 2]
    refused = answers[1]["problem"]
    assert isinstance(refused, dict)
    assert (refused["type"], refused["status"]) == ("/problems/forbidden", 403)
    assert json.dumps(refused["errors"]).startswith('[{"pointer": "/subject"')


async def test_reads_are_public_unless_told_otherwise(guarded: Guarded) -> None:
    async with guarded.client() as client:
        for path in ("/v1/events", "/log/checkpoint", "/v1/schemas", "/metrics", "/readyz"):
            assert (await client.get(path)).status_code == 200, path
            assert (await client.get(path, headers=bearer("nonsense"))).status_code == 200, path


async def test_where_nobody_is_asked_a_credential_is_ignored(client: httpx.AsyncClient) -> None:
    answer = await post(client, registered(unique("open")), Authorization="Bearer nonsense")
    assert await recorded_by(client, answer) == "anonymous"
