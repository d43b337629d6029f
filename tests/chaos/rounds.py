"""Run one round: post and ask, strike, let everything come back, and hold all answers against a fresh rebuild."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
from chaos.catalogue import Fault
from chaos.scene import Crew, Scene, projector, set_up
from chaos.story import TREATIES
from database import ROOT
from faults.scene import Ground, database_of

from treaty_contracts.canonical import JSON

_STRIKE_SECONDS = 240.0
"""How long a strike may take that waits for its moment, on a busy machine; and services until they run again."""
_ACKNOWLEDGED_SECONDS = 60.0
_CATCH_UP_SECONDS = 60.0
_WRITERS, _ASKERS = 4, 2
_LEAST_ANSWERED, _MOST_COMPARED = 100, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Tell what became of a round."""

    fault: str
    entries: int
    asked: int
    unavailable: int
    answered: int
    stale: int
    answers_compared: int
    digests_equal_a_rebuild: int
    """1 where size, root and digest were those of a projector that began with an empty database."""
    starts: int
    longest_catch_up_seconds: float
    broken: tuple[str, ...]


async def run_round(ground: Ground, fault: Fault, rng: Random) -> Outcome:
    """Run one round of a fault on databases of its own; return what became of it."""
    if ground.server.ended:
        await asyncio.to_thread(ground.server.start_again)
    failpoints = fault.failpoints.format(
        n=rng.randrange(2, 12), treaty=rng.choice(TREATIES), position=rng.randrange(10, 60)
    )
    crew = Crew(workers=fault.workers, sharing=fault.sharing, failpoints=failpoints)
    with TemporaryDirectory(prefix="chaos-") as folder:
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(database_of(ground))
            scene = await stack.enter_async_context(set_up(ground, url, Path(folder), rng, crew=crew))
            found = _Found()
            try:
                await _struck(scene, fault)
                found.catch_up_seconds = await _caught_up(scene)
                await _compare(scene, found)
            except Exception as error:  # noqa: BLE001 - a round that cannot be judged is a broken one, and others follow
                scene.broken.append(f"the round cannot be judged: {error!r}")
            outcome = _outcome(fault, scene, found)
            if outcome.broken:
                _keep_logs(scene)
            return outcome


@dataclass(slots=True)
class _Found:
    compared: int = 0
    equal: int = 0
    catch_up_seconds: float = 0.0


async def _struck(scene: Scene, fault: Fault) -> None:
    """Post and ask while the fault strikes, until everything that was posted is acknowledged."""
    await asyncio.gather(*(asyncio.to_thread(service.start) for service in scene.services))
    watching = [asyncio.create_task(service.watch()) for service in scene.services]
    async with (
        httpx.AsyncClient(base_url=scene.ledger.base_url, timeout=20) as ledger,
        httpx.AsyncClient(base_url=scene.api.base_url, timeout=20) as api,
    ):
        for event in scene.story.beginning():
            await scene.post(ledger, event)
        asking = [asyncio.create_task(scene.questions.ask(api)) for _ in range(_ASKERS)]
        writing = [asyncio.create_task(scene.write(ledger)) for _ in range(_WRITERS)]
        try:
            async with asyncio.timeout(_STRIKE_SECONDS):
                await fault.strike(scene)
                await scene.questions.until_answered(_LEAST_ANSWERED)
            scene.ended = True
            async with asyncio.timeout(_ACKNOWLEDGED_SECONDS):
                await asyncio.gather(*writing)
            await _let_come_back(scene)
        except TimeoutError:
            promise = "everything is acknowledged within a minute, and runs again"
            scene.broken.append(promise if scene.ended else "the strike came to its end, and questions were answered")
        finally:
            for task in (*watching, *asking, *writing):
                task.cancel()
        for result in await asyncio.gather(*watching, *asking, *writing, return_exceptions=True):
            if isinstance(result, Exception):
                scene.broken.append(f"the harness failed: {result!r}")


