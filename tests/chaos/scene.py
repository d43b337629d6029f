"""Hold what a fault may strike in one round: server, ledger, worker, api, and the network between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
from chaos.network import Network, network
from chaos.questions import Questions
from chaos.story import Story
from database import as_part
from faults.scene import Ground
from faults.servers import Ledger, Service

from treaty_contracts.canonical import JsonObject

_POST_AGAIN_SECONDS = 0.05
_LOOK_SECONDS = 0.02
_ACCEPTED = {200, 201}


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Say how many workers there are, how many of them share the projection, and where the first one fails."""

    workers: int
    sharing: int
    failpoints: str


@dataclass(slots=True)
class Scene:
    """Hold one round while it lasts."""

    ground: Ground
    database_url: str
    folder: Path
    rng: Random
    ledger: Ledger
    worker: Service
    api: Service
    others: list[Service]
    """Further workers."""
    network: Network
    story: Story
    questions: Questions
    size: int = 0
    """How many entries are acknowledged to stand before the end of the log."""
    acknowledged: int = 0
    ended: bool = False
    broken: list[str] = field(default_factory=list)

    @property
    def services(self) -> list[Service]:
        """Return every service."""
        return [self.ledger, self.worker, *self.others, self.api]

    async def more(self, count: int) -> None:
        """Return once so many more events are acknowledged."""
        wanted = self.acknowledged + count
        while self.acknowledged < wanted:  # noqa: ASYNC110 - it is about other processes
            await asyncio.sleep(_LOOK_SECONDS)

    async def some(self) -> None:
        """Return at a random moment."""
        await self.more(self.rng.randrange(5, 60))

    async def sometime(self, shortest: float, longest: float) -> None:
        """Let a fault last for a random time."""
        await asyncio.sleep(self.rng.uniform(shortest, longest))

    async def write(self, client: httpx.AsyncClient) -> None:
        """Post one fact after another until ended, each until it is acknowledged."""
        while not self.ended:
            await self.post(client, self.story.next())

    async def post(self, client: httpx.AsyncClient, event: JsonObject) -> None:
        """Post one fact until it is acknowledged."""
        while True:
            try:
                answer = await client.post("/v1/events", json=event)
            except httpx.TransportError:
                await asyncio.sleep(_POST_AGAIN_SECONDS)
                continue
            if answer.status_code in _ACCEPTED:
                position = answer.json()["position"]
                self.story.note(event, position)
                self.size = max(self.size, position + 1)
                self.acknowledged += 1
                return
            if answer.status_code != 503:
                self.broken.append(f"the ledger refuses {event}: {answer.text[:200]}")
                return
            await asyncio.sleep(_POST_AGAIN_SECONDS)


def projector(command: str, database_url: str, ledger_url: str, *, log: Path, **env: str) -> Service:
    """Return one of the projector's services, not started yet."""
    settings = {
        "TREATY_PROJECTOR_DATABASE_URL": as_part(database_url, "projector"),
        "TREATY_PROJECTOR_LEDGER_URL": ledger_url,
        "TREATY_PROJECTOR_POLL_SECONDS": "0.1",
        **{f"TREATY_PROJECTOR_{name.upper()}": value for name, value in env.items() if value},
    }
    return Service(["treaty-projector", command], ready="/livez", log=log, env=settings)


@asynccontextmanager
async def set_up(ground: Ground, database_url: str, folder: Path, rng: Random, *, crew: Crew) -> AsyncIterator[Scene]:
    """Give a scene in which nothing is started yet."""
    ledger = Ledger(database_url, log=folder / "ledger.log", env={})
    async with network(ledger.port) as between:
        batch = str(rng.choice((1, 3, 20, 1000)))
        names = [f"worker-{number}.log" for number in range(crew.workers)]
        first, *others = (
            projector(
                "worker",
                database_url,
                between.url,
                log=folder / name,
                batch=batch,
                failpoints=crew.failpoints if number == 0 else "",
                shared="true" if number < crew.sharing else "",
                lease_seconds="1",
            )
            for number, name in enumerate(names)
        )
        api = projector("api", database_url, between.url, log=folder / "api.log")
        story, questions = Story(Random(rng.random())), Questions(Random(rng.random()))  # noqa: S311 - repeatable
        scene = Scene(ground, database_url, folder, rng, ledger, first, api, list(others), between, story, questions)
        with ExitStack() as stack:
            for service in scene.services:
                stack.callback(service.close)
            yield scene
