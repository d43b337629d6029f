"""Read the graph of participants: who succeeded whom, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from treaty_contracts.events import ParticipantRelated
from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact
from treaty_projector.law.supersession import effective_facts


def successions_of(facts: Sequence[Fact]) -> dict[str, dt.date]:
    """Return the day on which each participant succeeded another: the first, where there are several.

    Vienna Convention 1978 Art. 2(1)(e): the date of the succession is the day on which the successor replaced the
    predecessor in the responsibility for the territory.
    """
    found: dict[str, dt.date] = {}
    for successor, day in _successions(effective_facts(facts)):
        found[successor] = min(day, found.get(successor, day))
    return found


def _successions(facts: Iterable[Fact]) -> Iterable[tuple[str, dt.date]]:
    for fact in facts:
        if isinstance(fact.data, ParticipantRelated) and fact.data.relation in {"succeeds", "continues"}:
            yield fact.data.from_, legal_day(fact)
