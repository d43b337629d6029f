"""Measure how fast the projector follows the ledger and answers."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from time import perf_counter

import orjson
from appends import post_lines
from figures import OURS, Contender, Figure, Run, clients, compare, timed
from processes import Databases, Server, run_bare_endpoint, run_ledger, run_projector
from raw_database import notify_inserts, query_members, rows_of
from trivial_fold import fold_trivially
from wire import Connection, get, load, post_event
from workload import EVENTS_PER_TREATY, Workload, make_workload

CONNECTIONS = (1, 16)
"""How many clients ask at the same time."""

_PAUSE_SECONDS = 0.05
_LOOK_AGAIN_SECONDS = 0.1  # each look takes the projector's time away from what is measured
_QUESTIONS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionPlan:
    """Say how much to follow and to ask."""

    rounds: int
    events: int
    questions: int
    visible: int


@dataclass(frozen=True, slots=True)
class _Question:
    """Hold whom to ask about, by which clocks; `stated` clocks are part of the target."""

    treaty: str
    size: int
    as_of: date
    stated: bool

    @property
    def target(self) -> str:
        clocks = f"?as_of={self.as_of}&known_size={self.size}" if self.stated else ""
        return f"/v1/treaties/{self.treaty}/members{clocks}"


async def measure_projections(databases: Databases, plan: ProjectionPlan) -> list[Figure]:
    """Return the figures of catching up, of answers, and of the way from a post to an answer."""
    recorded = make_workload("followed", treaties=plan.events // EVENTS_PER_TREATY)
    events = [*recorded.registrations, *recorded.acts]
    with run_ledger(await databases.fresh(), databases.folder) as ledger, ExitStack() as running:
        await post_lines(ledger.base_url, events)
        figures = [await _compare_catching_up(databases, ledger, size=len(events), rounds=plan.rounds)]
        database = await databases.fresh()
        projector = running.enter_context(run_projector(database, ledger.base_url, databases.folder))
        await follow(projector, size=len(events))
        for name, questions in _questions(recorded, size=len(events)).items():
            asked = _Asked(projector, database, questions, plan)
            figures += await asked.compare(name, databases)
        return [*figures, await _compare_visibility(databases, ledger, projector, plan)]


async def _compare_catching_up(databases: Databases, ledger: Server, *, size: int, rounds: int) -> Figure:
    spare = await databases.fresh()

    async def catch_up() -> Run:
        with run_projector(await databases.fresh(), ledger.base_url, databases.folder) as projector:
            return await follow(projector, size=size)

    contenders: dict[str, Contender] = {
        OURS: catch_up,
        "trivial fold": partial(fold_trivially, ledger.base_url, spare, size=size),
    }
    return await compare("catching up, one projector", "/s", rounds, contenders)


async def follow(projector: Server, *, size: int) -> Run:
    """Wait until everything is applied; return entries a second from the projector's first answer on."""
    async with Connection(projector.base_url) as connection:
        began, first, applied = 0.0, 0, -1
        while applied < size:
            status, body = await connection.exchange(get("/v1/projection"))
            assert status == 200, body  # noqa: PLR2004 - HTTP status
            answer = orjson.loads(body)
            assert answer["trouble"] is None, answer
            applied = answer["size"]
            if not began:
                began, first = perf_counter(), applied
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
        return Run((size - first) / (perf_counter() - began))


def _questions(recorded: Workload, *, size: int) -> dict[str, list[_Question]]:
    """Return the questions by what they say about the clocks; scattered ones are the same in each run."""
    today = datetime.now(UTC).date()
    registered = len(recorded.treaties)
    by_default = [_Question(treaty, size, today, stated=False) for treaty in recorded.treaties]
    scattered = [
        _Question(
            recorded.treaties[number * 17 % registered],
            registered + number * 7919 % (size - registered + 1),
            date(2001, 1, 1) + timedelta(days=number * 5087 % 9000),
            stated=True,
        )
        for number in range(_QUESTIONS)
    ]
    return {"default clocks": by_default, "scattered clocks": scattered}


