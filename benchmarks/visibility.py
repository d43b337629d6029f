"""Measure how long it takes from posts that come steadily to answers that know them."""

import asyncio
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import count
from time import perf_counter

import orjson
from appends import post_lines
from figures import Run, timed
from processes import Server
from wire import Connection, get, post_event
from workload import make_workload, treaties_for

_POSTING = 16
_numbers = count(1)


async def post_steadily(ledger: Server, projector: Server, *, posts: int, rate: int) -> Run:
    """Post so many events a second, each when its time has come; return milliseconds until one is answered.

    One client watches: it asks for an answer that knows one entry more than the last, and is answered once it is there.
    """
    new = make_workload(f"steady-{next(_numbers)}", treaties=2 * treaties_for(posts), acts=posts, staggered=True)
    await post_lines(ledger.base_url, new.registrations)
    sent: dict[int, float] = {}
    async with AsyncExitStack() as stack:
        watching = await stack.enter_async_context(Connection(projector.base_url))
        posting = [await stack.enter_async_context(Connection(ledger.base_url)) for _ in range(_POSTING)]
        await asyncio.sleep(1.0)  # until what was posted before is applied
        start = await _size(watching, 0)
        seeing = asyncio.create_task(_see(watching, start, posts))
        began = perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for number, connection in enumerate(posting):
                mine = [(began + place / rate, event) for place, event in enumerate(new.acts)][number::_POSTING]
                tasks.create_task(_post(connection, mine, sent))
        seen = await seeing
    sizes = [size for size, _ in seen]
    return timed([seen[bisect_right(sizes, position)][1] - at for position, at in sent.items()])


async def _post(connection: Connection, events: Sequence[tuple[float, bytes]], sent: dict[int, float]) -> None:
    for due, event in events:
        await asyncio.sleep(max(0.0, due - perf_counter()))
        began = perf_counter()
        status, receipt = await connection.exchange(post_event(event))
        assert status == 201, receipt  # noqa: PLR2004 - HTTP status
        sent[orjson.loads(receipt)["position"]] = began


async def _see(connection: Connection, start: int, posts: int) -> list[tuple[int, float]]:
    """Return each size that was answered, with when."""
    seen, size = [(start, perf_counter())], start
    while size < start + posts:
        size = await _size(connection, size + 1)
        seen.append((size, perf_counter()))
    return seen


async def _size(connection: Connection, least: int) -> int:
    status, answer = await connection.exchange(get(f"/v1/projection?min_size={least}"))
    while status == 503:  # noqa: PLR2004 - HTTP status: not yet
        status, answer = await connection.exchange(get(f"/v1/projection?min_size={least}"))
    size: int = orjson.loads(answer)["size"]
    return size
