"""Measure how much memory the ledger takes while much streams through it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
from figures import OURS, Figure, Run
from processes import Databases, Server, run_ledger
from wire import stream
from workload import EVENTS_PER_TREATY, make_workload

_TREATIES_AT_ONCE = 100
_PROCESSES = Path("/proc")
_KIB_IN_MIB = 1024
_FORGET_THE_PEAK = "5"


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan:
    """Say how many events to stream, in and out."""

    events: int


async def measure_memory(databases: Databases, plan: MemoryPlan) -> list[Figure]:
    """Return the figures of the ledger's memory, where the system tells it: on Linux."""
    if not (_PROCESSES / "self" / "clear_refs").exists():
        return []
    with run_ledger(await databases.fresh(), databases.folder) as ledger:
        before = resident(ledger, "VmRSS")
        peak_of_half = await _peak(ledger, _post(ledger, "first-half", plan.events // 2))
        peak_of_in = await _peak(ledger, _post(ledger, "second-half", plan.events // 2))
        peak_of_out = await _peak(ledger, _read(ledger))
        return [
            _figure(f"memory, {plan.events:,} events in", peak_of_in, before, peak_of_half),
            _figure(f"memory, {plan.events:,} events out", peak_of_out, before, peak_of_half),
        ]


def _figure(name: str, most: float, before: float, half: float) -> Figure:
    print(f"{name}: {most:,.1f} MiB", flush=True)
    runs = {OURS: [Run(most)], "before": [Run(before)], "the first half in": [Run(half)]}
    return Figure(name=name, unit="MiB", runs=runs)


async def _peak(ledger: Server, streaming: AsyncIterator[bytes]) -> float:
    """Return the most MiB that were resident while everything streamed."""
    (_PROCESSES / str(ledger.process.pid) / "clear_refs").write_text(_FORGET_THE_PEAK, encoding="ascii")
    async for _ in streaming:
        pass
    return resident(ledger, "VmHWM")


def resident(server: Server, what: str) -> float:
    """Return MiB of what the system says of a process: VmRSS now, VmHWM at most."""
    status = (_PROCESSES / str(server.process.pid) / "status").read_text(encoding="ascii")
    (line,) = (line for line in status.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) / _KIB_IN_MIB


async def _post(ledger: Server, name: str, events: int) -> AsyncIterator[bytes]:
    """Post events as one body of JSON Lines, and give the answer as it comes."""
    async with (
        httpx.AsyncClient(base_url=ledger.base_url, timeout=120) as client,
        client.stream(
            "POST", "/v1/events", content=_body(name, events), headers={"Content-Type": "application/jsonl"}
        ) as answer,
    ):
        async for part in answer.aiter_bytes():
            assert b'"problem"' not in part, part[:1000]
            yield part


async def _body(name: str, events: int) -> AsyncIterator[bytes]:
    for part in _parts(name, events // EVENTS_PER_TREATY):
        yield part
        await asyncio.sleep(0)


def _parts(name: str, treaties: int) -> Iterator[bytes]:
    for number, done in enumerate(range(0, treaties, _TREATIES_AT_ONCE)):
        some = make_workload(f"{name}-{number}", treaties=min(_TREATIES_AT_ONCE, treaties - done))
        yield b"\n".join([*some.registrations, *some.acts, b""])


def _read(ledger: Server) -> AsyncIterator[bytes]:
    return stream(ledger.base_url, "/v1/events")
