"""Measure how fast the ledger gives what it recorded: the feed, and bundles of the log's entries."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

from appends import post_lines
from figures import OURS, Contender, Figure, Run, clients, compare
from processes import Databases, Server, run_bare_endpoint, run_ledger
from raw_database import read_pages
from wire import Connection, get, load, stream
from workload import EVENTS_PER_TREATY, make_workload

from treaty_contracts.tlog.tiles import bundles_of

CONNECTIONS = 16
"""How many clients ask for bundles at the same time."""

_EACH_EVENT = b'"leaf_hash":'
_LOOK_AGAIN_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlan:
    """Say how much to read."""

    rounds: int
    events: int
    bundles: int


async def measure_reading(databases: Databases, plan: ReadingPlan) -> list[Figure]:
    """Return the figures of the feed and of bundles."""
    recorded = make_workload("read", treaties=plan.events // EVENTS_PER_TREATY)
    database = await databases.fresh()
    with run_ledger(database, databases.folder) as ledger:
        await post_lines(ledger.base_url, [*recorded.registrations, *recorded.acts])
        feed: dict[str, Contender] = {
            OURS: partial(read_feed, ledger.base_url, size=plan.events),
            "asyncpg, pages of the same rows": partial(read_pages, database, size=plan.events),
        }
        name = f"feed as JSON Lines, {plan.events:,} events"
        return [await compare(name, "/s", plan.rounds, feed), await _compare_bundles(databases, ledger, plan)]


async def read_feed(ledger_url: str, *, size: int) -> Run:
    """Read the whole feed, as far as `size`; return events a second."""
    began = perf_counter()
    parts = [part async for part in stream(ledger_url, "/v1/events")]
    elapsed = perf_counter() - began
    assert b"".join(parts).count(_EACH_EVENT) >= size  # where a frame cuts the name, another one is not cut
    return Run(size / elapsed)


async def await_checkpoint(ledger: Server, *, size: int) -> None:
    """Wait until the published checkpoint covers `size` events."""
    async with Connection(ledger.base_url) as connection:
        while await published_size(connection) < size:  # noqa: ASYNC110 - another process signs
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def published_size(connection: Connection) -> int:
    """Return how many events the published checkpoint covers; 0 while there is none."""
    status, note = await connection.exchange(get("/log/checkpoint"))
    return int(note.split(b"\n", 2)[1]) if status == 200 else 0  # noqa: PLR2004 - HTTP status


async def _compare_bundles(databases: Databases, ledger: Server, plan: ReadingPlan) -> Figure:
    await await_checkpoint(ledger, size=plan.events)
    targets = [f"/log/tile/{bundle.path}" for bundle in bundles_of(plan.events) if bundle.is_full]
    answers: dict[str, bytes] = {}
    async with Connection(ledger.base_url) as connection:
        for target in targets:
            status, answers[target] = await connection.exchange(get(target))
            assert status == 200, answers[target]  # noqa: PLR2004 - HTTP status
    files = _write_files(databases.folder / "files", [answers[target] for target in targets])
    with run_bare_endpoint(databases.folder, answers) as bare:
        contenders: dict[str, Contender] = {
            OURS: partial(_load, ledger, targets, plan),
            "FastAPI alone, same bytes": partial(_load, bare, targets, plan),
            "Starlette's StaticFiles, same bytes": partial(_load, bare, files, plan),
        }
        kib = sum(map(len, answers.values())) // len(answers) // 1024
        name = f"bundles of entries, {kib} KiB each, {clients(CONNECTIONS)}"
        return await compare(name, "/s", plan.rounds, contenders)


def _write_files(folder: Path, contents: Sequence[bytes]) -> list[str]:
    folder.mkdir(exist_ok=True)
    for number, content in enumerate(contents):
        (folder / str(number)).write_bytes(content)
    return [f"/files/{number}" for number in range(len(contents))]


async def _load(server: Server, targets: Sequence[str], plan: ReadingPlan) -> Run:
    requests = [get(targets[number % len(targets)]) for number in range(plan.bundles)]
    return await load(server.base_url, requests, connections=CONNECTIONS, status=200)
