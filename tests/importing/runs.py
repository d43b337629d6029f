"""Run `treaty import` as a program, and read its report."""

import json
from dataclasses import dataclass
from pathlib import Path

from standalone import commands

from treaty_contracts.canonical import JSON


@dataclass(frozen=True, slots=True)
class Done:
    """Hold how an import ended, and its report."""

    code: int
    report: dict[str, JSON]
    error: str

    def counts(self, kind: str = "actions") -> dict[str, JSON]:
        """Return what became of the rows of one kind, without what became of none."""
        rows = self.report["rows"]
        assert isinstance(rows, dict)
        counts = rows[kind]
        assert isinstance(counts, dict)
        return {name: count for name, count in counts.items() if count}

    def count(self, kind: str, what: str) -> int:
        """Return how many rows of one kind met one fate."""
        count = self.counts(kind).get(what, 0)
        assert isinstance(count, int)
        return count


def run_import(files: tuple[Path, Path], ledger: str, projector: str, *more: str) -> Done:
    actions, treaties = map(str, files)
    urls = {"TREATY_LEDGER_URL": ledger, "TREATY_PROJECTOR_URL": projector}
    done = commands.treaty("import", actions, "--treaties", treaties, "--json", *more, env=urls)
    return Done(done.returncode, json.loads(done.stdout) if done.stdout else {}, done.stderr)
