"""Measure both services beside what FastAPI and PostgreSQL can do at most, on this machine, in one run.

python benchmarks/run.py            all figures, written to benchmarks/results/
python benchmarks/run.py --quick    one short run that shows that everything works; nothing is written
"""

import argparse
import asyncio
import gc
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import orjson
import uvloop
from appends import AppendPlan, measure_appends
from figures import Figure, print_table
from folding import measure_folding
from machine import ROOT, describe_machine, list_versions, read_commit
from processes import Databases
from projections import ProjectionPlan, measure_projections

from treaty_standalone.postgres import start

FULL = (
    AppendPlan(rounds=5, posts=1_500, lines=20_000),
    ProjectionPlan(rounds=5, events=10_000, questions=600, visible=100),
)
QUICK = (
    AppendPlan(rounds=1, posts=200, lines=1_000),
    ProjectionPlan(rounds=1, events=1_000, questions=100, visible=20),
)


def main() -> None:
    """Measure, print the table, and write the results of a full run."""
    parser = argparse.ArgumentParser(description="Measure both services beside their peers.")
    parser.add_argument("--quick", action="store_true", help="one short run; nothing is written")
    quick = parser.parse_args().quick
    machine = describe_machine()
    # Beside the checkout, because a temporary folder may lie in memory, where writing to disk costs nothing.
    cache = ROOT / ".cache"
    cache.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="bench-", dir=cache) as folder,
        start(Path(folder)) as postgres,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        version, figures = runner.run(_measure(Databases(postgres.url(), Path(folder)), *(QUICK if quick else FULL)))
    print_table(figures)
    if not quick:
        print(f"Written to {_write(figures, machine, list_versions(version)).relative_to(ROOT)}")


async def _measure(databases: Databases, appending: AppendPlan, projecting: ProjectionPlan) -> tuple[str, list[Figure]]:
    version = await databases.prepare()
    gc.freeze()  # what was imported stays: collecting it again and again would be measured
    served = [*await measure_appends(databases, appending), *await measure_projections(databases, projecting)]
    return version, [*served, *measure_folding(appending.rounds)]


def _write(figures: Sequence[Figure], machine: dict[str, object], versions: dict[str, str]) -> Path:
    commit, changed = read_commit()
    now = datetime.now(UTC)
    results = {
        "measured_at": now.isoformat(timespec="seconds"),
        "commit": commit,
        "files_differ_from_commit": changed,
        "machine": machine,
        "versions": versions,
        "figures": [figure.document() for figure in figures],
    }
    path = Path(__file__).parent / "results" / f"{now.date()}-{commit}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    return path


if __name__ == "__main__":
    main()
