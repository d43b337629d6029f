"""Strike a projector that follows a ledger, round after round, and write down what held.

python tests/chaos/run.py                      200 rounds, written to tests/chaos/results/
python tests/chaos/run.py --rounds 5 --seed x  other numbers
python tests/chaos/run.py --only "calm"        one fault alone; nothing is written

SIGTERM ends it after the round that runs, and what was found until then is written.
"""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from campaign import Campaign, Ready, figures
from chaos.catalogue import FAULTS, Fault
from chaos.rounds import Outcome, run_round
from faults.scene import prepared

_SUMS = (
    "entries",
    "asked",
    "answered",
    "unavailable",
    "stale",
    "answers_compared",
    "digests_equal_a_rebuild",
    "starts",
)


@asynccontextmanager
async def _ready(folder: Path) -> AsyncIterator[Ready[Fault, Outcome]]:
    """Give a server beside the checkout."""
    async with prepared(folder / "postgres") as ground:
        yield Ready(postgres=ground.server.url, faults=FAULTS, run=partial(run_round, ground))


def _line(outcome: Outcome) -> str:
    compared = f"{outcome.answers_compared} of {outcome.answered} answers compared, {outcome.stale} stale"
    caught_up = f"caught up in {outcome.longest_catch_up_seconds:.1f} s"
    return f"{outcome.entries} entries, {compared}, {outcome.unavailable} sent away, {caught_up}"


def _summary(outcomes: Sequence[Outcome]) -> dict[str, object]:
    wrong = sum(one.startswith("wrong: ") for outcome in outcomes for one in outcome.broken)
    return {"wrong_answers": wrong, **figures(outcomes, sums=_SUMS, longest="longest_catch_up_seconds")}


CAMPAIGN = Campaign(
    purpose="Strike a projector that follows a ledger, and check its answers.",
    results=Path(__file__).parent / "results",
    faults=FAULTS,
    ready=_ready,
    line=_line,
    summary=_summary,
    gist=("entries", "answers_compared", "wrong_answers", "digests_equal_a_rebuild"),
)

if __name__ == "__main__":
    CAMPAIGN.main()
