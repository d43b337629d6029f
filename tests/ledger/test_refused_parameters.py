"""Whatever stands in an address or in a header, the answer is no fault of the ledger's."""

from urllib.parse import quote

import httpx
import pytest
from ledger.facts import problem, registered_treaty

QUERIES = {
    "given twice": ("limit=1&limit=1", "/limit"),
    "given twice in two ways": ("limit=1&l%69mit=2", "/limit"),
    "a list": ("limit[]=1", "/limit[]"),
    "unknown": ("form=3", "/form"),
    "unknown with a slash": ("a/b~c=3", "/a~1b~0c"),
    "a NUL": ("treaty=%00", "/treaty"),
    "a line break": ("treaty=test%0a", "/treaty"),
    "bytes that are not UTF-8": ("treaty=%ff", "/treaty"),
    "an overlong form of UTF-8": ("treaty=%c0%af", "/treaty"),
    "a lone surrogate": ("treaty=%ed%a0%80", "/treaty"),
    "a broken escape": ("treaty=%zz", "/treaty"),
    "half an escape": ("treaty=%", "/treaty"),
    "a name that is not UTF-8": ("%ff=1", "/%ff"),
    "empty": ("treaty=", "/treaty"),
    "nothing": ("treaty", "/treaty"),
    "too long": ("treaty=" + "x" * 5_000, "/treaty"),
    "a path": ("treaty=../../etc/passwd", "/treaty"),
    "a pattern": ("treaty=(a%2B)%2B$", "/treaty"),
    "SQL": ("treaty=" + quote("x' OR '1'='1"), "/treaty"),
    "a number with a fraction": ("from=1.0", "/from"),
    "a number with an exponent": ("from=1e3", "/from"),
    "a number with a sign": ("from=%2B1", "/from"),
    "a number with a space": ("from=+1", "/from"),
    "a number with an underscore": ("from=1_0", "/from"),
    "a number in other digits": ("from=%D9%A1", "/from"),
    "a number in hexadecimal": ("from=0x1", "/from"),
    "a negative number": ("from=-1", "/from"),
    "a number beyond 53 bits": (f"from={2**53}", "/from"),
    "a number of 5000 digits": ("from=" + "9" * 5_000, "/from"),
    "no number": ("from=NaN", "/from"),
    "more than a page": ("limit=1000000000", "/limit"),
    "less than a page": ("limit=0", "/limit"),
}
OTHERS = [
    "/v1/events/live?from=x",
    "/v1/events/live?limit=1",
    "/v1/events/0?from=1",
    "/v1/events/0/proof?size=x",
    "/v1/events/0/proof?size=0",
    "/v1/events/0/proof?size=1&size=1",
    f"/v1/events/0/proof?size={2**53 - 1}",
    "/v1/log/consistency",
    "/v1/log/consistency?from=x",
    "/v1/log/consistency?from=2&to=1",
    f"/v1/log/consistency?from={2**53 - 1}",
    f"/v1/log/consistency?from=0&to={2**53 - 1}",
    "/v1/schemas?type=x",
    "/v1/schemas/envelope?x",
    "/v1/schemas/treaty.registered/1?x=1",
    "/problems/not-found?x=1",
    "/log/checkpoint?x=1",
    "/log/vkey?x=1",
    "/log/tile/0/000?x=1",
    "/livez?%ff",
    "/v1/treaties/any/events?from=0",
    f"/v1/treaties/any/events?from={2**31}",
    "/v1/treaties/any/events?limit=501",
    "/v1/events/x",
    "/v1/events/%00",
    "/v1/events/1.0",
    "/v1/events/%201",
    "/v1/events/1_0",
    "/v1/events/" + "9" * 5_000,
    "/v1/schemas/treaty.registered/x",
    "/v1/schemas/treaty.registered/1.0",
]
NOWHERE = [
    "/v1/events/",
    "//v1/events",
    "/v1//events",
    "/v1/events/..%2f..%2fetc%2fpasswd",
    "/v1/events/0/proof/",
    "/v1/treaties/%00/events",
    "/v1/treaties/%ff/events",
    "/v1/treaties/%ed%a0%80/events",
    "/v1/treaties/test%0a/events",
    "/v1/treaties/" + "x" * 5_000 + "/events",
    "/v1/schemas/%00/1",
    "/v1/schemas/treaty.registered/-1",
    "/v1/schemas/..%2fenvelope/1",
    "/problems/%00",
    "/problems/" + "x" * 5_000,
    "/log/tile/",
    "/log/tile/0/%00",
    "/log/tile/0/0",
    "/log/tile/-1/000",
    "/log/tile/64/000",
    "/log/tile/0/000.p/0",
    "/log/tile/0/000.p/256",
    "/log/tile/0/000.p/" + "9" * 5_000,
    "/log/tile/0/" + "x999/" * 1_000 + "999",
    "/log/tile/0/x999/x999/x999/x999/x999/999",
    "/log/tile/entries/..%2f..%2fkey",
    "/log/..%2fkey",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/.git/config",
    "/redoc",
]


@pytest.mark.parametrize("wrong", QUERIES)
async def test_a_parameter_that_is_not_understood_is_pointed_at(client: httpx.AsyncClient, wrong: str) -> None:
    query, pointer = QUERIES[wrong]
    answer = await client.get(f"/v1/events?{query}")
    assert problem(answer) == "malformed-parameter"
    assert [one["pointer"] for one in answer.json()["errors"]] == [pointer]
    assert pointer.removeprefix("/").replace("~1", "/").replace("~0", "~") in answer.json()["detail"]


@pytest.mark.parametrize("path", OTHERS)
async def test_every_address_takes_its_own_parameters_and_no_other(client: httpx.AsyncClient, path: str) -> None:
    await registered_treaty(client)
    answer = await client.get(path)
    assert problem(answer) == "malformed-parameter"
    assert answer.json()["errors"]


@pytest.mark.parametrize("path", NOWHERE)
async def test_there_is_nothing_at_other_addresses(client: httpx.AsyncClient, path: str) -> None:
    assert problem(await client.get(path)) == "not-found"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/v1/events", "/v1/events/0", "/log/checkpoint", "/livez", "/openapi.json"])
async def test_an_address_answers_its_own_methods_only(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert problem(answer) == "about:blank"
    assert answer.status_code == 405
    assert answer.headers["allow"].startswith("GET")


@pytest.mark.parametrize(
    "value", ["-1", "1.0", "1e3", "+1", "", "0x1", "9" * 5_000, "\xb2", "\u0663", f"{2**53 - 1}", "a"]
)
async def test_a_last_event_that_is_no_position_is_refused(client: httpx.AsyncClient, value: str) -> None:
    answer = await client.get("/v1/events/live", headers={b"Last-Event-ID": value.encode()})
    assert problem(answer) == "malformed-parameter"
    assert answer.json()["errors"][0]["pointer"] == "/Last-Event-ID"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "*/*;q=nan",
        "application/jsonl;q=-1",
        "application/jsonl;q=one",
        "application/json, application/jsonl;q=0.5",
        "," * 5_000,
        ";;;;q==;",
        "\xff",
        "",
    ],
)
async def test_whatever_is_accepted_the_answer_is_json_unless_lines_are_wanted(
    client: httpx.AsyncClient, accept: str
) -> None:
    answer = await client.get("/v1/events?limit=1", headers={b"Accept": accept.encode("latin-1")})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
