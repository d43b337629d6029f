"""Whatever stands in an address or in a header, the answer is no fault of the projector's."""

import asyncio
from urllib.parse import quote

import httpx
import pytest
from builders import deposited, registered
from register import Register

TREATY = "parameters"

QUERIES = {
    "given twice": ("limit=1&limit=1", "/limit"),
    "given twice in two ways": ("limit=1&l%69mit=2", "/limit"),
    "a list": ("limit[]=1", "/limit[]"),
    "unknown": ("as-of=2020-01-01", "/as-of"),
    "a NUL": ("q=%00", "/q"),
    "a line break": ("q=a%0ab", "/q"),
    "bytes that are not UTF-8": ("q=%ff", "/q"),
    "a lone surrogate": ("q=%ed%a0%80", "/q"),
    "a broken escape": ("q=%zz", "/q"),
    "too long": ("q=" + "x" * 201, "/q"),
    "a day of another calendar": ("as_of=" + quote("\u0662\u0660\u0662\u0660-01-01"), "/as_of"),
    "a day that is none": ("as_of=2021-02-29", "/as_of"),
    "no day": ("as_of=", "/as_of"),
    "a day of an ordinal": ("as_of=2020-W01-1", "/as_of"),
    "a day before the calendar": ("as_of=0999-12-31", "/as_of"),
    "a day after it": ("as_of=3000-01-01", "/as_of"),
    "an instant without offset": ("known_at=2020-01-01T00:00:00", "/known_at"),
    "an instant before the calendar": ("known_at=0001-01-01T00:00:00%2b23:59", "/known_at"),
    "a leap second": ("known_at=2016-12-31T23:59:60Z", "/known_at"),
    "an instant of many digits": ("known_at=2020-01-01T00:00:00." + "1" * 5_000 + "x", "/known_at"),
    "a negative size": ("known_size=-1", "/known_size"),
    "a size with a fraction": ("known_size=1.0", "/known_size"),
    "a size in other digits": ("known_size=%D9%A1", "/known_size"),
    "a size with an underscore": ("known_size=1_0", "/known_size"),
    "a size of 5000 digits": ("known_size=" + "9" * 5_000, "/known_size"),
    "a size beyond 53 bits": (f"known_size={2**53}", "/known_size"),
    "more than a page": ("limit=1000000000", "/limit"),
    "a cursor of nobody's": ("cursor=W10", "/cursor"),
    "a cursor that is too long": ("cursor=" + "A" * 2_001, "/cursor"),
    "a cursor of nested lists": ("cursor=" + "W1tb" * 400, "/cursor"),
    "a cursor of numbers": ("cursor=WzEsMiwzXQ", "/cursor"),
}
OTHERS = [
    f"/v1/treaties/{TREATY}?limit=1",
    f"/v1/treaties/{TREATY}/members?consent=everybody",
    f"/v1/treaties/{TREATY}/members?stage=pending",
    f"/v1/treaties/{TREATY}/members/AUT?consent=all",
    f"/v1/treaties/{TREATY}/members/AUT/explanation?x=1",
    f"/v1/treaties/{TREATY}/history?q=x",
    "/v1/participants/AUT/treaties?treaty=x",
    "/v1/pending-exits?stage=",
    "/v1/pending-exits?before=2020",
    "/v1/pending-exits?treaty=Upper",
    "/v1/pending-exits?participant=aut",
    "/v1/pending-exits?treaty=a%0a",
    "/v1/changes?to_size=1&known_size=1",
    "/v1/changes?to_size=1&known_at=2026-01-01T00:00:00Z",
    f"/v1/changes?from_size={2**53 - 1}",
    "/v1/changes?from_size=2&to_size=1",
    "/v1/anomalies?participant=AUT",
    "/v1/projection?as_of=2020-01-01",
    "/problems/not-found?x=1",
    "/livez?%ff",
]
NOWHERE = [
    "/",
    "/v1",
    "/v1/treaties/",
    "//v1/treaties",
    "/v1/treaties/%00",
    "/v1/treaties/%ff",
    "/v1/treaties/%ed%a0%80",
    f"/v1/treaties/{TREATY}%0a",
    "/v1/treaties/..%2f..%2fetc%2fpasswd",
    "/v1/treaties/" + "x" * 5_000,
    f"/v1/treaties/{TREATY}/members/aut",
    f"/v1/treaties/{TREATY}/members/AUT%0a",
    f"/v1/treaties/{TREATY}/members/%00",
    f"/v1/treaties/{TREATY}/members/" + "A" * 5_000,
    "/v1/participants/%00/treaties",
    "/problems/%00",
    "/problems/" + "x" * 5_000,
    "/%2e%2e/%2e%2e/etc/passwd",
]


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    register.post(registered(), deposited("AUT", "2001-01-01"), subject=TREATY)
    register.ask("/v1/treaties")
    return register


