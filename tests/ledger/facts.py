"""Build events and post them, for tests of the ledger."""

import json
from collections.abc import Iterable
from itertools import count

import httpx

from treaty_contracts.canonical import JSON, JsonObject

SOURCE = "urn:test"
_numbers = count(1)


def unique(name: str) -> str:
    """Return a name nobody used before."""
    return f"{name}-{next(_numbers)}"


def event(type_: str, subject: str, data: JsonObject, **more: JSON) -> JsonObject:
    """Return an event with an id of its own."""
    identity: JsonObject = {"specversion": "1.0", "id": unique("event"), "source": SOURCE}
    return {**identity, "type": type_, "subject": subject, "data": data, **more}


def registered(treaty: str, **more: JSON) -> JsonObject:
    """Put a treaty on the books."""
    return event("treaty.registered", treaty, {"title": "A treaty", "kind": "multilateral", "clauses": {}}, **more)


def notified(treaty: str, participant: str = "HUN", *, citation: str = "Depositary notification") -> JsonObject:
    """Let somebody notify its withdrawal."""
    data: JsonObject = {"participant": participant, "received_on": "2020-05-22", "citation": citation}
    return event("withdrawal.notified", treaty, data)


def superseded(treaty: str, position: int) -> JsonObject:
    """Say that a record was wrong."""
    return event("record.superseded", treaty, {"position": position, "reason": "typing error"})


def introduced(code: str) -> JsonObject:
    """Introduce a participant the reference list lacks."""
    data: JsonObject = {"code": code, "kind": "state", "names": [{"name": f"Republic {code}"}]}
    return event("participant.registered", "participants", data)


async def post(client: httpx.AsyncClient, fact: JsonObject, **headers: str) -> httpx.Response:
    """Post one event."""
    return await client.post(
        "/v1/events",
        content=json.dumps(fact),
        headers={
            "Content-Type": "application/cloudevents+json",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        },
    )


async def post_batch(client: httpx.AsyncClient, facts: Iterable[JsonObject], **headers: str) -> httpx.Response:
    """Post events that are recorded as a whole or not at all."""
    return await client.post(
        "/v1/events",
        content=json.dumps(list(facts)),
        headers={
            "Content-Type": "application/cloudevents-batch+json",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        },
    )


def as_lines(facts: Iterable[JsonObject]) -> bytes:
    """Write events as JSON Lines."""
    return b"".join(json.dumps(fact).encode() + b"\n" for fact in facts)


async def post_lines(client: httpx.AsyncClient, content: bytes, *, query: str = "") -> list[JsonObject]:
    """Post JSON Lines; return the answers."""
    answer = await client.post(f"/v1/events{query}", content=content, headers={"Content-Type": "application/jsonl"})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/jsonl"
    return [json.loads(line) for line in answer.text.splitlines()]


async def registered_treaty(client: httpx.AsyncClient, name: str = "treaty") -> str:
    """Register a treaty of its own; return its id."""
    treaty = unique(name)
    answer = await post(client, registered(treaty))
    assert answer.status_code == 201, answer.text
    return treaty


def problem(answer: httpx.Response) -> str:
    """Return the name of the problem an answer reports."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body = answer.json()
    assert body["status"] == answer.status_code
    name: str = body["type"]
    return name.removeprefix("/problems/")


async def log_size(client: httpx.AsyncClient) -> int:
    """Return how many events are recorded."""
    size: int = (await client.get("/v1/events", params={"limit": 1})).json()["size"]
    return size


async def whole_log(client: httpx.AsyncClient) -> list[JsonObject]:
    """Return every recorded event."""
    answer = await client.get("/v1/events", headers={"Accept": "application/jsonl"})
    return [json.loads(line) for line in answer.text.splitlines()]


def assert_dense(log: list[JsonObject]) -> None:
    """Check positions from 0, versions from 1 in every stream, and rising instants."""
    assert [event["position"] for event in log] == list(range(len(log)))
    versions: dict[str, int] = {}
    for recorded in log:
        proposed = recorded["event"]
        assert isinstance(proposed, dict)
        stream = str(proposed["subject"])
        versions[stream] = versions.get(stream, 0) + 1
        assert recorded["version"] == versions[stream]
    instants = [str(event["recorded_at"]) for event in log]
    assert instants == sorted(set(instants))
