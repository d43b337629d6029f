"""Tell which of several reports of one act counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from treaty_projector.law.claims import CLAIMED, Claims
from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact
from treaty_projector.queries.exit_story import Step


def weaker_reports(counted: Sequence[Fact], participant: str) -> Mapping[int, int]:
    """Return the positions of reports that only confirm another on the same act, each with that of the other."""
    by_type: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in counted:
        if fact.type in CLAIMED and getattr(fact.data, "participant", None) == participant:
            by_type[fact.type].append(fact)
    acts = (act for reports in by_type.values() for act in Claims(reports).strongest)
    return {weaker: act.position for act in acts for weaker in act.also}


def report_steps(counted: Sequence[Fact], weaker: Mapping[int, int]) -> Iterator[Step]:
    """Give a step for each report that only confirms another."""
    for fact in counted:
        if fact.position in weaker:
            by, stronger = fact.data.asserted_by, weaker[fact.position]
            says = f"The same act, as reported by {by}: the report at position {stronger} is the one that counts."
            yield Step(legal_day(fact).isoformat(), fact.position, "one act, several reports", None, says)
