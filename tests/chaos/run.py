"""Run round after round against a projector, and write down what held.

python tests/chaos/run.py                      200 rounds, written to tests/chaos/results/
python tests/chaos/run.py --rounds 5 --seed x  other numbers
python tests/chaos/run.py --only "calm"        one fault alone; nothing is written

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
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from chaos.catalogue import FAULTS, Fault
from chaos.rounds import Outcome, run_round
from faults.scene import prepared
from machine import ROOT, describe_machine, read_commit


def main() -> None:
    """Run the rounds; exit with 1 when a promise was broken."""
    parser = argparse.ArgumentParser(description="Strike a projector that follows a ledger, and check its answers.")
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
    deck = _deck([fault for fault in FAULTS if only in {None, fault.name}], seed)
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    (cache := ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="chaos-", dir=cache) as folder:
        async with prepared(Path(folder) / "postgres") as ground:
            for number, fault in zip(range(rounds), deck, strict=False):
                if stopping.is_set():
                    break
                outcomes.append(await run_round(ground, fault, random.Random(f"{seed}/{number}")))  # noqa: S311 - repeatable
                _tell(number, outcomes[-1])
    told = summary(outcomes, seed=seed, seconds=time.monotonic() - began)
    if only is None:
        told |= {"machine": machine, "commit": commit, "files_differ_from_commit": changed}
        print(f"Written to {_write(told).relative_to(ROOT)}")
    print(json.dumps({name: told[name] for name in ("rounds", "entries", "answers_compared", "broken")}))
    return int(bool(told["broken"]))


def _deck(faults: list[Fault], seed: str) -> Iterator[Fault]:
    """Yield faults for ever, at random, each as often as the others."""
    rng = random.Random(seed)  # noqa: S311 - repeatable
    while True:
        yield from rng.sample(faults, len(faults))


def summary(outcomes: list[Outcome], *, seed: str, seconds: float) -> dict[str, object]:
    """Return the figures of a campaign as JSON's values."""
    faults: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        faults.setdefault(outcome.fault, []).append(outcome)
    return {
        "rounds": len(outcomes),
        "seed": seed,
        "seconds": round(seconds),
        "entries": sum(outcome.size for outcome in outcomes),
        "questions": sum(outcome.asked for outcome in outcomes),
        "answered": sum(outcome.answered for outcome in outcomes),
        "unavailable": sum(outcome.unavailable for outcome in outcomes),
        "stale": sum(outcome.stale for outcome in outcomes),
        "answers_compared": sum(outcome.compared for outcome in outcomes),
        "broken": [f"{outcome.fault}: {one}" for outcome in outcomes for one in outcome.broken],
        "longest_catch_up_seconds": max((outcome.catch_up_seconds for outcome in outcomes), default=0.0),
        "faults": {
            name: {
                "rounds": len(found),
                "entries": sum(outcome.size for outcome in found),
                "answers_compared": sum(outcome.compared for outcome in found),
                "stale": sum(outcome.stale for outcome in found),
                "longest_catch_up_seconds": max(outcome.catch_up_seconds for outcome in found),
            }
            for name, found in sorted(faults.items())
        },
    }


def _tell(number: int, outcome: Outcome) -> None:
    told = f"{outcome.size} entries, {outcome.compared} of {outcome.answered} answers compared, {outcome.stale} stale"
    print(f"{number + 1:4} {outcome.fault:28} {told}, {outcome.unavailable} sent away", flush=True)
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
