"""Run one round: write, strike, go on, stop, and check all that was told against all that is recorded."""

import asyncio
import json
import shutil
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import httpx
from database import ROOT, as_part
from faults.catalogue import Fault
from faults.history import Entry, History, Proof, Receipt, Seen, violations
from faults.posts import name_of
from faults.recorder import Recorder
from faults.scene import Ground, Scene, database_of
from faults.servers import Ledger
from faults.workload import Workload, count_exchanges, follow, watch_checkpoints

from treaty_contracts.canonical import JsonObject
from treaty_contracts.tlog.checkpoints import parse_checkpoint
from treaty_contracts.tlog.notes import Verifier, open_note, parse_vkey
from treaty_contracts.tlog.replay import verify_log
from treaty_ledger.settings import load_settings
from treaty_standalone.client import Service
from treaty_standalone.errors import StandaloneError
from treaty_standalone.published_log import ServedLog
from treaty_standalone.stored_log import verify_stored

_STRIKE_SECONDS = 240.0
"""How long a strike may take that waits for its moment, on a busy machine."""
_ACKNOWLEDGED_SECONDS = 60.0
_PROOFS = 12
_PLAIN_ROUNDS = 0.5
_WRITERS = (8, 8, 8, 16, 16, 32, 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Tell what became of a round."""

    fault: str
    writers: int
    attempts: int
    acknowledged: int
    replayed: int
    sent_away: int
    unknown: int
    recorded: int
    checkpoints: int
    at_once: int
    longest_outage_seconds: float
    broken: tuple[str, ...]


async def run_round(ground: Ground, fault: Fault, rng: Random, *, most_writers: int = _WRITERS[-1]) -> Outcome:
    """Run one round of a fault on a database of its own; return what became of it."""
    writers = min(most_writers, _WRITERS[-1] if fault.give_up else rng.choice(_WRITERS))
    if ground.server.ended:
        await asyncio.to_thread(ground.server.start_again)
    with TemporaryDirectory(prefix="faults-") as folder:
        async with database_of(ground) as url, _scene(ground, fault, rng, url, Path(folder), writers) as scene:
            try:
                found = await _judged(scene, fault)
            except Exception as error:  # noqa: BLE001 - a round that cannot be judged is a broken one, and others follow
                found = _Found(0, (f"the round cannot be judged: {error!r}",))
            outcome = _outcome(fault, scene, found)
            if outcome.broken:
                _keep_logs(scene)
            return outcome


@dataclass(frozen=True, slots=True)
class _Found:
    recorded: int
    broken: tuple[str, ...]


async def _judged(scene: Scene, fault: Fault) -> _Found:
    """Let the fault strike; return how much is recorded in the end, and what was promised and does not hold."""
    await asyncio.gather(*(asyncio.to_thread(ledger.start) for ledger in scene.ledgers))
    async with httpx.AsyncClient(base_url=scene.ledger.base_url, timeout=40) as client:
        verifiers = await _verifiers(client)
        await _struck(scene, fault, client, verifiers)
        history = await _history(scene, client)
        broken = [f"{one.kind}: {one.detail}" for one in violations(history)]
        _replay(scene, verifiers)
    state = scene.folder / "ledger-state"
    settings = load_settings(treaty_database_url=as_part(scene.database_url, "ledger"), state_dir=state)
    try:
        await asyncio.to_thread(verify_stored, settings, (), progress=lambda _done: None)
    except StandaloneError as error:
        broken.append(f"the database: {error}")
    return _Found(len(history.log), tuple(broken))


def _keep_logs(scene: Scene) -> None:
    """Keep what the ledgers of a broken round wrote."""
    kept = ROOT / ".cache" / f"broken-{scene.database_url.rpartition('/')[2]}"
    kept.mkdir(parents=True, exist_ok=True)
    for ledger in scene.ledgers:
        shutil.copy(ledger.log, kept)


@asynccontextmanager
async def _scene(
    ground: Ground, fault: Fault, rng: Random, url: str, folder: Path, writers: int
) -> AsyncIterator[Scene]:
    recorder = Recorder()
    env = {name: value.format(n=rng.randrange(3, 9)) for name, value in fault.env.items()}
    ledgers = [
        Ledger(url, log=folder / f"ledger-{number}.log", env=env if number == 0 else {})
        for number in range(fault.ledgers)
    ]
    plain = rng.random() < _PLAIN_ROUNDS
    workload = Workload(recorder, rng, writers, give_up=fault.give_up, impatient=fault.impatient, plain=plain)
    with ExitStack() as stack:
        for ledger in ledgers:
            stack.callback(ledger.close)
        yield Scene(ground, url, folder, rng, ledgers, recorder, workload)


async def _struck(scene: Scene, fault: Fault, client: httpx.AsyncClient, verifiers: list[Verifier]) -> None:
    """Write while the fault strikes, until everything that was posted is acknowledged."""
    beside = [
        *(asyncio.create_task(ledger.watch()) for ledger in scene.ledgers),
        asyncio.create_task(follow(client, scene.recorder)),
        asyncio.create_task(watch_checkpoints(client, scene.recorder, verifiers)),
        asyncio.create_task(count_exchanges(client, scene.recorder)),
    ]
    writing = asyncio.create_task(scene.workload.run([ledger.base_url for ledger in scene.ledgers]))
    try:
        async with asyncio.timeout(_STRIKE_SECONDS):
            await fault.strike(scene)
        scene.workload.ended = True
        async with asyncio.timeout(_ACKNOWLEDGED_SECONDS):
            await writing
    except TimeoutError:
        over = scene.workload.ended
        scene.broken.append("everything is acknowledged within a minute" if over else "the strike came to its end")
    finally:
        for task in (writing, *beside):
            task.cancel()
    for result in await asyncio.gather(writing, *beside, return_exceptions=True):
        if isinstance(result, Exception):
            scene.broken.append(f"the harness failed: {result!r}")


async def _verifiers(client: httpx.AsyncClient) -> list[Verifier]:
    return [parse_vkey(line) for line in (await client.get("/log/vkey")).text.splitlines()]


async def _history(scene: Scene, client: httpx.AsyncClient) -> History:
    """Return what was tried and seen, with the log as it is now."""
    answer = await client.get("/v1/events", headers={"Accept": "application/jsonl"})
    log = [_entry(json.loads(line)) for line in answer.text.splitlines()]
    recorder = scene.recorder
    seen = sorted(set(recorder.checkpoints), key=lambda one: one.size)
    chosen = scene.rng.sample(seen, min(_PROOFS, len(seen)))
    last = await _last(scene, client, len(log))
    proofs = [await _proof(client, old, last) for old in chosen if 0 < old.size < last.size]
    return History(
        attempts=recorder.attempts,
        log=log,
        read=recorder.read,
        checkpoints=[*recorder.checkpoints, last],
        proofs=proofs,
    )


async def _last(scene: Scene, client: httpx.AsyncClient, size: int) -> Seen:
    """Return the checkpoint of the whole log; asking for a proof waits for it."""
    await client.get(f"/v1/events/{size - 1}/proof")
    note = (await client.get("/log/checkpoint")).text
    told = parse_checkpoint(open_note(note, await _verifiers(client))[0])
    scene.require(holds=told.size == size, promise=f"{size} events are signed, and not {told.size}")
    return Seen(told.size, told.root)


async def _proof(client: httpx.AsyncClient, old: Seen, new: Seen) -> Proof:
    answer = await client.get("/v1/log/consistency", params={"from": old.size, "to": new.size})
    return Proof(old, new, tuple(b64decode(one) for one in answer.json().get("hashes", ())))


def _replay(scene: Scene, verifiers: list[Verifier]) -> None:
    """Replay the whole published log, which must extend every checkpoint that was seen."""
    seen = [parse_checkpoint(open_note(note, verifiers)[0]) for note in scene.recorder.notes]
    with httpx.Client(timeout=40) as http:
        source = ServedLog(Service("ledger", scene.ledger.base_url, http))
        try:
            verify_log(source, verifiers, seen=seen, progress=lambda _done, _of: None)
        except (ValueError, StandaloneError) as error:
            scene.broken.append(f"the replay: {error}")


def _entry(recorded: JsonObject) -> Entry:
    event = recorded["event"]
    assert isinstance(event, dict)
    place = Receipt(
        int(str(recorded["position"])),
        str(event["subject"]),
        int(str(recorded["version"])),
        str(recorded["recorded_at"]),
    )
    return Entry(name_of(event), place, b64decode(str(recorded["leaf_hash"])))


def _outcome(fault: Fault, scene: Scene, found: _Found) -> Outcome:
    recorder = scene.recorder
    return Outcome(
        fault=fault.name,
        writers=scene.workload.writers,
        attempts=len(recorder.attempts),
        acknowledged=recorder.acknowledged,
        replayed=recorder.replayed,
        sent_away=recorder.sent_away,
        unknown=recorder.unknown,
        recorded=found.recorded,
        checkpoints=len(recorder.checkpoints),
        at_once=recorder.at_once,
        longest_outage_seconds=round(recorder.longest_outage, 3),
        broken=(*found.broken, *scene.broken),
    )
