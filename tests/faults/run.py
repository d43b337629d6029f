"""Strike a register that is being written, round after round, and write down what held.

python tests/faults/run.py                      200 rounds, written to tests/faults/results/
python tests/faults/run.py --rounds 5 --seed x  other numbers
python tests/faults/run.py --only "disk full"   one fault alone; nothing is written

SIGTERM ends it after the round that runs, and what was found until then is written.
"""

import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from campaign import Campaign, Ready
from faults.catalogue import FAULTS, Fault
from faults.rounds import Outcome, run_round
from faults.scene import Ground, prepared
from faults.servers import small_disk
from faults.summary import summary


@asynccontextmanager
async def _ready(folder: Path) -> AsyncIterator[Ready[Fault, Outcome]]:
    """Give a server beside the checkout, and one on a small disk in memory where we may make one."""
    async with AsyncExitStack() as stack:
        grounds = {False: await stack.enter_async_context(prepared(folder / "postgres"))}
        if disk := stack.enter_context(small_disk(folder / "disk")):
            grounds[True] = await stack.enter_async_context(prepared(disk / "postgres", disk=disk))
        else:
            print("left out: disk full (only root may mount a small disk)")
        yield Ready(
            postgres=grounds[False].server.url,
            faults=[fault for fault in FAULTS if fault.small_disk in grounds],
            run=lambda fault, rng: _round(grounds, fault, rng),
        )


async def _round(grounds: dict[bool, Ground], fault: Fault, rng: Random) -> Outcome:
    return await run_round(grounds[fault.small_disk], fault, rng)


def _line(outcome: Outcome) -> str:
    told = f"{outcome.acknowledged} acknowledged, {outcome.unknown} open, {outcome.sent_away} sent away"
    outage = f"{outcome.at_once} at once, outage {outcome.longest_outage_seconds:.1f} s"
    return f"{outcome.writers:2} writers: {told}, {outage}"


CAMPAIGN = Campaign(
    purpose="Strike a register that is being written, and check what it promised.",
    results=Path(__file__).parent / "results",
    faults=FAULTS,
    ready=_ready,
    line=_line,
    summary=summary,
    gist=("acknowledged", "lost", "duplicated"),
)

if __name__ == "__main__":
    CAMPAIGN.main()
