"""Measure how a projector follows and answers when a ledger is large: a synthetic one, beside a smaller one."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from random import Random

import asyncpg
from figures import OURS, Contender, Figure, Run, clients, compare
from filling import fill
from memory import resident
from processes import Databases, Server, run_ledger, run_projector
from projections import follow
from raw_database import query_members
from reading import await_checkpoint
from visibility import post_steadily
from wire import get, load

_CONNECTIONS = 4
_FIRST_DAY = date(1960, 1, 1)
_DAYS = 26_000
_PER_SECOND = 500
_BUSIEST = "SELECT participant FROM projector_blue.membership GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
_KNOWN = "SELECT treaty, min(known_from) AS since FROM projector_blue.treaty GROUP BY 1 ORDER BY 1"


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
class _Followed:
    """Hold a ledger with a worker that has followed it, and what answers from it."""

    size: int
    database: str
    ledger: Server
    worker: Server
    api: Server
    following: Run


async def measure_scale(databases: Databases, plan: ScalePlan) -> list[Figure]:
    """Return the figures of both ledgers, side by side: following is one run of each, everything else as ever."""
    async with AsyncExitStack() as stack:
        small, large = [
            await stack.enter_async_context(_followed(databases, size, plan.seed)) for size in (plan.small, plan.large)
        ]
        beside = f"ours, {small.size:,} events"
        runs = {OURS: [large.following], beside: [small.following]}
        figures = [Figure(name=f"following {large.size:,} events, one run", unit="/s", runs=runs)]
        for name, unit, contenders in await _questions(large, small, plan):
            figures.append(await compare(f"{name}, {large.size:,} events", unit, plan.rounds, contenders))
        steadily: dict[str, Contender] = {
            name: partial(post_steadily, followed.ledger, followed.api, posts=plan.posts, rate=_PER_SECOND)
            for name, followed in ((OURS, large), (beside, small))
        }
        name = f"from a post to an answer, {_PER_SECOND} posts a second, {large.size:,} events"
        figures.append(await compare(name, "ms", plan.rounds, steadily))
        return [*figures, *_memory(large, small)]


@asynccontextmanager
async def _followed(databases: Databases, size: int, seed: int) -> AsyncIterator[_Followed]:
    print(f"recording {size:,} synthetic events", flush=True)
    recorded, derived = await databases.fresh(), await databases.fresh()
    await fill(recorded, size=size, seed=seed)
    with run_ledger(recorded, databases.folder) as ledger:
        await await_checkpoint(ledger, size=size)
        with _projector(databases, derived, ledger, TREATY_PROJECTOR_FACTS_IN_MEMORY=str(size)) as (worker, api):
            following = await follow(api, size=size)
            print(
                f"following {size:,} events: {following.value:,.0f}/s, {resident(worker, 'VmHWM'):,.0f} MiB", flush=True
            )
        await _tidy_up(derived)
        with _projector(databases, derived, ledger) as (worker, api):
            yield _Followed(size, derived, ledger, worker, api, following)


@contextmanager
def _projector(
    databases: Databases, database: str, ledger: Server, **of_worker: str
) -> Iterator[tuple[Server, Server]]:
    with (
        run_projector(database, ledger.base_url, databases.folder, command="worker", **of_worker) as worker,
        run_projector(database, ledger.base_url, databases.folder, command="api") as api,
    ):
        yield worker, api


async def _tidy_up(database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")
    await connection.close()


async def _questions(
    large: _Followed, small: _Followed, plan: ScalePlan
) -> Sequence[tuple[str, str, dict[str, Contender]]]:
    asked: list[tuple[str, str, dict[str, Contender]]] = []
    beside = f"ours, {small.size:,} events"
    scattered = {followed.size: await _scattered(followed, plan) for followed in (large, small)}
    pages = {size: [_members(*one) for one in questions] for size, questions in scattered.items()}
    asked.append(
        (
            f"members, scattered clocks, {clients(_CONNECTIONS)}",
            "/s",
            {
                OURS: _ask(large, pages[large.size]),
                beside: _ask(small, pages[small.size]),
                "asyncpg, same SQL": partial(
                    query_members, large.database, scattered[large.size], connections=_CONNECTIONS
                ),
            },
        )
    )
    chance = Random(plan.seed)  # noqa: S311 - no secret: the same days in every run
    exits = [f"/v1/pending-exits?as_of={_day(chance)}" for _ in range(plan.questions)]
    asked.append(("pending exits on scattered days", "/s", {OURS: _ask(large, exits), beside: _ask(small, exits)}))
    busiest = {followed.size: await _busiest(followed) for followed in (large, small)}
    of_one = {
        size: [f"/v1/participants/{code}/treaties?as_of={_day(chance)}&limit=500" for _ in range(plan.questions // 4)]
        for size, code in busiest.items()
    }
    contenders: dict[str, Contender] = {OURS: _ask(large, of_one[large.size]), beside: _ask(small, of_one[small.size])}
    return [*asked, ("treaties of the busiest participant", "/s", contenders)]


def _ask(followed: _Followed, targets: Sequence[str]) -> Contender:
    requests = [get(target) for target in targets]
    return partial(load, followed.api.base_url, requests, connections=_CONNECTIONS, status=200)


async def _scattered(followed: _Followed, plan: ScalePlan) -> list[tuple[str, int, date]]:
    """Return questions about treaties, sizes of the log and days that have nothing to do with each other."""
    chance = Random(plan.seed)  # noqa: S311 - no secret: the same questions in every run
    connection = await asyncpg.connect(followed.database)
    known = await connection.fetch(_KNOWN)
    await connection.close()
    chosen = [chance.choice(known) for _ in range(plan.questions)]
    return [(row["treaty"], chance.randint(row["since"], followed.size), _day(chance)) for row in chosen]


def _members(treaty: str, size: int, day: date) -> str:
    return f"/v1/treaties/{treaty}/members?as_of={day}&known_size={size}"


def _day(chance: Random) -> date:
    return _FIRST_DAY + timedelta(days=chance.randrange(_DAYS))


async def _busiest(followed: _Followed) -> str:
    connection = await asyncpg.connect(followed.database)
    code: str = await connection.fetchval(_BUSIEST)
    await connection.close()
    return code


def _memory(large: _Followed, small: _Followed) -> list[Figure]:
    """Return the most that worker and api had resident since they started."""
    figures = []
    for what, ours, other in (("worker", large.worker, small.worker), ("api", large.api, small.api)):
        runs = {OURS: [Run(resident(ours, "VmHWM"))], f"ours, {small.size:,} events": [Run(resident(other, "VmHWM"))]}
        figures.append(Figure(name=f"memory of the {what}, {large.size:,} events", unit="MiB", runs=runs))
    return figures
