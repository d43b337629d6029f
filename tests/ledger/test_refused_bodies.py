"""Whatever is posted, the answer is a problem of the client's, never a fault of ours."""

import gzip
import json
from collections.abc import AsyncIterator

import httpx
import pytest
from ledger.facts import (
    log_size,
    notified,
    post,
    post_lines,
    problem,
    registered,
    registered_treaty,
    unique,
    whole_log,
)

from treaty_contracts.canonical import JSON, JsonObject

GOOD = json.dumps(registered("never-recorded"))
JSON_TYPE = {"Content-Type": "application/json"}
BATCH = {"Content-Type": "application/cloudevents-batch+json"}
LINES = {"Content-Type": "application/jsonl"}


def changed(part: str, to: str) -> bytes:
    """Return the good event with a part of its text changed."""
    assert part in GOOD
    return GOOD.replace(part, to).encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "a NUL": (changed("A treaty", "\\u0000"), "malformed-json"),
    "a NUL in a name": (changed('"clauses"', '"clau\\u0000ses"'), "malformed-json"),
    "a raw NUL": (GOOD.replace("A treaty", "\0").encode(), "malformed-json"),
    "a lone surrogate": (changed("A treaty", "\\ud800"), "malformed-json"),
    "a lone surrogate in a name": (changed('"clauses"', '"\\udfff": 1, "clauses"'), "malformed-json"),
    "a surrogate in UTF-8": (GOOD.encode().replace(b"A treaty", b"\xed\xa0\x80"), "malformed-json"),
    "bytes that are not UTF-8": (GOOD.encode().replace(b"A treaty", b"\xff"), "malformed-json"),
    "an overlong form of UTF-8": (GOOD.encode().replace(b"A treaty", b"\xc0\xaf"), "malformed-json"),
    "UTF-16": (GOOD.encode("utf-16-le"), "malformed-json"),
    "UTF-16 with a mark": (GOOD.encode("utf-16"), "malformed-json"),
    "UTF-32": (GOOD.encode("utf-32-be"), "malformed-json"),
    "a byte order mark": (b"\xef\xbb\xbf" + GOOD.encode(), "malformed-json"),
    "a key given twice": (changed('"id"', '"source": "urn:other", "id"'), "malformed-json"),
    "a key given twice below": (changed('"kind"', '"title": "Another", "kind"'), "malformed-json"),
    "a key given twice in two ways": (changed('"kind"', '"\\u0074itle": "Another", "kind"'), "malformed-json"),
    "NaN": (changed("{}", '{"x": NaN}'), "malformed-json"),
    "Infinity": (changed("{}", '{"x": Infinity}'), "malformed-json"),
    "minus Infinity": (changed("{}", '{"x": -Infinity}'), "malformed-json"),
    "a number beyond doubles": (changed("{}", '{"x": 1e999}'), "malformed-json"),
    "a fraction": (changed("{}", '{"x": 1.0}'), "malformed-json"),
    "an integer beyond 53 bits": (changed("{}", f'{{"x": {2**53}}}'), "malformed-json"),
    "an integer beyond 63 bits": (changed("{}", f'{{"x": {2**63}}}'), "malformed-json"),
    "5000 digits": (changed("{}", f'{{"x": {"9" * 5_000}}}'), "malformed-json"),
    "33 levels": (changed("{}", "[" * 31 + "]" * 31), "malformed-json"),
    "900 levels": (changed("{}", "[" * 900 + "]" * 900), "malformed-json"),
    "25,000 levels": (changed("{}", '{"a":' * 10_000 + "1" + "}" * 10_000), "malformed-json"),
    "levels that never end": (b"[" * 60_000, "malformed-json"),
    "an object cut off": (GOOD.encode()[:-1], "malformed-json"),
    "a text cut off": (GOOD.encode()[:20], "malformed-json"),
    "two values": (b"{} {}", "malformed-json"),
    "a comma too many": (changed('"clauses": {}', '"clauses": {},'), "malformed-json"),
    "a comment": (b"/* no */" + GOOD.encode(), "malformed-json"),
    "single quotes": (GOOD.replace('"', "'").encode(), "malformed-json"),
    "no JSON at all": (b"specversion=1.0&id=1", "malformed-json"),
    "a list": (b"[]", "invalid-event"),
    "null": (b"null", "invalid-event"),
    "a text": (b'"event"', "invalid-event"),
    "a number": (b"7", "invalid-event"),
    "an empty object": (b"{}", "invalid-event"),
    "an empty title": (changed("A treaty", ""), "invalid-event"),
    "a control character": (changed("A treaty", "a\\u0007b"), "invalid-event"),
    "a text that is not in NFC": (changed("A treaty", "Tu\\u0308rkiye"), "invalid-event"),
    "another version of CloudEvents": (changed('"1.0"', '"0.3"'), "invalid-event"),
    "data that is no object": (changed('"data": {', '"data": "x", "other": {'), "invalid-event"),
    "data in base64": (changed('"data"', '"data_base64"'), "invalid-event"),
    "an unknown attribute": (changed('"id"', '"unknown_field": 1, "id"'), "invalid-event"),
    "an unknown field of the data": (changed('"clauses"', '"unknown": 1, "clauses"'), "invalid-event"),
    "a position": (changed('"id"', '"position": 1, "id"'), "invalid-event"),
    "a time of recording": (changed('"id"', '"recorded_at": "2020-01-01T00:00:00Z", "id"'), "invalid-event"),
    "a leap second": (changed('"id"', '"time": "2016-12-31T23:59:60Z", "id"'), "invalid-event"),
    "an instant outside the calendar": (changed('"id"', '"time": "9999-12-31T23:59:59-12:00", "id"'), "invalid-event"),
    "an instant without an offset": (changed('"id"', '"time": "2016-12-31T23:59:59", "id"'), "invalid-event"),
    "a subject that is a path": (changed('"never-recorded"', '"../../etc/passwd"'), "invalid-event"),
    "a subject that is SQL": (changed('"never-recorded"', '"x\'; DROP TABLE ledger.events; --"'), "invalid-event"),
    "an unknown type": (changed("treaty.registered", "treaty.imagined"), "unknown-event-type"),
}
"""What no event may be, each by what is wrong with it."""


