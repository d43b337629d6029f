"""Measure both services beside what FastAPI and PostgreSQL can do at most, on this machine, in one run.

python benchmarks/run.py                 all figures, written to benchmarks/results/
python benchmarks/run.py --peers         the ledger beside other event stores (`make bench-peers` installs them)
python benchmarks/run.py --large [SIZE]  the ledger with 1,000,000 events, or as many as are said, beside 100,000
python benchmarks/run.py --table FILE    the Markdown table of a file of results
python benchmarks/run.py --rebuild [SIZE] rebuilding what a synthetic ledger of 100,000 events, or more, tells
python benchmarks/run.py --scale [SIZE]  beginning and answering 1,000,000 synthetic events, or more, beside 100,000
With --quick each is one short run that shows that everything works; nothing is written.
"""

import argparse
import asyncio
import gc
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

import uvloop
from appends import AppendPlan, measure_appends
from batches import BatchPlan, measure_batches
from figures import Figure, print_table
from folding import measure_folding
from freshness import FreshnessPlan, measure_freshness
from large import LargePlan, measure_large
from machine import ROOT, describe_machine, list_versions
from memory import MemoryPlan, measure_memory
from processes import Databases
from projections import ProjectionPlan, measure_projections
from reading import ReadingPlan, measure_reading
from rebuilding import RebuildingPlan, measure_rebuilding
from reports import table_of, write_results
from scale import ScalePlan, measure_scale

from treaty_standalone.postgres import start

Measure: TypeAlias = Callable[[Databases], Awaitable[list[Figure]]]

_LARGE, _QUICK_LARGE = 1_000_000, 20_000
_REBUILT, _QUICK_REBUILT = 100_000, 5_000


def main() -> None:
    """Measure, print the table, and write the results of a full run."""
    asked = _arguments()
    if asked.table:
        print(table_of(asked.table))
        return
    machine = describe_machine()
    measure, part, peers = _part(asked)
    # Beside the checkout, because a temporary folder may lie in memory, where writing to disk costs nothing.
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as folder,
        start(Path(folder)) as postgres,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        version, figures = runner.run(_measured(Databases(postgres.url(), Path(folder)), measure))
    print_table(figures)
    if not asked.quick:
        written = write_results(figures, machine, list_versions(version) | peers, part=part)
        print(f"Written to {written.relative_to(ROOT)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure both services beside their peers.")
    parser.add_argument("--quick", action="store_true", help="one short run; nothing is written")
    parts = parser.add_mutually_exclusive_group()
    parts.add_argument("--peers", action="store_true", help="the ledger beside other event stores")
    parts.add_argument("--large", type=int, nargs="?", const=_LARGE, metavar="SIZE", help="how fast a large ledger is")
    parts.add_argument(
        "--rebuild", type=int, nargs="?", const=_REBUILT, metavar="SIZE", help="how fast a read model is rebuilt"
    )
    parts.add_argument(
        "--scale", type=int, nargs="?", const=_LARGE, metavar="SIZE", help="how a projector does with a large ledger"
    )
    parts.add_argument("--table", type=Path, metavar="FILE", help="print the table of a file of results")
    return parser.parse_args()


def _part(asked: argparse.Namespace) -> tuple[Measure, str, dict[str, str]]:
    """Return what to measure, what its results are called, and the versions of what only it runs."""
    quick: bool = asked.quick
    if asked.peers:
        import peers  # noqa: PLC0415 - other verbs run where no peer is installed

        plan = peers.QUICK if quick else peers.FULL
        return partial(peers.measure_peers, plan=plan), "peers", peers.versions()
    if asked.large:
        return _large(_QUICK_LARGE if quick else asked.large, quick=quick), f"large-{asked.large}", {}
    if asked.rebuild:
        rounds, events = (1, _QUICK_REBUILT) if quick else (5, asked.rebuild)
        return partial(measure_rebuilding, plan=RebuildingPlan(rounds=rounds, events=events)), f"rebuild-{events}", {}
    if asked.scale:
        large, rounds = (_QUICK_LARGE, 1) if quick else (asked.scale, 5)
        some = 10 if quick else 1
        scale = ScalePlan(
            rounds=rounds, small=100_000 // some, large=large, questions=2_000 // some, posts=5_000 // some
        )
        return partial(measure_scale, plan=scale), f"scale-{large}", {}
    return _all(quick=quick), "", {}


def _all(*, quick: bool) -> Measure:
    rounds, some = (1, 10) if quick else (5, 1)

    async def measure(databases: Databases) -> list[Figure]:
        appending = AppendPlan(rounds=rounds, posts=200 if quick else 6_000, lines=20_000 // some)
        projecting = ProjectionPlan(
            rounds=rounds, events=10_000 // some, questions=6_000 // some, visible=20 if quick else 100
        )
        return [
            *await measure_appends(databases, appending),
            *await measure_batches(databases, BatchPlan(rounds=rounds, batches=200 // some)),
            *await measure_reading(databases, ReadingPlan(rounds=rounds, events=20_000 // some, bundles=2_000 // some)),
            *await measure_freshness(databases, FreshnessPlan(rounds=rounds, posts=1_500 // some)),
            *await measure_memory(databases, MemoryPlan(events=200_000 // some)),
            *await measure_projections(databases, projecting),
            *measure_folding(rounds),
        ]

    return measure


def _large(size: int, *, quick: bool) -> Measure:
    async def measure(databases: Databases) -> list[Figure]:
        small = size // 10 if quick else 100_000
        rounds, posts, lines = (1, 200, 1_000) if quick else (5, 1_500, 10_000)
        return await measure_large(
            databases, LargePlan(rounds=rounds, small=small, large=size, posts=posts, lines=lines)
        )

    return measure


async def _measured(databases: Databases, measure: Measure) -> tuple[str, list[Figure]]:
    version = await databases.prepare()
    gc.freeze()  # what was imported stays: collecting it again and again would be measured
    return version, await measure(databases)


if __name__ == "__main__":
    main()
