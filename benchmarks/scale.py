"""Measure how a projector begins and answers when a ledger is large: a synthetic one, beside a smaller one."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random
from time import perf_counter

import asyncpg
from figures import OURS, Contender, Figure, Run, clients, compare
from filling import fill
from memory import resident
from processes import BIN, Databases, Server, environment_of, run_ledger, run_projector
from raw_database import query_members
from reading import await_checkpoint
from visibility import post_steadily
from wire import get, load

_CONNECTIONS = 4
_FIRST_DAY = date(1960, 1, 1)
_DAYS = 26_000
_PER_SECOND = 500
_SCHEMA = "projector_green"
"""Where the read model lies that was begun beside the empty one."""

_BUSIEST = f"SELECT participant FROM {_SCHEMA}.membership GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"  # noqa: S608
_KNOWN = f"SELECT treaty, min(known_from) AS since FROM {_SCHEMA}.treaty GROUP BY 1 ORDER BY 1"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalePlan:
    """Say how many events two ledgers have, and how much to ask of what follows from them."""

    rounds: int
    small: int
    large: int
    questions: int
    posts: int
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Begun:
    """Hold a ledger with a worker that follows it, and what answers from it."""

    size: int
    database: str
    ledger: Server
    worker: Server
    api: Server
    beginning: Run


async def measure_scale(databases: Databases, plan: ScalePlan) -> list[Figure]:
    """Return the figures of both ledgers, side by side: beginning is one run of each, everything else as ever."""
    async with AsyncExitStack() as stack:
        small, large = [
            await stack.enter_async_context(_begun(databases, size, plan.seed)) for size in (plan.small, plan.large)
        ]
        beside = f"ours, {small.size:,} events"
        runs = {OURS: [large.beginning], beside: [small.beginning]}
        figures = [Figure(name=f"beginning with {large.size:,} events, one run", unit="/s", runs=runs)]
        for name, unit, contenders in await _questions(large, small, plan):
            figures.append(await compare(f"{name}, {large.size:,} events", unit, plan.rounds, contenders))
        steadily: dict[str, Contender] = {
            name: partial(post_steadily, begun.ledger, begun.api, posts=plan.posts, rate=_PER_SECOND)
            for name, begun in ((OURS, large), (beside, small))
        }
        name = f"from a post to an answer, {_PER_SECOND} posts a second, {large.size:,} events"
        figures.append(await compare(name, "ms", plan.rounds, steadily))
        return [*figures, *_memory(large, small)]


@asynccontextmanager
async def _begun(databases: Databases, size: int, seed: int) -> AsyncIterator[_Begun]:
    print(f"recording {size:,} synthetic events", flush=True)
    recorded, derived = await databases.fresh(), await databases.fresh()
    await fill(recorded, size=size, seed=seed)
    with run_ledger(recorded, databases.folder) as ledger:
        await await_checkpoint(ledger, size=size)
        beginning = await _begin(derived, ledger, size=size)
        await _tidy_up(derived)
        with (
            run_projector(derived, ledger.base_url, databases.folder, command="worker") as worker,
            run_projector(derived, ledger.base_url, databases.folder, command="api") as api,
        ):
            yield _Begun(size, derived, ledger, worker, api, beginning)


async def _begin(database: str, ledger: Server, *, size: int) -> Run:
    """Let a rebuild read the log and fold it on two processes; return entries a second of both together."""
    environment = environment_of(database, TREATY_PROJECTOR_LEDGER_URL=ledger.base_url)
    command = [str(BIN / "treaty-projector"), "rebuild", "--switch", "--processes", "2"]
    began = perf_counter()
    done = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    print(done.stdout, end="", flush=True)
    return Run(size / (perf_counter() - began))


async def _tidy_up(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")
    await connection.close()


async def _questions(large: _Begun, small: _Begun, plan: ScalePlan) -> Sequence[tuple[str, str, dict[str, Contender]]]:
    asked: list[tuple[str, str, dict[str, Contender]]] = []
    beside = f"ours, {small.size:,} events"
    scattered = {begun.size: await _scattered(begun, plan) for begun in (large, small)}
    pages = {size: [_members(*one) for one in questions] for size, questions in scattered.items()}
    asked.append(
        (
            f"members, scattered clocks, {clients(_CONNECTIONS)}",
            "/s",
            {
                OURS: _ask(large, pages[large.size]),
                beside: _ask(small, pages[small.size]),
                "asyncpg, same SQL": partial(
                    query_members, large.database, scattered[large.size], connections=_CONNECTIONS, schema=_SCHEMA
                ),
            },
        )
    )
    chance = Random(plan.seed)  # noqa: S311 - no secret: the same days in every run
    exits = [f"/v1/pending-exits?as_of={_day(chance)}" for _ in range(plan.questions)]
    asked.append(("pending exits on scattered days", "/s", {OURS: _ask(large, exits), beside: _ask(small, exits)}))
    busiest = {begun.size: await _busiest(begun) for begun in (large, small)}
    of_one = {
        size: [f"/v1/participants/{code}/treaties?as_of={_day(chance)}&limit=500" for _ in range(plan.questions // 4)]
        for size, code in busiest.items()
    }
    contenders: dict[str, Contender] = {OURS: _ask(large, of_one[large.size]), beside: _ask(small, of_one[small.size])}
    return [*asked, ("treaties of the busiest participant", "/s", contenders)]


def _ask(begun: _Begun, targets: Sequence[str]) -> Contender:
    requests = [get(target) for target in targets]
    return partial(load, begun.api.base_url, requests, connections=_CONNECTIONS, status=200)


async def _scattered(begun: _Begun, plan: ScalePlan) -> list[tuple[str, int, date]]:
    """Return questions about treaties, sizes of the log and days that have nothing to do with each other."""
    chance = Random(plan.seed)  # noqa: S311 - no secret: the same questions in every run
    connection = await asyncpg.connect(begun.database)
    known = await connection.fetch(_KNOWN)
    await connection.close()
    chosen = [chance.choice(known) for _ in range(plan.questions)]
    return [(row["treaty"], chance.randint(row["since"], begun.size), _day(chance)) for row in chosen]


def _members(treaty: str, size: int, day: date) -> str:
    return f"/v1/treaties/{treaty}/members?as_of={day}&known_size={size}"


def _day(chance: Random) -> date:
    return _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))


async def _busiest(begun: _Begun) -> str:
    connection = await asyncpg.connect(begun.database)
    code: str = await connection.fetchval(_BUSIEST)
    await connection.close()
    return code


def _memory(large: _Begun, small: _Begun) -> list[Figure]:
    """Return the most that worker and api had resident since they started."""
    figures = []
    for what, ours, other in (("worker", large.worker, small.worker), ("api", large.api, small.api)):
        runs = {OURS: [Run(resident(ours, "VmHWM"))], f"ours, {small.size:,} events": [Run(resident(other, "VmHWM"))]}
        figures.append(Figure(name=f"memory of the {what}, {large.size:,} events", unit="MiB", runs=runs))
    return figures
