import httpx
import pytest
from ledger.facts import (
    as_lines,
    event,
    introduced,
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
from openapi_spec_validator import validate

from treaty_contracts.events import CATALOGUE
from treaty_contracts.problems import PROBLEMS


async def test_pages_lead_to_the_end_of_the_log(client: httpx.AsyncClient) -> None:
    start = await log_size(client)
    treaty = await registered_treaty(client)
    await post_lines(client, as_lines([notified(treaty) for _ in range(30)]))
    found, next_ = [], start
    while next_ is not None:
        page = (await client.get("/v1/events", params={"from": next_, "limit": 7})).json()
        assert page["size"] == start + 31
        assert len(page["events"]) == 7 or page["next"] is None
        found += page["events"]
        next_ = page["next"]
    assert [one["position"] for one in found] == list(range(start, start + 31))
    assert found == (await whole_log(client))[start:]


async def test_a_page_begins_where_it_is_told(client: httpx.AsyncClient) -> None:
    await registered_treaty(client)
    size = await log_size(client)
    last = (await client.get("/v1/events", params={"from": size - 1})).json()
    assert [one["position"] for one in last["events"]] == [size - 1]
    assert last["next"] is None
    beyond = (await client.get("/v1/events", params={"from": size + 10})).json()
    assert beyond == {"events": [], "next": None, "size": size}


async def test_events_are_found_by_treaty_participant_and_type(client: httpx.AsyncClient) -> None:
    code, treaty, other = unique("ZF"), unique("filter"), unique("filter")
    revoked = event("withdrawal.revoked", treaty, {"participant": code, "received_on": "2021-01-01"})
    facts = [
        introduced(code),
        registered(treaty),
        registered(other),
        notified(treaty, code),
        notified(other, code),
        notified(treaty),
        revoked,
    ]
    await post_lines(client, as_lines(facts))

    async def found(**chosen: str | int) -> list[object]:
        page = (await client.get("/v1/events", params=chosen)).json()
        return [one["event"] for one in page["events"]]

    assert await found(treaty=treaty) == [facts[1], facts[3], facts[5], facts[6]]
    assert await found(participant=code) == [facts[0], facts[3], facts[4], facts[6]]
    assert await found(participant=code, type="withdrawal.notified") == [facts[3], facts[4]]
    assert await found(treaty=treaty, participant=code) == [facts[3], facts[6]]
    assert await found(treaty=treaty, type="withdrawal.notified", participant=code) == [facts[3]]
    assert await found(treaty=treaty, limit=2) == [facts[1], facts[3]]
    assert await found(treaty="nothing-of-this-name") == []


async def test_lines_stream_every_match_to_the_end(client: httpx.AsyncClient) -> None:
    treaty = unique("streamed")
    facts = [registered(treaty), *(notified(treaty) for _ in range(2_500))]
    await post_lines(client, as_lines(facts))
    for chosen in ({"treaty": treaty}, {"treaty": treaty, "limit": "1"}):
        answer = await client.get("/v1/events", params=chosen, headers={"Accept": "application/jsonl"})
        assert answer.headers["content-type"].startswith("application/jsonl")
        assert len(answer.text.splitlines()) == len(facts)


async def test_a_stream_is_listed_by_version(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    await post_lines(client, as_lines([notified(treaty) for _ in range(5)]))
    first = await client.get(f"/v1/treaties/{treaty}/events", params={"limit": 4})
    assert [one["version"] for one in first.json()["events"]] == [1, 2, 3, 4]
    assert (first.json()["next"], first.json()["version"], first.headers["etag"]) == (5, 6, '"6"')
    rest = (await client.get(f"/v1/treaties/{treaty}/events", params={"from": 5})).json()
    assert [one["version"] for one in rest["events"]] == [5, 6]
    assert rest["next"] is None


@pytest.mark.parametrize("treaty", ["never-registered", "Not-A-Slug", "%00", "%2e%2e%2fetc", "x" * 300])
async def test_there_is_no_stream_of_an_unknown_treaty(client: httpx.AsyncClient, treaty: str) -> None:
    assert problem(await client.get(f"/v1/treaties/{treaty}/events")) == "not-found"


@pytest.mark.parametrize("position", ["999999999", "-1", str(2**70)])
async def test_there_is_no_event_at_other_positions(client: httpx.AsyncClient, position: str) -> None:
    assert problem(await client.get(f"/v1/events/{position}")) == "not-found"


@pytest.mark.parametrize(
    "query",
    [
        "from=-1",
        "from=x",
        f"from={10**30}",
        "limit=0",
        "limit=501",
        "limit=1000000000",
        "treaty=Not_A_Slug",
        "participant=hun",
        "participant=%00",
        "type=withdrawal.imagined",
        "form=3",
    ],
)
async def test_a_parameter_that_is_not_understood_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/v1/events?{query}")
    assert problem(answer) == "malformed-parameter"
    assert answer.json()["errors"][0]["pointer"] == "/" + query.split("=", maxsplit=1)[0]


async def test_every_type_has_its_schema(client: httpx.AsyncClient) -> None:
    listed = (await client.get("/v1/schemas")).json()
    assert {one["type"] for one in listed["schemas"]} == set(CATALOGUE)
    for one in [*listed["schemas"], {"href": listed["envelope"]}]:
        schema = await client.get(one["href"])
        assert schema.headers["content-type"] == "application/schema+json"
        assert schema.json()["$id"] == one["href"]
    assert problem(await client.get("/v1/schemas/treaty.registered/99")) == "not-found"
    assert problem(await client.get("/v1/schemas/treaty.imagined/1")) == "not-found"


async def test_every_problem_has_its_page(client: httpx.AsyncClient) -> None:
    for name, kind in PROBLEMS.items():
        page = await client.get(f"/problems/{name}")
        assert page.status_code == 200
        assert kind.title.replace("'", "&#x27;") in page.text
    assert problem(await client.get("/problems/imagined")) == "not-found"


async def test_an_address_there_is_not_is_a_problem(client: httpx.AsyncClient) -> None:
    assert problem(await client.get("/v2/events")) == "not-found"
    answer = await client.delete("/v1/events")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_service_describes_itself(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert set(document["paths"]["/v1/events"]) == {"get", "post"}
    validate(document)
    assert "HTTPValidationError" not in str(document)
    assert (await client.get("/docs")).status_code == 200
    assert (await client.get("/livez")).json() == {"status": "alive"}
    assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_metrics_count_what_was_recorded(client: httpx.AsyncClient) -> None:
    answer = await post(client, registered(unique("counted")))
    metrics = (await client.get("/metrics")).text
    values = dict(line.rsplit(" ", 1) for line in metrics.splitlines() if not line.startswith("#"))
    assert float(values["treaty_ledger_size"]) == answer.json()["position"] + 1
    assert float(values['treaty_ledger_requests_total{outcome="appended"}']) > 0


@pytest.mark.parametrize(
    "path", ["/v1/events", "/v1/events/0", "/v1/events/0/proof", "/log/checkpoint", "/livez", "/no"]
)
async def test_head_is_answered_like_get_without_the_body(client: httpx.AsyncClient, path: str) -> None:
    await registered_treaty(client)
    got, head = await client.get(path), await client.head(path)
    assert (head.status_code, head.content) == (got.status_code, b"")
    assert head.headers["content-type"] == got.headers["content-type"]


async def test_the_head_of_a_stream_does_not_keep_it_open(client: httpx.AsyncClient) -> None:
    await registered_treaty(client)
    for path in ("/v1/events/live", "/v1/events"):
        assert (await client.head(path, headers={"Accept": "application/jsonl, text/event-stream"})).status_code == 200

    async def streams() -> str:
        figures = (await client.get("/metrics")).text
        return next(line for line in figures.splitlines() if "/v1/events/live" in line and "answering" in line)

    while not (await streams()).endswith(" 0.0"):
        pass


async def test_an_event_that_is_known_is_not_sent_again(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    address = f"/v1/events/{(await post(client, notified(treaty))).json()['position']}"
    tag = (await client.get(address)).headers["etag"]
    again = await client.get(address, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await client.get(address, headers={"If-None-Match": '"other"'})).status_code == 200
