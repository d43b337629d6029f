"""Measure contenders side by side, and say what was found."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median, quantiles
from typing import TypeAlias

from rich.console import Console
from rich.table import Table

OURS = "ours"
"""The name of the service among the contenders of a figure."""


@dataclass(frozen=True, slots=True)
class Run:
    """Hold one measurement, and how long single operations took where they were timed."""

    value: float
    p50_ms: float | None = None
    p99_ms: float | None = None


Contender: TypeAlias = Callable[[], Awaitable[Run]]
"""Measures once, on fresh data of its own that it makes before the clock starts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """Hold what was measured of the service and of its peers, run by run."""

    name: str
    unit: str
    runs: Mapping[str, Sequence[Run]]

    def value(self, contender: str) -> float:
        """Return the median of a contender's runs."""
        return median(run.value for run in self.runs[contender])

    def ratio(self, peer: str) -> float:
        """Return ours over the peer's: the median over rounds, because what disturbs a round disturbs both."""
        pairs = zip(self.runs[OURS], self.runs[peer], strict=True)
        return median(ours.value / theirs.value for ours, theirs in pairs)

    def latency(self, contender: str) -> tuple[float, float] | None:
        """Return the medians of p50 and p99 in milliseconds."""
        runs = self.runs[contender]
        p50 = [run.p50_ms for run in runs if run.p50_ms is not None]
        p99 = [run.p99_ms for run in runs if run.p99_ms is not None]
        return (median(p50), median(p99)) if p50 and p99 else None

    def document(self) -> dict[str, object]:
        """Return everything as JSON's values."""
        contenders = {
            name: {"median": round(self.value(name), 3), "runs": [_rounded(run) for run in runs]}
            for name, runs in self.runs.items()
        }
        ours = contenders.pop(OURS)
        for name, peer in contenders.items():
            peer["ratio"] = round(self.ratio(name), 3)
        return {"name": self.name, "unit": self.unit, "ours": ours, "peers": contenders}


async def compare(name: str, unit: str, rounds: int, contenders: Mapping[str, Contender]) -> Figure:
    """Measure each contender in turn, round after round; one round before them warms everything up."""
    runs: dict[str, list[Run]] = {contender: [] for contender in contenders}
    for number in range(rounds + 1):
        for contender, measure in contenders.items():
            run = await measure()
            if number:
                runs[contender].append(run)
    figure = Figure(name=name, unit=unit, runs=runs)
    print(f"{name}: {figure.value(OURS):,.1f} {unit}", flush=True)
    return figure


def timed(seconds: Sequence[float], *, value: float | None = None) -> Run:
    """Return the run that single durations make; its value is their median in milliseconds unless another is given."""
    cuts = quantiles(seconds, n=100, method="inclusive")
    p50, p99 = cuts[49] * 1000, cuts[98] * 1000
    return Run(p50 if value is None else value, p50, p99)


def clients(connections: int) -> str:
    """Return how many connections there are, in words."""
    return f"{connections} connection{'' if connections == 1 else 's'}"


def print_table(figures: Sequence[Figure]) -> None:
    """Print each figure with its peers below it."""
    table = Table(title="Medians; a ratio is ours over the peer's", title_justify="left")
    for heading in ("figure", "beside it", "median", "ratio", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="left" if heading in {"figure", "beside it"} else "right")
    for figure in figures:
        for name in figure.runs:
            latency = figure.latency(name) or ()
            table.add_row(
                figure.name if name == OURS else "",
                "" if name == OURS else name,
                f"{figure.value(name):,.1f} {figure.unit}",
                "" if name == OURS else f"{figure.ratio(name):.2f}",
                *(f"{value:.2f}" for value in latency),
            )
        table.add_section()
    Console(width=132).print(table)


def _rounded(run: Run) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(run).items() if value is not None}
