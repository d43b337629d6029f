"""Run round after round, each with a fault, and write down what held.

python tests/faults/run.py                      200 rounds, written to tests/faults/results/
python tests/faults/run.py --rounds 5 --seed x  other numbers
python tests/faults/run.py --only "disk full"   one fault alone; nothing is written

SIGTERM ends it after the round that runs, and what was found until then is written.
"""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from faults.catalogue import FAULTS, Fault
from faults.rounds import Outcome, run_round
from faults.scene import Ground, prepared
from faults.servers import small_disk
from faults.summary import summary
from machine import ROOT, describe_machine, list_versions, read_commit


def main() -> None:
    """Run the rounds; exit with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description="Strike a register that is being written, and check what it promised.")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", default=None, help="what the rounds follow from; a new one where none is given")
    parser.add_argument("--only", default=None, choices=[fault.name for fault in FAULTS], help="one fault alone")
    given = parser.parse_args()
    seed = given.seed or f"{random.randrange(10**9):09}"  # noqa: S311 - nothing secret hangs on it
    sys.exit(asyncio.run(_campaign(given.rounds, seed, given.only)))


async def _campaign(rounds: int, seed: str, only: str | None) -> int:
    began = time.monotonic()
    machine, (commit, changed) = describe_machine(), read_commit()
    outcomes: list[Outcome] = []
    print(f"{rounds} rounds, seed {seed}", flush=True)
    faults = [fault for fault in FAULTS if only in {None, fault.name}]
    async with AsyncExitStack() as stack:
        grounds = await stack.enter_async_context(_grounds())
        version = await _version(grounds[False])
        deck = _deck(faults, seed, has_small_disk=True in grounds)
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        for number, fault in zip(range(rounds), deck, strict=False):
            if stopping.is_set():
                break
            rng = random.Random(f"{seed}/{number}")  # noqa: S311 - repeatable
            outcomes.append(await run_round(grounds[fault.small_disk], fault, rng))
            _tell(number, outcomes[-1])
    told = summary(outcomes, seed=seed, seconds=time.monotonic() - began, machine=machine)
    if only is None:
        told |= {"commit": commit, "files_differ_from_commit": changed, "versions": list_versions(version)}
        print(f"Written to {_write(told).relative_to(ROOT)}")
    print(json.dumps({name: told[name] for name in ("rounds", "acknowledged", "lost", "duplicated", "broken")}))
    return int(bool(told["broken"]))


@asynccontextmanager
async def _grounds() -> AsyncIterator[dict[bool, Ground]]:
    """Give a server beside the checkout, and one on a small disk in memory where we may make one."""
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-", dir=cache)))
        grounds = {False: await stack.enter_async_context(prepared(folder / "postgres"))}
        if disk := stack.enter_context(small_disk(folder / "disk")):
            grounds[True] = await stack.enter_async_context(prepared(disk / "postgres", disk=disk))
        else:
            print("left out: disk full (only root may mount a small disk)")
        yield grounds


def _deck(faults: list[Fault], seed: str, *, has_small_disk: bool) -> Iterator[Fault]:
    """Yield faults for ever, at random, each as often as the others."""
    rng = random.Random(seed)  # noqa: S311 - repeatable
    possible = [fault for fault in faults if has_small_disk or not fault.small_disk]
    while possible:
        yield from rng.sample(possible, len(possible))


async def _version(ground: Ground) -> str:
    connection = await asyncpg.connect(ground.server.url)
    try:
        assert await connection.fetchval("SHOW fsync") == "on"
        version: str = await connection.fetchval("SHOW server_version")
        return version
    finally:
        await connection.close()


def _tell(number: int, outcome: Outcome) -> None:
    told = f"{outcome.acknowledged} acknowledged, {outcome.unknown} open, {outcome.sent_away} sent away"
    outage = f"{outcome.at_once} at once, outage {outcome.longest_outage:.1f} s"
    print(f"{number + 1:4} {outcome.fault:32} {outcome.writers:2} writers: {told}, {outage}", flush=True)
    for broken in outcome.broken:
        print(f"     BROKEN {broken}", flush=True)


def _write(told: dict[str, object]) -> Path:
    now = datetime.now(UTC)
    told["ended_at"] = now.isoformat(timespec="seconds")
    path = Path(__file__).parent / "results" / f"{now.date()}-{told['commit']}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    main()