class _Asked:
    """Ask for members: the projector, memory, and PostgreSQL."""

    def __init__(self, projector: Server, database: str, questions: Sequence[_Question], plan: ProjectionPlan) -> None:
        self._projector = projector
        self._database = database
        self._rounds = plan.rounds
        self._questions = [questions[number % len(questions)] for number in range(plan.questions)]
        self._requests = [get(question.target) for question in self._questions]
        self._arguments = [(question.treaty, question.size, question.as_of) for question in self._questions]

    async def compare(self, name: str, databases: Databases) -> list[Figure]:
        """Return the figures of one kind of question; without stated clocks, also for clients that know the answer."""
        answers: dict[str, bytes] = {}
        async with Connection(self._projector.base_url) as connection:
            for question in self._questions:
                if question.target not in answers:
                    status, answers[question.target] = await connection.exchange(get(question.target))
                    assert status == 200, answers[question.target]  # noqa: PLR2004 - HTTP status
        with (
            run_bare_endpoint(databases.folder, answers) as bare,
            run_bare_endpoint(databases.folder, answers, plain=True) as plain,
        ):
            peers = {"FastAPI alone, same bytes": bare, "Starlette alone, same bytes": plain}
            figures = [await self._compare(name, peers, connections) for connections in CONNECTIONS]
            if not any(question.stated for question in self._questions):
                figures += [await self._compare_known(plain, answers, connections) for connections in CONNECTIONS]
            return figures

    async def _compare(self, name: str, peers: Mapping[str, Server], connections: int) -> Figure:
        ask = partial(load, requests=self._requests, connections=connections, status=200)
        contenders: dict[str, Contender] = {
            OURS: partial(ask, self._projector.base_url),
            **{peer: partial(ask, server.base_url) for peer, server in peers.items()},
            "asyncpg, same SQL": partial(query_members, self._database, self._arguments, connections=connections),
        }
        return await compare(f"members, {name}, {clients(connections)}", "/s", self._rounds, contenders)

    async def _compare_known(self, plain: Server, answers: Mapping[str, bytes], connections: int) -> Figure:
        """Ask with the validators of the answers: nothing is new."""
        requests = [
            get(question.target, If_None_Match=f'"{sha256(answers[question.target]).hexdigest()[:32]}"')
            for question in self._questions
        ]
        ask = partial(load, connections=connections)
        contenders: dict[str, Contender] = {
            OURS: partial(ask, self._projector.base_url, requests, status=304),
            "ours, in full": partial(ask, self._projector.base_url, self._requests, status=200),
            "Starlette alone, in full": partial(ask, plain.base_url, self._requests, status=200),
        }
        return await compare(f"members known already (304), {clients(connections)}", "/s", self._rounds, contenders)


async def _compare_visibility(databases: Databases, ledger: Server, projector: Server, plan: ProjectionPlan) -> Figure:
    spare, numbers = await databases.fresh(), count(1)
    rows = rows_of(make_workload("seen", treaties=1 + plan.visible // EVENTS_PER_TREATY).acts[: plan.visible])

    async def post_and_ask() -> Run:
        new = make_workload(f"seen-{next(numbers)}", treaties=1 + plan.visible // EVENTS_PER_TREATY)
        await post_lines(ledger.base_url, new.registrations)
        return await _see(ledger, projector, new.acts[: plan.visible])

    contenders: dict[str, Contender] = {
        OURS: post_and_ask,
        "asyncpg, insert, notify and read": partial(notify_inserts, spare, rows, pause=_PAUSE_SECONDS),
    }
    return await compare("from a post to an answer that knows it", "ms", plan.rounds, contenders)


async def _see(ledger: Server, projector: Server, events: Sequence[bytes]) -> Run:
    """Post events one by one and ask for an answer that knows each; return milliseconds from before the post."""
    durations = []
    async with Connection(ledger.base_url) as posting, Connection(projector.base_url) as asking:
        for event in events:
            began = perf_counter()
            status, receipt = await posting.exchange(post_event(event))
            assert status == 201, receipt  # noqa: PLR2004 - HTTP status
            recorded = orjson.loads(receipt)
            target = f"/v1/treaties/{recorded['treaty']}?min_size={recorded['position'] + 1}"
            status, answer = await asking.exchange(get(target))
            assert status == 200, answer  # noqa: PLR2004 - HTTP status
            durations.append(perf_counter() - began)
            await asyncio.sleep(_PAUSE_SECONDS)
    return timed(durations)