async def refused(client: httpx.AsyncClient, body: bytes, headers: dict[str, str]) -> tuple[str, JsonObject]:
    """Return the name and the content of the problem that a body is refused with."""
    answer = await client.post("/v1/events", content=body, headers=headers)
    return problem(answer), answer.json()


def pointers(content: JSON) -> list[str]:
    """Return where a problem points."""
    assert isinstance(content, dict)
    assert content["detail"]
    errors = content["errors"]
    assert isinstance(errors, list)
    assert errors
    return [str(one["pointer"]) for one in errors if isinstance(one, dict)]


@pytest.mark.parametrize("wrong", BODIES)
async def test_a_body_that_is_no_event_is_refused(client: httpx.AsyncClient, wrong: str) -> None:
    body, name = BODIES[wrong]
    found, content = await refused(client, body, JSON_TYPE)
    assert found == name
    assert all(pointer == "" or pointer.startswith("/") for pointer in pointers(content))


@pytest.mark.parametrize("wrong", BODIES)
async def test_one_such_body_refuses_a_batch(client: httpx.AsyncClient, wrong: str) -> None:
    body, name = BODIES[wrong]
    found, content = await refused(client, b"[" + GOOD.encode() + b"," + body + b"]", BATCH)
    assert found == name
    # JSON that cannot be read has no second element to point into.
    assert all(pointer.startswith("/1") != (name == "malformed-json") for pointer in pointers(content))


async def test_a_line_of_each_such_body_is_refused_by_itself(client: httpx.AsyncClient) -> None:
    before = await log_size(client)
    good = registered(unique("among-bad-lines"))
    content = b"".join(body + b"\n" for body, _ in BODIES.values()) + json.dumps(good).encode()
    *bad, last = await post_lines(client, content)
    told = [one["problem"] for one in bad]
    assert [one["type"] for one in told if isinstance(one, dict)] == [
        f"/problems/{name}" for _, name in BODIES.values()
    ]
    assert all(pointers(one) for one in told)
    assert last["position"] == before
    assert await log_size(client) == before + 1


