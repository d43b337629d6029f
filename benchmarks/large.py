"""Measure whether a ledger stays as fast when much is recorded in it."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

from appends import post_lines
from figures import OURS, Figure, Run, clients, compare
from filling import fill
from processes import Databases, Server, run_ledger
from reading import await_checkpoint
from wire import load, post_event
from workload import EVENTS_PER_TREATY, make_workload, treaties_for

CONNECTIONS = 64
"""How many clients post at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargePlan:
    """Say how much is recorded before, in the small ledger and in the large one, and how much to post."""

    rounds: int
    small: int
    large: int
    posts: int
    lines: int


async def measure_large(databases: Databases, plan: LargePlan) -> list[Figure]:
    """Return what the large ledger does beside the small one, both with everything signed."""
    small, large = await _filled(databases, plan.small), await _filled(databases, plan.large)
    with run_ledger(small, databases.folder) as less, run_ledger(large, databases.folder) as more:
        await await_checkpoint(less, size=plan.small)
        await await_checkpoint(more, size=plan.large)
        measured = {
            f"single posts, {clients(CONNECTIONS)}": partial(_post_singly, plan),
            "JSON Lines, one stream": partial(_post_lines, plan),
        }
        return [await _compare(name, post, less, more, plan) for name, post in measured.items()]


async def _filled(databases: Databases, size: int) -> str:
    print(f"recording {size:,} events", flush=True)
    database = await databases.fresh()
    await fill(database, size=size)
    return database


async def _compare(
    name: str, post: Callable[[Server, Iterator[int]], Awaitable[Run]], less: Server, more: Server, plan: LargePlan
) -> Figure:
    numbers = count(1)
    contenders = {
        OURS: partial(post, more, numbers),
        f"ours, after {plan.small:,} events": partial(post, less, numbers),
    }
    return await compare(f"{name}, after {plan.large:,} events", "/s", plan.rounds, contenders)


async def _post_singly(plan: LargePlan, ledger: Server, numbers: Iterator[int]) -> Run:
    new = make_workload(f"single-{next(numbers)}", treaties=treaties_for(plan.posts), acts=plan.posts)
    await post_lines(ledger.base_url, new.registrations)
    requests = [post_event(event) for event in new.acts]
    return await load(ledger.base_url, requests, connections=CONNECTIONS, status=201)


async def _post_lines(plan: LargePlan, ledger: Server, numbers: Iterator[int]) -> Run:
    new = make_workload(f"lines-{next(numbers)}", treaties=plan.lines // EVENTS_PER_TREATY)
    return await post_lines(ledger.base_url, [*new.registrations, *new.acts])