async def _let_come_back(scene: Scene) -> None:
    """Wait until every service runs again; whoever watches them may be starting one."""
    async with httpx.AsyncClient(timeout=5) as client, asyncio.timeout(_STRIKE_SECONDS):
        for service in scene.services:
            while not await _lives(client, service.base_url):  # noqa: ASYNC110 - it is about another process
                await asyncio.sleep(0.05)


async def _lives(client: httpx.AsyncClient, base_url: str) -> bool:
    try:
        return (await client.get(f"{base_url}/livez")).is_success
    except httpx.TransportError:
        return False


async def _caught_up(scene: Scene) -> float:
    """Wait until everything acknowledged is applied and healed; return how long that took."""
    began = asyncio.get_running_loop().time()
    async with httpx.AsyncClient(base_url=scene.api.base_url, timeout=20) as api:
        while True:
            told = await _projection(api, scene.size)
            if told.get("size") == scene.size and not told["quarantined"]:
                return asyncio.get_running_loop().time() - began
            if asyncio.get_running_loop().time() - began > _CATCH_UP_SECONDS:
                scene.broken.append(f"all {scene.size} entries are applied and healed within a minute: {told}")
                return _CATCH_UP_SECONDS
            await asyncio.sleep(0.05)


async def _compare(scene: Scene, found: _Found) -> None:
    """Hold size, root, digest and every answer against a projector that met nothing of all this."""
    async with (
        _rebuilt(scene) as calm,
        httpx.AsyncClient(base_url=scene.api.base_url, timeout=20) as api,
    ):
        struck, untroubled = await _projection(api, scene.size), await _projection(calm, scene.size)
        for name in ("size", "root", "digest"):
            if name not in struck or struck[name] != untroubled.get(name):
                scene.broken.append(f"{name} differs: {struck.get(name)} and {untroubled.get(name)} after a rebuild")
                break
        else:
            found.equal = 1
        found.compared = await scene.questions.check(calm, most=_MOST_COMPARED)


@asynccontextmanager
async def _rebuilt(scene: Scene) -> AsyncIterator[httpx.AsyncClient]:
    """Give a projector that read the same log into an empty database."""
    async with database_of(scene.ground) as url:
        service = projector("serve", url, scene.ledger.base_url, log=scene.folder / "rebuilt.log")
        try:
            await asyncio.to_thread(service.start)
            async with (
                httpx.AsyncClient(base_url=service.base_url, timeout=20) as client,
                asyncio.timeout(_STRIKE_SECONDS),
            ):
                while (await _projection(client, scene.size)).get("size") != scene.size:  # noqa: ASYNC110 - the same
                    await asyncio.sleep(0.05)
                yield client
        finally:
            service.close()


async def _projection(client: httpx.AsyncClient, size: int) -> dict[str, JSON]:
    told: dict[str, JSON] = (await client.get("/v1/projection", params={"min_size": size})).json()
    return told


def _outcome(fault: Fault, scene: Scene, found: _Found) -> Outcome:
    questions = scene.questions
    return Outcome(
        fault=fault.name,
        entries=scene.size,
        asked=questions.asked,
        unavailable=questions.unavailable,
        answered=len(questions.answered),
        stale=sum(answer.is_stale for answer in questions.answered),
        answers_compared=found.compared,
        digests_equal_a_rebuild=found.equal,
        starts=sum(service.starts for service in scene.services),
        longest_catch_up_seconds=round(found.catch_up_seconds, 3),
        broken=(*scene.broken, *questions.broken),
    )


def _keep_logs(scene: Scene) -> None:
    """Keep what the services of a broken round wrote."""
    kept = ROOT / ".cache" / f"chaos-{scene.database_url.rpartition('/')[2]}"
    kept.mkdir(parents=True, exist_ok=True)
    for log in scene.folder.glob("*.log"):
        shutil.copy(log, kept)
