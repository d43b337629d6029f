"""Most groups are recorded without asking the database first: nobody may notice, whatever others record meanwhile."""

from datetime import UTC, datetime, timedelta

import httpx
from ledger.facts import assert_dense, notified, post, problem, registered_treaty, whole_log

from treaty_ledger.append.outcomes import Decision
from treaty_ledger.append.remembered import Remembered
from treaty_ledger.store.values import Prior, Wanted

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def wanted(stream: str) -> Wanted:
    return Wanted(identities=(b"new",), streams=(stream,), targets=(), codes=())


async def test_a_version_that_another_process_moved_on_is_not_the_one_a_writer_saw(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(client)
    assert (await post(client, notified(treaty), If_Match='"1"')).status_code == 201
    assert (await post(second_client, notified(treaty))).status_code == 201
    refused = await post(client, notified(treaty), If_Match='"2"')
    assert problem(refused) == "version-mismatch"
    assert refused.json()["actual"] == 3


async def test_a_process_that_heard_of_what_another_recorded_goes_on(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(client)
    for _ in range(3):
        assert (await post(client, notified(treaty))).status_code == 201
        there = (await post(second_client, notified(treaty))).json()["position"] + 1
        while f"treaty_ledger_size {there}.0" not in (await client.get("/metrics")).text:
            pass
        assert (await post(client, notified(treaty))).status_code == 201


async def test_what_another_process_recorded_is_repeated_with_its_receipt(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty, before = await registered_treaty(client), len(await whole_log(client))
    for poster, other in [(client, second_client), (second_client, client)] * 5:
        fact = notified(treaty)
        first, again = await post(poster, fact), await post(other, fact)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json() == again.json()
    log = await whole_log(client)
    assert len(log) == before + 10
    assert_dense(log)


async def test_an_id_that_another_process_recorded_with_another_content_is_a_conflict(
    client: httpx.AsyncClient, second_client: httpx.AsyncClient
) -> None:
    treaty = await registered_treaty(client)
    fact = notified(treaty)
    assert (await post(client, notified(treaty))).status_code == 201
    recorded = await post(second_client, fact)
    conflict = await post(client, fact | {"data": notified(treaty, "FRA")["data"]})
    assert problem(conflict) == "event-id-conflict"
    assert conflict.json()["position"] == recorded.json()["position"]


def test_the_clock_of_the_database_is_asked_once_a_second() -> None:
    seconds = 100.0
    remembered = Remembered(lambda: seconds)
    prior = Prior(size=7, now=NOON, last_recorded_at=None, versions={"abm": 3}, known={}, targets={}, codes=frozenset())
    remembered.learn(prior, Decision((), ()))
    seconds += 0.5
    told = remembered.prior(wanted("abm"))
    assert told is not None
    assert (told.size, told.versions, told.now) == (7, {"abm": 3}, NOON + timedelta(seconds=0.5))
    assert remembered.prior(wanted("npt")) is None
    seconds += 0.6
    assert remembered.prior(wanted("abm")) is None
