from base64 import b64decode

import httpx
import pytest
from ledger.facts import (
    event,
    introduced,
    log_size,
    notified,
    post,
    post_batch,
    problem,
    registered,
    registered_treaty,
    superseded,
    unique,
)

from treaty_contracts.canonical import canonical_bytes
from treaty_contracts.envelope import leaf
from treaty_contracts.merkle import leaf_hash


async def test_a_recorded_event_gets_a_receipt_and_is_found_by_it(client: httpx.AsyncClient) -> None:
    fact = registered(unique("receipt"))
    answer = await post(client, fact)
    assert answer.status_code == 201
    receipt = answer.json()
    assert set(receipt) == {"position", "treaty", "version", "recorded_at", "leaf_hash"}
    assert receipt["version"] == 1
    assert receipt["treaty"] == fact["subject"]
    assert answer.headers["etag"] == '"1"'
    found = (await client.get(answer.headers["location"])).json()
    assert found == {
        "position": receipt["position"],
        "version": 1,
        "recorded_at": receipt["recorded_at"],
        "recorded_by": "anonymous",
        "leaf_hash": receipt["leaf_hash"],
        "event": fact,
    }


async def test_the_leaf_hash_commits_to_what_was_accepted(client: httpx.AsyncClient) -> None:
    fact = registered(unique("leaf"))
    receipt = (await post(client, fact)).json()
    expected = leaf_hash(leaf(canonical_bytes(fact), receipt["recorded_at"], "anonymous"))
    assert b64decode(receipt["leaf_hash"]) == expected


