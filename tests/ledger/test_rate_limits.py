"""A principal records so many events a second, and no more."""

import asyncio
from collections.abc import AsyncIterator, Callable

import httpx
import pytest
from database import RunningService
from ledger.clock import Clock
from ledger.facts import as_lines, log_size, post, post_batch, post_lines, problem, registered, unique
from ledger.guarded import bearer, make_key

from treaty_ledger.access.allowances import Allowances
from treaty_ledger.errors import TooManyRequests


@pytest.fixture
async def limited(database_url: str, start_ledger: Callable[..., RunningService]) -> AsyncIterator[httpx.AsyncClient]:
    """Run a ledger that lets three events through at once, and one more in ten seconds."""
    service = start_ledger(
        database_url,
        TREATY_LEDGER_AUTHENTICATION="required",
        TREATY_LEDGER_EVENTS_PER_SECOND="0.1",
        TREATY_LEDGER_EVENTS_BURST="3",
    )
    headers = bearer(await make_key(database_url, "busy", "events:append"))
    async with httpx.AsyncClient(base_url=service.base_url, headers=headers, timeout=60) as client:
        yield client


async def test_who_records_too_much_is_told_when_to_come_back(limited: httpx.AsyncClient) -> None:
    for left in (2, 1, 0):
        answer = await post(limited, registered(unique("limited")))
        assert answer.status_code == 201
        assert answer.headers["ratelimit-policy"] == '"events";q=3;w=30'
        assert answer.headers["ratelimit"].startswith(f'"events";r={left};t=')
    refused = await post(limited, registered(unique("limited")))
    assert (refused.status_code, problem(refused)) == (429, "too-many-requests")
    assert 1 <= int(refused.headers["retry-after"]) <= 10
    assert refused.headers["ratelimit"].startswith('"events";r=0;t=')
    assert await log_size(limited) == 3


async def test_one_who_records_too_much_holds_nobody_else_back(limited: httpx.AsyncClient, database_url: str) -> None:
    facts = [registered(unique("limited")) for _ in range(5)]
    assert (await post_batch(limited, facts)).status_code == 201
    assert (await post(limited, facts[0])).status_code == 429
    other = bearer(await make_key(database_url, "other", "events:append"))
    assert (await post(limited, registered(unique("limited")), **other)).status_code == 201


async def test_lines_beyond_the_allowance_are_read_more_slowly(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_EVENTS_PER_SECOND="200", TREATY_LEDGER_EVENTS_BURST="10")
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        began = asyncio.get_running_loop().time()
        answers = await post_lines(client, as_lines(registered(unique("lines")) for _ in range(200)))
        assert all("position" in answer for answer in answers)
        assert asyncio.get_running_loop().time() - began > 0.5


def test_an_allowance_fills_up_as_time_passes() -> None:
    clock = Clock()
    allowances = Allowances(per_second=2, burst=4, clock=clock)
    for _ in range(4):
        allowances.admit("one")
    with pytest.raises(TooManyRequests):
        allowances.admit("one")
    clock.now += 0.5
    allowances.admit("one")
    clock.now += 100
    standing = allowances.standing("one")
    assert standing is not None
    assert (standing.left, standing.whole_after_seconds, standing.window_seconds) == (4, 0, 2)


def test_what_was_overdrawn_is_made_up_for_first() -> None:
    clock = Clock()
    allowances = Allowances(per_second=10, burst=10, clock=clock)
    allowances.admit("one")
    assert allowances.spend("one", 999) == pytest.approx(99)
    with pytest.raises(TooManyRequests) as refused:
        allowances.admit("one")
    assert refused.value.retry_after_seconds == 100
    clock.now += 99.2
    allowances.admit("one")


def test_allowances_that_are_whole_take_no_memory_for_ever() -> None:
    clock = Clock()
    allowances = Allowances(per_second=1, burst=1, clock=clock)
    for number in range(25_000):
        allowances.admit(f"principal {number}")
        clock.now += 0.01
    assert allowances.known < 10_001


def test_without_a_limit_nothing_is_counted() -> None:
    allowances = Allowances(per_second=0, burst=1)
    for _ in range(10):
        allowances.admit("one")
    assert allowances.standing("one") is None
    assert allowances.spend("one", 5) == 0
