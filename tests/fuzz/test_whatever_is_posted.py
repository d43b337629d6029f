"""Whatever is posted is recorded or refused; and whatever was recorded, the projector folds and answers for."""

import json
from collections.abc import Iterator

import pytest
from fuzz.mutations import KNOWN, ODD, bodies
from hypothesis import given
from hypothesis import strategies as st
from ledger.facts import assert_dense
from register import Register

from treaty_contracts.canonical import JSON, JsonObject

FORMS = (
    "application/cloudevents+json",
    "application/json",
    "application/cloudevents-batch+json",
    "application/jsonl",
    "application/jsonl",
)
QUESTIONS = (
    "/v1/treaties/{treaty}",
    "/v1/treaties/{treaty}/members?consent=all&limit=500",
    "/v1/treaties/{treaty}/history?limit=500",
    "/v1/anomalies?treaty={treaty}&limit=500",
    "/v1/changes?treaty={treaty}&limit=500",
    "/v1/pending-exits?treaty={treaty}&limit=500",
    "/v1/pending-exits?treaty={treaty}&stage=signals",
)


@pytest.fixture(scope="module")
def documented(register: Register) -> dict[int, list[str]]:
    """Give what the document of the ledger says of answers to posts: media types by status."""
    answers = register.client.get(f"{register.ledger}/openapi.json").json()["paths"]["/v1/events"]["post"]["responses"]
    return {int(status): list(answer.get("content", {})) for status, answer in answers.items()}


@pytest.mark.property
@given(
    posted=st.lists(bodies(), min_size=1, max_size=8),
    form=st.sampled_from(FORMS),
    raw=st.none() | st.none() | st.none() | st.binary(max_size=200),
)
def test_whatever_is_posted_is_recorded_or_refused_as_documented(
    register: Register, documented: dict[int, list[str]], posted: list[bytes], form: str, raw: bytes | None
) -> None:
    content = written(posted, form) if raw is None else raw
    answer = register.client.post(f"{register.ledger}/v1/events", content=content, headers={"Content-Type": form})
    assert answer.status_code in documented
    assert answer.status_code < 500
    assert answer.headers["content-type"] in documented[answer.status_code]
    if form != "application/jsonl" and answer.status_code >= 400:
        assert answer.json()["errors"]


def test_what_was_recorded_is_dense_and_folds_and_is_answered_for(register: Register) -> None:
    lines = register.client.get(f"{register.ledger}/v1/events", headers={"Accept": "application/jsonl"}, timeout=120)
    log = [json.loads(line) for line in lines.iter_lines()]
    assert_dense(log)
    mutated = [recorded for recorded in log if recorded["event"]["id"].startswith("mutated/")]
    assert len(mutated) > 20
    projection = applied(register, len(log))
    assert (projection["size"], projection["lag"], projection["trouble"]) == (len(log), 0, None)
    streams = {recorded["event"]["subject"] for recorded in log}
    assert streams & {*ODD}
    for path in every_question(register, sorted(streams & {*KNOWN, *ODD})):
        answer = register.get(path)
        assert answer.status_code == 200, (path, answer.text)


def applied(register: Register, size: int) -> JsonObject:
    """Return the projection once it has applied so many entries."""
    register.size = size
    return register.ask("/v1/projection")


def written(posted: list[bytes], form: str) -> bytes:
    """Return events as a body of one form; where it holds one event only, the first of them."""
    match form:
        case "application/jsonl":
            return b"\n".join(posted)
        case "application/cloudevents-batch+json":
            return b"[" + b",".join(posted[:2]) + b"]"
        case _:
            return posted[0]


def every_question(register: Register, treaties: list[str]) -> Iterator[str]:
    """Yield the questions about what was posted: about each treaty on different days, and about each who is in it."""
    for treaty in treaties:
        for question in QUESTIONS:
            path = question.format(treaty=treaty)
            yield path
            if "changes" not in path:
                yield from (f"{path}{'&' if '?' in path else '?'}as_of={day}" for day in ("1000-01-01", "2999-12-31"))
        for participant in participants(register.ask(f"/v1/treaties/{treaty}/members?consent=all&limit=500")):
            yield f"/v1/treaties/{treaty}/members/{participant}"
            yield f"/v1/treaties/{treaty}/members/{participant}/explanation"
            yield f"/v1/participants/{participant}/treaties?limit=500"


def participants(answer: JsonObject) -> Iterator[str]:
    members: JSON = answer["members"]
    assert isinstance(members, list)
    yield from (str(member["participant"]) for member in members if isinstance(member, dict))
