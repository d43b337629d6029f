"""Measure how soon a published checkpoint covers what was receipted."""

import asyncio
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import count
from time import perf_counter

import orjson
from appends import post_lines
from figures import OURS, Figure, Run, compare, timed
from processes import Databases, Server, run_ledger
from reading import published_size
from wire import Connection, post_event
from workload import make_workload, treaties_for

WRITERS = (1, 64)
"""How many clients post at the same time."""

_LOOK_AGAIN_SECONDS = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class FreshnessPlan:
    """Say how many events to post."""

    rounds: int
    posts: int


@dataclass(frozen=True, slots=True)
class _Receipt:
    position: int
    at: float


async def measure_freshness(databases: Databases, plan: FreshnessPlan) -> list[Figure]:
    """Return the figures of the time from a receipt to the checkpoint that covers it."""
    with run_ledger(await databases.fresh(), databases.folder) as ledger:
        numbers = count(1)
        return [await _compare(ledger, plan, numbers, writers) for writers in WRITERS]


async def _compare(ledger: Server, plan: FreshnessPlan, numbers: Iterator[int], writers: int) -> Figure:
    async def post_and_look() -> Run:
        new = make_workload(f"fresh-{next(numbers)}", treaties=treaties_for(plan.posts), acts=plan.posts)
        await post_lines(ledger.base_url, new.registrations)
        return await _watch(ledger.base_url, [post_event(event) for event in new.acts], writers=writers)

    name = f"from a receipt to its checkpoint, {writers} writer{'' if writers == 1 else 's'}"
    return await compare(name, "ms", plan.rounds, {OURS: post_and_look})


async def _watch(base_url: str, requests: Sequence[bytes], *, writers: int) -> Run:
    """Post everything while somebody else looks at the checkpoint again and again; return milliseconds."""
    receipts: list[_Receipt] = []
    async with AsyncExitStack() as stack:
        opened = [await stack.enter_async_context(Connection(base_url)) for _ in range(writers + 1)]
        waiting = iter(requests)
        async with asyncio.TaskGroup() as tasks:
            looking = tasks.create_task(_look(opened[0], receipts, len(requests)))
            for connection in opened[1:]:
                tasks.create_task(_post(connection, waiting, receipts))
    seen = looking.result()
    sizes = [size for size, _ in seen]
    return timed([max(0.0, seen[bisect_left(sizes, each.position + 1)][1] - each.at) for each in receipts])


async def _post(connection: Connection, waiting: Iterator[bytes], receipts: list[_Receipt]) -> None:
    for request in waiting:
        status, receipt = await connection.exchange(request)
        assert status == 201, receipt  # noqa: PLR2004 - HTTP status
        receipts.append(_Receipt(orjson.loads(receipt)["position"], perf_counter()))


async def _look(connection: Connection, receipts: Sequence[_Receipt], expected: int) -> list[tuple[int, float]]:
    """Return each size that was published, and when it was seen, until all receipts are covered."""
    seen: list[tuple[int, float]] = [(0, perf_counter())]
    while len(receipts) < expected or seen[-1][0] <= max(each.position for each in receipts):
        size = await published_size(connection)
        if size > seen[-1][0]:
            seen.append((size, perf_counter()))
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)
    return seen