async def test_a_body_beyond_its_limit_is_refused(client: httpx.AsyncClient) -> None:
    large = b'{"x": "' + b"x" * 61_440 + b'"}'
    assert (await refused(client, large, JSON_TYPE))[0] == "too-large"
    [line] = await post_lines(client, large)
    assert isinstance(line["problem"], dict)
    assert line["problem"]["type"] == "/problems/too-large"
    assert (await refused(client, b"", JSON_TYPE))[0] == "malformed-json"


async def test_what_looks_like_sql_is_text(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    text = "'); DROP TABLE ledger.events; -- %s :x $1 \\ \" ${jndi:ldap://x}"
    posted = notified(treaty, citation=text)
    assert (await post(client, posted)).status_code == 201
    assert (await whole_log(client))[-1]["event"] == posted


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
        {"Content-Type": "application/json/x"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "*/*"},
        {"Content-Type": "application/json; charset=\xff"},
        {"Content-Type": "application/json; charset="},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": "application/jsonl", "Content-Encoding": "gzip"},
        {"Content-Type": "application/json", "Content-Encoding": "br, gzip"},
        {"Content-Type": "application/cloudevents-batch+json", "Content-Encoding": "zstd"},
    ],
)
async def test_other_media_types_and_encodings_are_refused(client: httpx.AsyncClient, headers: dict[str, str]) -> None:
    raw = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = await client.post("/v1/events", content=gzip.compress(GOOD.encode()), headers=raw)
    assert problem(answer) == "unsupported-media-type"
    assert pointers(answer.json()) == ["/Content-Encoding" if "Content-Encoding" in headers else "/Content-Type"]
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


@pytest.mark.parametrize("headers", [JSON_TYPE, BATCH])
@pytest.mark.parametrize("stated", [True, False])
async def test_what_is_beyond_a_limit_is_not_kept(
    client: httpx.AsyncClient, headers: dict[str, str], *, stated: bool
) -> None:
    size = 64 * 2**20

    async def large() -> AsyncIterator[bytes]:
        for _ in range(size // 2**16):
            yield b" " * 2**16

    before = await resident_bytes(client)
    length = {"Content-Length": str(size)} if stated else {}
    answer = await client.post("/v1/events", content=large(), headers={**headers, **length})
    assert problem(answer) == "too-large"
    assert await resident_bytes(client) - before < 24 * 2**20


async def resident_bytes(client: httpx.AsyncClient) -> float:
    """Return how much memory the ledger takes."""
    metrics = (await client.get("/metrics")).text
    [line] = [line for line in metrics.splitlines() if line.startswith("process_resident_memory_bytes ")]
    return float(line.split(" ")[1])


@pytest.mark.parametrize("query", ["stop_on_error=true", "dry_run=true"])
async def test_one_event_takes_no_parameters(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.post(f"/v1/events?{query}", content=GOOD, headers=JSON_TYPE)
    assert problem(answer) == "malformed-parameter"
    assert pointers(answer.json()) == ["/" + query.split("=", maxsplit=1)[0]]


@pytest.mark.parametrize(
    "query", ["stop_on_error=", "stop_on_error=1", "stop_on_error=TRUE", "stop_on_error", "stop=true"]
)
async def test_lines_take_one_parameter_of_two_values(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.post(f"/v1/events?{query}", content=b"", headers=LINES)
    assert problem(answer) == "malformed-parameter"


@pytest.mark.parametrize(
    "value", ['"-1"', '"1.0"', 'W/"1"', '"' + "9" * 5_000 + '"', '""', "", '"\u0661"', "\xff", "\\"]
)
async def test_a_condition_of_another_form_is_refused(client: httpx.AsyncClient, value: str) -> None:
    headers = [(b"Content-Type", b"application/json"), (b"If-Match", value.encode("utf-8"))]
    answer = await client.post("/v1/events", content=GOOD, headers=headers)
    assert problem(answer) == "malformed-parameter"
    assert pointers(answer.json()) == ["/If-Match"]
