"""Count, module by module, the mutants that tests notice and those that live; fail where one in twenty lives."""

import sys
from collections import Counter
from collections.abc import Iterable

_MOST_ALIVE = 0.05
_NOTICED = {"killed": "killed", "timeout": "timed out"}
_COLUMNS = ("mutants", "killed", "timed out", "alive")


def by_module(lines: Iterable[str]) -> dict[str, Counter[str]]:
    """Return how many mutants of each module there are, and what became of them, from the lines of `mutmut results`."""
    found: dict[str, Counter[str]] = {}
    for line in lines:
        mutant, _, status = line.strip().partition(": ")
        module = mutant.removeprefix("treaty_projector.").partition(".x")[0]
        found.setdefault(module, Counter()).update(["mutants", _NOTICED.get(status, "alive")])
    return found


def main() -> int:
    """Write the table; return 1 where too many live."""
    modules = by_module(sys.stdin)
    total = sum(modules.values(), Counter[str]())
    print(f"| module | {' | '.join(_COLUMNS)} |\n| --- |{' ---: |' * len(_COLUMNS)}")
    for module, counts in [*sorted(modules.items()), ("all", total)]:
        print(f"| {module} | {' | '.join(f'{counts[column]:,}' for column in _COLUMNS)} |")
    alive = total["alive"] / max(total["mutants"], 1)
    print(f"\n{alive:.1%} of {total['mutants']:,} mutants live.")
    return 0 if alive < _MOST_ALIVE else 1


if __name__ == "__main__":
    sys.exit(main())
