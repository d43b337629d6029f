"""Measure how fast the ledger records."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from time import perf_counter

import httpx
from figures import OURS, Contender, Figure, Run, clients, compare
from processes import Databases, Server, run_bare_endpoint, run_ledger
from raw_database import insert_copy, insert_single, insert_unnest, rows_of
from wire import load, post_event
from workload import EVENTS_PER_TREATY, make_workload, treaties_for

CONNECTIONS = (1, 16, 64)
"""How many clients post at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendPlan:
    """Say how much to post."""

    rounds: int
    posts: int
    lines: int


async def measure_appends(databases: Databases, plan: AppendPlan) -> list[Figure]:
    """Return the figures of single posts and of JSON Lines."""
    raw = await databases.fresh()
    with (
        run_ledger(await databases.fresh(), databases.folder) as ledger,
        run_bare_endpoint(databases.folder, {}) as bare,
    ):
        posts = _Posts(ledger, bare, raw, plan.posts)
        figures = [await posts.compare(plan.rounds, connections=connections) for connections in CONNECTIONS]
        return [*figures, await _compare_lines(ledger, raw, plan)]


class _Posts:
    """Post single events to the ledger and its peers."""

    def __init__(self, ledger: Server, bare: Server, raw: str, posts: int) -> None:
        self._ledger = ledger
        self._bare = bare
        self._raw = raw
        self._posts = posts
        self._treaties = treaties_for(posts)
        self._numbers = count(1)
        self._same = make_workload("posted", treaties=self._treaties, acts=posts).acts
        self._rows = rows_of(self._same)

    async def compare(self, rounds: int, *, connections: int) -> Figure:
        contenders: dict[str, Contender] = {
            OURS: partial(self._to_ledger, connections),
            "FastAPI alone": partial(self._to_bare_endpoint, connections),
            "asyncpg, a row a commit": partial(insert_single, self._raw, self._rows, connections=connections),
        }
        return await compare(f"single posts, {clients(connections)}", "/s", rounds, contenders)

    async def _to_ledger(self, connections: int) -> Run:
        new = make_workload(f"posts-{next(self._numbers)}", treaties=self._treaties, acts=self._posts)
        await post_lines(self._ledger.base_url, new.registrations)
        requests = [post_event(event) for event in new.acts]
        return await load(self._ledger.base_url, requests, connections=connections, status=201)

    async def _to_bare_endpoint(self, connections: int) -> Run:
        requests = [post_event(event) for event in self._same]
        return await load(self._bare.base_url, requests, connections=connections, status=201)


async def _compare_lines(ledger: Server, raw: str, plan: AppendPlan) -> Figure:
    treaties, numbers = plan.lines // EVENTS_PER_TREATY, count(1)
    same = make_workload("lines", treaties=treaties)
    rows = rows_of([*same.registrations, *same.acts])

    async def to_ledger() -> Run:
        new = make_workload(f"lines-{next(numbers)}", treaties=treaties)
        return await post_lines(ledger.base_url, [*new.registrations, *new.acts])

    contenders: dict[str, Contender] = {
        OURS: to_ledger,
        "asyncpg, `unnest` of 1,000 rows": partial(insert_unnest, raw, rows),
        "asyncpg, COPY": partial(insert_copy, raw, rows),
    }
    return await compare("JSON Lines, one stream", "/s", plan.rounds, contenders)


async def post_lines(ledger_url: str, events: Sequence[bytes]) -> Run:
    """Post events as one body of JSON Lines; return events a second. Every one must be recorded."""
    body = b"\n".join(events)
    async with httpx.AsyncClient(base_url=ledger_url, timeout=120) as client:
        began = perf_counter()
        answer = await client.post("/v1/events", content=body, headers={"Content-Type": "application/jsonl"})
        elapsed = perf_counter() - began
    assert answer.content.count(b'"position"') == len(events), answer.text[:1000]
    return Run(len(events) / elapsed)
