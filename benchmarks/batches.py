"""Measure how fast the ledger records batches, each of them as a whole or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from appends import post_lines
from figures import OURS, Contender, Figure, Run, clients, compare
from processes import Databases, Server, run_ledger
from raw_database import insert_batches, rows_of
from wire import load, post_batch
from workload import Workload, make_workload, treaties_for

SIZE = 100
"""How many events a batch has."""

CONNECTIONS = 8
"""How many clients post batches at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPlan:
    """Say how many batches to post."""

    rounds: int
    batches: int


async def measure_batches(databases: Databases, plan: BatchPlan) -> list[Figure]:
    """Return the figure of batches beside PostgreSQL alone."""
    raw, same = await databases.fresh(), events_of_batches("batched", plan.batches)
    peers: dict[str, Contender] = {
        "asyncpg, `unnest` of 100 rows": partial(
            insert_batches, raw, rows_of(same.acts), size=SIZE, connections=CONNECTIONS
        )
    }
    with run_ledger(await databases.fresh(), databases.folder) as ledger:
        return [await compare_batches(ledger, plan, peers)]


async def compare_batches(ledger: Server, plan: BatchPlan, peers: Mapping[str, Contender]) -> Figure:
    """Return events a second in batches, beside those peers."""
    numbers = count(1)

    async def to_ledger() -> Run:
        new = events_of_batches(f"batches-{next(numbers)}", plan.batches)
        await post_lines(ledger.base_url, new.registrations)
        requests = [post_batch(new.acts[at : at + SIZE]) for at in range(0, len(new.acts), SIZE)]
        run = await load(ledger.base_url, requests, connections=CONNECTIONS, status=201)
        return replace(run, value=run.value * SIZE)

    name = f"atomic batches of {SIZE}, {clients(CONNECTIONS)}"
    return await compare(name, "/s", plan.rounds, {OURS: to_ledger, **peers})


def events_of_batches(name: str, batches: int) -> Workload:
    """Return the events of so many batches."""
    return make_workload(name, treaties=treaties_for(batches * SIZE), acts=batches * SIZE)
