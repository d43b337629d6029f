"""Write what was found, and make the table of the page about it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TypeAlias

import orjson
from figures import Figure
from machine import read_commit

Document: TypeAlias = Mapping[str, object]

_RESULTS = Path(__file__).parent / "results"
_FROM_HERE_WITHOUT_A_FRACTION = 100
_HEAD = ("| figure | ours | p50, p99 | beside it | there | ratio |", "| --- | ---: | ---: | --- | ---: | ---: |")


def write_results(figures: Sequence[Figure], machine: Document, versions: Mapping[str, str], *, part: str) -> Path:
    """Write the figures and what they were measured on; return the file, which names the day, commit and part."""
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
    path = _RESULTS / "-".join([str(now.date()), commit, *([part] if part else [])])
    path = path.with_name(f"{path.name}.json")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2) + b"\n")
    return path


def table_of(results: Path) -> str:
    """Return the Markdown table of a file of results."""
    rows = [row for figure in orjson.loads(results.read_bytes())["figures"] for row in _rows(figure)]
    return "\n".join([*_HEAD, *rows])


def _rows(figure: Document) -> Iterator[str]:
    ours, peers, unit = figure["ours"], figure["peers"], str(figure["unit"])
    assert isinstance(ours, dict)
    assert isinstance(peers, dict)
    first = (str(figure["name"]), _quantity(ours["median"], unit), _latency(ours["runs"]))
    beside = [(name, _quantity(peer["median"], unit), f"{peer['ratio']:.2f}") for name, peer in peers.items()]
    for number, other in enumerate(beside or [("", "", "")]):
        yield _row((*(first if number == 0 else ("", "", "")), *other))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _quantity(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= _FROM_HERE_WITHOUT_A_FRACTION else 1}f} {unit}"


def _latency(runs: Sequence[Mapping[str, float]]) -> str:
    """Return the medians over runs of p50 and p99, where single operations were timed."""
    timed = [(run["p50_ms"], run["p99_ms"]) for run in runs if "p50_ms" in run]
    if not timed:
        return ""
    p50, p99 = (median(values) for values in zip(*timed, strict=True))
    return f"{p50:.1f}, {p99:.1f} ms"
