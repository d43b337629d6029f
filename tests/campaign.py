"""Run round after round, each with a fault, and write down what held: what every campaign of faults does alike."""

import argparse
import asyncio
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import asyncpg
from machine import ROOT, describe_machine, list_versions, read_commit


class Named(Protocol):
    """Have a name: what campaigns know of a fault."""

    @property
    def name(self) -> str:
        """Return it."""


class Judged(Protocol):
    """Tell which fault struck and which promises it broke: what campaigns know of a round's outcome."""

    @property
    def fault(self) -> str:
        """Return the name of the fault."""

    @property
    def broken(self) -> tuple[str, ...]:
        """Return what did not hold."""


FaultT = TypeVar("FaultT", bound=Named)
OutcomeT = TypeVar("OutcomeT", bound=Judged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready(Generic[FaultT, OutcomeT]):
    """Hold what rounds run on, once it is there."""

    postgres: str
    """The address of a server that is struck."""
    faults: Sequence[FaultT]
    """Those that can be tried here."""
    run: Callable[[FaultT, random.Random], Awaitable[OutcomeT]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign(Generic[FaultT, OutcomeT]):
    """Say what is struck, how it is told, and where it is written."""

    purpose: str
    results: Path
    faults: Sequence[FaultT]
    ready: Callable[[Path], AbstractAsyncContextManager[Ready[FaultT, OutcomeT]]]
    line: Callable[[OutcomeT], str]
    """Tell a round in one line."""
    summary: Callable[[Sequence[OutcomeT]], dict[str, object]]
    gist: tuple[str, ...]
    """Which figures of the summary are told in the end."""

    def main(self) -> None:
        """Run the rounds that the command line asks for; exit with 1 when a promise was broken."""
        parser = argparse.ArgumentParser(description=self.purpose)
        parser.add_argument("--rounds", type=int, default=200)
        parser.add_argument("--seed", default=None, help="what the rounds follow from; a new one where none is given")
        names = [fault.name for fault in self.faults]
        parser.add_argument("--only", default=None, choices=names, help="one fault alone; nothing is written")
        given = parser.parse_args()
        seed = given.seed or f"{random.randrange(10**9):09}"  # noqa: S311 - nothing secret hangs on it
        sys.exit(asyncio.run(self._run(given.rounds, seed, given.only)))

    async def _run(self, rounds: int, seed: str, only: str | None) -> int:
        began = time.monotonic()
        machine, (commit, changed) = describe_machine(), read_commit()
        outcomes: list[OutcomeT] = []
        print(f"{rounds} rounds, seed {seed}", flush=True)
        stopping = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
        (cache := ROOT / ".cache").mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="campaign-", dir=cache) as folder:
            async with self.ready(Path(folder)) as ready:
                versions = list_versions(await _version(ready.postgres))
                faults = [fault for fault in ready.faults if only in {None, fault.name}]
                for number, fault in zip(range(rounds), _deck(faults, seed), strict=False):
                    if stopping.is_set():
                        break
                    outcomes.append(await ready.run(fault, random.Random(f"{seed}/{number}")))  # noqa: S311 - repeatable
                    self._tell(number, outcomes[-1])
        told: dict[str, object] = {
            "rounds": len(outcomes),
            "seed": seed,
            "seconds": round(time.monotonic() - began),
            "broken": [f"{outcome.fault}: {one}" for outcome in outcomes for one in outcome.broken],
            **self.summary(outcomes),
        }
        if only is None:
            told |= {"machine": machine, "commit": commit, "files_differ_from_commit": changed, "versions": versions}
            print(f"Written to {self._write(told).relative_to(ROOT)}")
        print(json.dumps({name: told[name] for name in ("rounds", *self.gist, "broken")}))
        return int(bool(told["broken"]))

    def _tell(self, number: int, outcome: OutcomeT) -> None:
        print(f"{number + 1:4} {outcome.fault:32} {self.line(outcome)}", flush=True)
        for broken in outcome.broken:
            print(f"     BROKEN {broken}", flush=True)

    def _write(self, told: dict[str, object]) -> Path:
        now = datetime.now(UTC)
        told["ended_at"] = now.isoformat(timespec="seconds")
        path = self.results / f"{now.date()}-{told['commit']}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
        return path


def figures(
    outcomes: Sequence[OutcomeT], *, sums: Sequence[str], longest: str
) -> dict[str, int | float | dict[str, dict[str, int | float]]]:
    """Return figures of outcomes, in all and by fault: fields added up, and one of which the longest counts."""
    faults: dict[str, list[OutcomeT]] = {}
    for outcome in outcomes:
        faults.setdefault(outcome.fault, []).append(outcome)

    def of(some: Sequence[OutcomeT]) -> dict[str, int | float]:
        found: dict[str, int | float] = {name: sum(getattr(one, name) for one in some) for name in sums}
        return found | {longest: max((getattr(one, longest) for one in some), default=0.0)}

    by_fault = {name: {"rounds": len(some), **of(some)} for name, some in sorted(faults.items())}
    return {**of(outcomes), "faults": by_fault}


def _deck(faults: Sequence[FaultT], seed: str) -> Iterator[FaultT]:
    """Yield faults for ever, at random, each as often as the others."""
    rng = random.Random(seed)  # noqa: S311 - repeatable
    while faults:
        yield from rng.sample(faults, len(faults))


async def _version(address: str) -> str:
    """Return the version of a server, which must write to disk before it acknowledges."""
    connection = await asyncpg.connect(address)
    try:
        assert await connection.fetchval("SHOW fsync") == "on"
        version: str = await connection.fetchval("SHOW server_version")
        return version
    finally:
        await connection.close()