async def test_extension_attributes_are_kept(client: httpx.AsyncClient) -> None:
    answer = await post(client, registered(unique("extended"), partitionkey="x", sequence=7))
    stored = (await client.get(answer.headers["location"])).json()["event"]
    assert (stored["partitionkey"], stored["sequence"]) == ("x", 7)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "application/json; charset=utf-8",
        'Application/CloudEvents+JSON;charset="UTF-8"',
    ],
)
async def test_one_event_may_come_under_two_names(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await post(client, registered(unique("typed")), Content_Type=content_type)
    assert answer.status_code == 201


async def test_a_repeated_event_is_recorded_once(client: httpx.AsyncClient) -> None:
    fact = registered(unique("repeated"))
    first = await post(client, fact)
    size = await log_size(client)
    again = await post(client, dict(reversed(fact.items())))
    assert again.status_code == 200
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert await log_size(client) == size


async def test_an_id_with_another_content_is_a_conflict(client: httpx.AsyncClient) -> None:
    fact = registered(unique("taken"))
    first = (await post(client, fact)).json()
    answer = await post(client, {**fact, "time": "2020-01-01T00:00:00Z"})
    assert problem(answer) == "event-id-conflict"
    assert answer.json()["position"] == first["position"]


async def test_the_same_id_of_another_source_is_another_event(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    fact = notified(treaty)
    assert (await post(client, fact)).status_code == 201
    assert (await post(client, {**fact, "source": "urn:other"})).status_code == 201


async def test_the_longest_names_fit(client: httpx.AsyncClient) -> None:
    fact = registered("t" * 127) | {"id": "\U0001d11e" * 500, "source": "urn:" + "\u4e00" * 496}
    assert (await post(client, fact)).status_code == 201
    assert (await post(client, fact)).status_code == 200


async def test_a_writer_may_state_the_version_it_saw(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    assert (await post(client, notified(treaty), If_Match='"1"')).headers["etag"] == '"2"'
    late = await post(client, notified(treaty), If_Match='"1"')
    assert problem(late) == "version-mismatch"
    assert (late.json()["expected"], late.json()["actual"]) == (1, 2)


async def test_a_writer_may_state_that_there_is_no_stream(client: httpx.AsyncClient) -> None:
    treaty = unique("new")
    assert (await post(client, registered(treaty), If_None_Match="*")).status_code == 201
    answer = await post(client, registered(treaty), If_None_Match="*")
    assert problem(answer) == "version-mismatch"


async def test_a_retry_is_a_retry_whatever_version_it_states(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    fact = notified(treaty)
    assert (await post(client, fact, If_Match='"1"')).status_code == 201
    assert (await post(client, fact, If_Match='"1"')).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"If_Match": "7"},
        {"If_Match": '"0"'},
        {"If_Match": '"1", "2"'},
        {"If_Match": "*"},
        {"If_None_Match": '"1"'},
        {"If_Match": '"1"', "If_None_Match": "*"},
    ],
)
async def test_a_condition_that_is_not_understood_is_refused(
    client: httpx.AsyncClient, headers: dict[str, str]
) -> None:
    assert problem(await post(client, registered(unique("odd")), **headers)) == "malformed-parameter"


async def test_a_stream_starts_with_the_registration(client: httpx.AsyncClient) -> None:
    assert problem(await post(client, notified(unique("unknown")))) == "treaty-not-registered"


async def test_a_treaty_is_registered_once(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    assert problem(await post(client, registered(treaty))) == "treaty-already-registered"


async def test_an_unknown_participant_is_refused_until_it_is_introduced(client: httpx.AsyncClient) -> None:
    treaty, code = await registered_treaty(client), unique("ZZ")
    refused = await post(client, notified(treaty, code))
    assert problem(refused) == "unknown-participant"
    assert refused.json()["errors"][0]["pointer"] == "/data/participant"
    assert (await post(client, introduced(code))).status_code == 201
    assert (await post(client, notified(treaty, code))).status_code == 201


@pytest.mark.parametrize("code", ["SUN", "CSK", "YUG", "DDR", "EU"])
async def test_historic_states_and_organisations_are_known(client: httpx.AsyncClient, code: str) -> None:
    treaty = await registered_treaty(client)
    assert (await post(client, notified(treaty, code))).status_code == 201


async def test_a_record_is_superseded_once(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    position = (await post(client, notified(treaty))).json()["position"]
    assert (await post(client, superseded(treaty, position))).status_code == 201
    again = await post(client, superseded(treaty, position))
    assert problem(again) == "already-superseded"
    assert again.json()["position"] == position


async def test_a_supersession_may_be_superseded(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    wrong = (await post(client, notified(treaty))).json()["position"]
    position = (await post(client, superseded(treaty, wrong))).json()["position"]
    assert (await post(client, superseded(treaty, position))).status_code == 201


async def test_only_a_record_of_the_same_stream_is_superseded(client: httpx.AsyncClient) -> None:
    treaty, other = await registered_treaty(client), await registered_treaty(client)
    position = (await post(client, notified(other))).json()["position"]
    for wrong in (position, 10**9):
        answer = await post(client, superseded(treaty, wrong))
        assert problem(answer) == "invalid-event"
        assert answer.json()["errors"][0]["pointer"] == "/data/position"


async def test_what_is_only_odd_in_law_is_recorded(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    revoked = event("withdrawal.revoked", treaty, {"participant": "HUN", "received_on": "1999-01-01"})
    assert (await post(client, revoked)).status_code == 201


async def test_a_batch_is_recorded_in_order(client: httpx.AsyncClient) -> None:
    treaty, other = unique("batch"), unique("batch")
    answer = await post_batch(client, [registered(treaty), registered(other), notified(treaty)])
    assert answer.status_code == 201
    receipts = answer.json()["receipts"]
    assert [(one["treaty"], one["version"]) for one in receipts] == [(treaty, 1), (other, 1), (treaty, 2)]
    first = receipts[0]["position"]
    assert [one["position"] for one in receipts] == [first, first + 1, first + 2]


async def test_a_batch_sees_its_own_events(client: httpx.AsyncClient) -> None:
    treaty, code = unique("batch"), unique("ZZ")
    answer = await post_batch(client, [introduced(code), registered(treaty), notified(treaty, code)])
    assert answer.status_code == 201


async def test_one_refused_event_refuses_the_whole_batch(client: httpx.AsyncClient) -> None:
    treaty = unique("batch")
    size = await log_size(client)
    answer = await post_batch(client, [registered(treaty), notified(treaty, "ZZZ"), notified(treaty)])
    assert problem(answer) == "unknown-participant"
    assert answer.json()["index"] == 1
    assert answer.json()["errors"][0]["pointer"] == "/1/data/participant"
    assert await log_size(client) == size
    assert (await client.get(f"/v1/treaties/{treaty}/events")).status_code == 404


async def test_a_malformed_event_of_a_batch_is_named(client: httpx.AsyncClient) -> None:
    treaty = unique("batch")
    answer = await post_batch(client, [registered(treaty), {**notified(treaty), "data": {"participant": "HUN"}}])
    assert problem(answer) == "invalid-event"
    assert answer.json()["errors"][0]["pointer"] == "/1/data/received_on"


async def test_a_repeated_batch_gets_the_first_receipts(client: httpx.AsyncClient) -> None:
    treaty = unique("batch")
    batch = [registered(treaty), notified(treaty)]
    first = await post_batch(client, batch)
    again = await post_batch(client, batch)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json() == first.json()


async def test_a_batch_with_some_events_known_is_a_conflict(client: httpx.AsyncClient) -> None:
    treaty = unique("batch")
    batch = [registered(treaty), notified(treaty)]
    position = (await post(client, batch[0])).json()["position"]
    answer = await post_batch(client, batch)
    assert problem(answer) == "event-id-conflict"
    assert answer.json()["positions"] == [position]


async def test_an_event_stands_once_in_a_batch(client: httpx.AsyncClient) -> None:
    fact = registered(unique("batch"))
    answer = await post_batch(client, [fact, fact])
    assert problem(answer) == "event-id-conflict"
    assert (answer.json()["index"], answer.json()["errors"][0]["pointer"]) == (1, "/1/id")


async def test_a_batch_says_which_of_its_events_has_an_id_of_another_content(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    taken = notified(treaty)
    position = (await post(client, taken)).json()["position"]
    answer = await post_batch(client, [notified(treaty), {**taken, "time": "2020-01-01T00:00:00Z"}])
    assert problem(answer) == "event-id-conflict"
    said = answer.json()
    assert (said["index"], said["position"], said["errors"][0]["pointer"]) == (1, position, "/1/id")


async def test_a_stream_that_exists_already_is_told_where_it_was_denied(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    answer = await post(client, notified(treaty), If_None_Match="*")
    assert problem(answer) == "version-mismatch"
    assert answer.json()["errors"][0]["pointer"] == "/If-None-Match"


async def test_a_batch_may_state_the_version_it_saw(client: httpx.AsyncClient) -> None:
    treaty = await registered_treaty(client)
    assert problem(await post_batch(client, [notified(treaty)], If_Match='"2"')) == "version-mismatch"
    assert (await post_batch(client, [notified(treaty), notified(treaty)], If_Match='"1"')).status_code == 201
    mixed = [notified(treaty), registered(unique("other"))]
    assert problem(await post_batch(client, mixed, If_Match='"3"')) == "malformed-parameter"


async def test_an_empty_batch_is_refused(client: httpx.AsyncClient) -> None:
    assert problem(await post_batch(client, [])) == "invalid-event"
