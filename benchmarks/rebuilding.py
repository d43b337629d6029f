"""Measure how fast a projector follows a synthetic ledger, and how fast it rebuilds what it has followed."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

from figures import OURS, Contender, Figure, Run, compare
from filling import fill
from processes import BIN, Databases, Server, environment_of, run_ledger, run_projector
from projections import follow
from reading import await_checkpoint
from trivial_fold import fold_trivially

_RATE = re.compile(r"entries in .* s, ([0-9,]+)/s")


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildingPlan:
    """Say how much to follow and to rebuild, how often, and on how many processes."""

    rounds: int
    events: int
    processes: int = 2
    seed: int = 1


async def measure_rebuilding(databases: Databases, plan: RebuildingPlan) -> list[Figure]:
    """Return the figures of following and rebuilding one synthetic ledger, beside a trivial fold of it."""
    print(f"recording {plan.events:,} synthetic events", flush=True)
    recorded = await databases.fresh()
    await fill(recorded, size=plan.events, seed=plan.seed)
    with run_ledger(recorded, databases.folder) as ledger:
        await await_checkpoint(ledger, size=plan.events)
        spare, followed, numbers = await databases.fresh(), await databases.fresh(), count(2)
        with run_projector(followed, ledger.base_url, databases.folder) as projector:
            await follow(projector, size=plan.events)

        async def catch_up() -> Run:
            with run_projector(await databases.fresh(), ledger.base_url, databases.folder) as projector:
                return await follow(projector, size=plan.events)

        contenders: dict[str, Contender] = {
            OURS: partial(_rebuild, followed, ledger, plan, numbers),
            "ours, following the ledger": catch_up,
            "trivial fold": partial(fold_trivially, ledger.base_url, spare, size=plan.events),
        }
        name = f"rebuilding on {plan.processes} processes, {plan.events:,} events"
        return [await compare(name, "/s", plan.rounds, contenders)]


async def _rebuild(database: str, ledger: Server, plan: RebuildingPlan, numbers: Iterator[int]) -> Run:
    """Rebuild beside what was followed, then make room for the next; return entries folded a second."""
    environment = environment_of(database, TREATY_PROJECTOR_LEDGER_URL=ledger.base_url)
    said = ""
    for words in (["rebuild", "--processes", str(plan.processes)], ["drop", str(next(numbers))]):
        command = [str(BIN / "treaty-projector"), *words]
        done = await asyncio.to_thread(
            subprocess.run, command, env=environment, capture_output=True, text=True, check=True
        )
        said += done.stdout
    assert ", 0 differ" in said, said
    rate = _RATE.search(said)
    assert rate is not None, said
    return Run(float(rate[1].replace(",", "")))
