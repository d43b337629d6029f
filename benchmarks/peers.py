"""Measure the ledger, over HTTP, beside other event stores in their fastest durable way to append.

Nothing but `run.py --peers` imports this: it needs the dependency group `bench`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import count
from typing import Protocol

import peer_message_db
from appends import post_lines
from batches import CONNECTIONS, SIZE, BatchPlan, compare_batches, events_of_batches
from figures import OURS, Contender, Figure, Run, clients, compare
from peer import Fact, Native, Peer, facts_of, record
from peer_eventsourcing import ApplicationRecorder, DynamicBoundaryRecorder
from peer_projection import Followed
from peer_umadb import UmaDB
from processes import Databases, Server, run_ledger, run_projector
from projections import follow
from reading import await_checkpoint
from wire import load, post_event
from workload import EVENTS_PER_TREATY, make_workload, treaties_for

WRITERS = (16, 64)
"""How many clients post single events at the same time."""

AT_ONCE = 1_000
"""How many events a peer records at once where the ledger takes lines."""

_PACKAGES = ("eventsourcing", "psycopg-binary", "umadb")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlan:
    """Say how much to record."""

    rounds: int
    posts: int
    batches: int
    lines: int
    followed: int


FULL = PeerPlan(rounds=5, posts=1_500, batches=200, lines=20_000, followed=5_000)
QUICK = PeerPlan(rounds=1, posts=200, batches=20, lines=2_000, followed=1_000)


class Recording(Protocol):
    """Record facts in a store, so many at once and by so many clients."""

    async def __call__(self, facts: Sequence[Fact], *, at_once: int, clients: int) -> Run:
        """Return events a second."""
        ...


def versions() -> dict[str, str]:
    """Return the versions of the peers."""
    return {**{package: version(package) for package in _PACKAGES}, "message-db": peer_message_db.VERSION}


async def measure_peers(databases: Databases, plan: PeerPlan) -> list[Figure]:
    """Return the figures of single posts, batches and lines, and of following what was recorded."""
    peers = await _peers(databases)
    with run_ledger(await databases.fresh(), databases.folder) as ledger:
        return [
            *[await _compare_posts(ledger, peers, plan, writers) for writers in WRITERS],
            await _compare_batches(ledger, peers, plan),
            await _compare_lines(ledger, peers, plan),
            await _compare_following(databases, plan),
        ]


async def _peers(databases: Databases) -> dict[str, Recording]:
    databases_ = [await databases.fresh() for _ in range(4)]
    await peer_message_db.install(databases_[3])
    return {
        "eventsourcing": _threaded(ApplicationRecorder(databases_[0], database_functions=False)),
        "eventsourcing, database functions": _threaded(ApplicationRecorder(databases_[1], database_functions=True)),
        "eventsourcing, DCB": _threaded(DynamicBoundaryRecorder(databases_[2])),
        "umadb": _threaded(UmaDB(databases.folder)),
        "message-db": partial(peer_message_db.write_messages, databases_[3]),
    }


async def _compare_following(databases: Databases, plan: PeerPlan) -> Figure:
    """Compare a projector with a runner that counts; each follows the same events from the first on."""
    recorded = make_workload("followed", treaties=plan.followed // EVENTS_PER_TREATY)
    events = [*recorded.registrations, *recorded.acts]
    peer = Followed(await databases.fresh(), facts_of(events))
    with run_ledger(await databases.fresh(), databases.folder) as ledger:
        await post_lines(ledger.base_url, events)
        await await_checkpoint(ledger, size=len(events))

        async def catch_up() -> Run:
            with run_projector(await databases.fresh(), ledger.base_url, databases.folder) as projector:
                return await follow(projector, size=len(events))

        contenders: dict[str, Contender] = {
            OURS: catch_up,
            "eventsourcing, runner that counts types": partial(asyncio.to_thread, peer.follow),
        }
        return await compare("catching up, one projector", "/s", plan.rounds, contenders)


def _threaded(peer: Peer[Native]) -> Recording:
    async def recording(facts: Sequence[Fact], *, at_once: int, clients: int) -> Run:
        return await asyncio.to_thread(record, peer, facts, at_once=at_once, clients=clients)

    return recording


def _contenders(
    peers: Mapping[str, Recording], facts: Sequence[Fact], *, at_once: int, clients: int
) -> dict[str, Contender]:
    return {name: partial(peer, facts, at_once=at_once, clients=clients) for name, peer in peers.items()}


async def _compare_posts(ledger: Server, peers: Mapping[str, Recording], plan: PeerPlan, writers: int) -> Figure:
    numbers, treaties = count(1), treaties_for(plan.posts)
    same = make_workload("posted", treaties=treaties, acts=plan.posts)

    async def to_ledger() -> Run:
        new = make_workload(f"posts-{writers}-{next(numbers)}", treaties=treaties, acts=plan.posts)
        await post_lines(ledger.base_url, new.registrations)
        requests = [post_event(event) for event in new.acts]
        return await load(ledger.base_url, requests, connections=writers, status=201)

    contenders = _contenders(peers, facts_of(same.acts), at_once=1, clients=writers)
    return await compare(f"single posts, {clients(writers)}", "/s", plan.rounds, {OURS: to_ledger, **contenders})


async def _compare_batches(ledger: Server, peers: Mapping[str, Recording], plan: PeerPlan) -> Figure:
    facts = facts_of(events_of_batches("batched", plan.batches).acts)
    contenders = _contenders(peers, facts, at_once=SIZE, clients=CONNECTIONS)
    return await compare_batches(ledger, BatchPlan(rounds=plan.rounds, batches=plan.batches), contenders)


async def _compare_lines(ledger: Server, peers: Mapping[str, Recording], plan: PeerPlan) -> Figure:
    numbers, treaties = count(1), plan.lines // EVENTS_PER_TREATY
    same = make_workload("lines", treaties=treaties)

    async def to_ledger() -> Run:
        new = make_workload(f"lines-{next(numbers)}", treaties=treaties)
        return await post_lines(ledger.base_url, [*new.registrations, *new.acts])

    contenders = _contenders(peers, facts_of([*same.registrations, *same.acts]), at_once=AT_ONCE, clients=1)
    name = f"JSON Lines, one stream; peers {AT_ONCE:,} events a call"
    return await compare(name, "/s", plan.rounds, {OURS: to_ledger, **contenders})
