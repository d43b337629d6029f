"""Read the graph of participants: who succeeded whom, and when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from treaty_contracts.events import ParticipantRelated
from treaty_projector.law.consent import Succession, Successions
from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact
from treaty_projector.law.supersession import effective_facts


def successions_of(facts: Sequence[Fact]) -> Successions:
    """Return the successions in which each participant took part, at either end, the earliest first.

    Vienna Convention 1978 Art. 2(1)(e): the date of the succession is the day on which the successor replaced the
    predecessor in the responsibility for the territory. Posters name either end first, and only a successor deposits
    an instrument of succession: so the direction of an edge is not asked for.
    """
    found: defaultdict[str, set[Succession]] = defaultdict(set)
    for fact in effective_facts(facts):
        if isinstance(fact.data, ParticipantRelated) and fact.data.relation != "renamed_to":
            found[fact.data.from_].add(Succession(legal_day(fact), fact.data.to))
            found[fact.data.to].add(Succession(legal_day(fact), fact.data.from_))
    return {participant: tuple(sorted(edges)) for participant, edges in found.items()}