def problem(answer: httpx.Response) -> str:
    """Return the name of the problem an answer reports."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    assert answer.json()["status"] == answer.status_code
    assert answer.json()["detail"]
    name: str = answer.json()["type"]
    return name.removeprefix("/problems/")


@pytest.mark.parametrize("wrong", QUERIES)
def test_a_parameter_that_is_not_understood_is_pointed_at(told: Register, wrong: str) -> None:
    query, pointer = QUERIES[wrong]
    answer = told.get(f"/v1/treaties?{query}")
    assert problem(answer) == "malformed-parameter"
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("path", OTHERS)
def test_every_question_takes_its_own_parameters_and_no_other(told: Register, path: str) -> None:
    answer = told.get(path)
    assert problem(answer) == "malformed-parameter"
    assert answer.json()["errors"]


@pytest.mark.parametrize("path", NOWHERE)
def test_there_is_nothing_at_other_addresses(told: Register, path: str) -> None:
    assert problem(told.get(path)) == "not-found"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/v1/treaties", f"/v1/treaties/{TREATY}", "/livez", "/metrics"])
def test_an_address_answers_get_and_head_only(told: Register, method: str, path: str) -> None:
    answer = told.client.request(method, told.projector + path)
    assert problem(answer) == "about:blank"
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("text", ["%25", "_", "%5c", "%27", "%3B--", "(a%2B)%2B%24", "%F0%9F%98%80", "+", ""])
def test_what_looks_like_a_pattern_is_text(told: Register, text: str) -> None:
    answer = told.get(f"/v1/treaties?q={text}&subject={text}")
    assert answer.status_code == 200
    assert answer.json()["treaties"] == []


@pytest.mark.parametrize("accept", ["text/html", "*/*;q=nan", "," * 5_000, "\xff", ""])
@pytest.mark.parametrize("tag", ['"x"', "W/", "*,*", "," * 5_000, "\xff", ""])
def test_other_headers_do_not_harm(told: Register, accept: str, tag: str) -> None:
    headers = {b"Accept": accept.encode("latin-1"), b"If-None-Match": tag.encode("latin-1")}
    answer = told.client.get(f"{told.projector}/v1/treaties", headers=headers)
    assert answer.status_code == (304 if "*" in tag else 200)


async def test_who_waits_for_what_is_not_recorded_keeps_nobody_else_waiting(told: Register) -> None:
    limits = httpx.Limits(max_connections=200)
    async with httpx.AsyncClient(base_url=told.projector, timeout=30, limits=limits) as client:
        path = f"/v1/treaties/{TREATY}"
        waiting = [asyncio.create_task(client.get(f"{path}?min_size={2**53 - 1}")) for _ in range(100)]
        others = [await client.get(path) for _ in range(20)]
        refused = await asyncio.gather(*waiting)
    assert {answer.status_code for answer in others} == {200}
    assert {problem(answer) for answer in refused} == {"projection-behind"}


def test_the_projection_itself_is_waited_for(told: Register) -> None:
    assert told.ask("/v1/projection")["size"] == told.size
    assert problem(told.get(f"/v1/projection?min_size={told.size + 1_000}")) == "projection-behind"
