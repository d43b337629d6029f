"""Conclude the treaty's own life from its facts: its clauses, its entry into force and its end."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest

from treaty_contracts.events import (
    TreatyClausesAmended,
    TreatyEnteredIntoForce,
    TreatyExtended,
    TreatyRegistered,
    TreatyTerminated,
)
from treaty_contracts.final_clauses import DurationPeriod, FinalClauses
from treaty_contracts.names import first_day, parse_duration
from treaty_projector.law.claims import RANK, Claims
from treaty_projector.law.days import legal_day
from treaty_projector.law.periods import Period, add, earliest
from treaty_projector.law.state import ClausesVersion, Consent, Fact, Standing, TreatyRules

_NEEDS_TWO = 2

_GONE = frozenset({"extinction", "merger"})
"""How participation ends when a participant does: no exit, since a successor may take its place the same day."""


def registration_of(facts: Iterable[Fact]) -> Fact | None:
    """Return the fact that put the treaty on the books."""
    found = [fact for fact in facts if isinstance(fact.data, TreatyRegistered)]
    return min(found, key=lambda fact: fact.position, default=None)


def clauses_over_time(facts: Iterable[Fact], registration: Fact | None) -> tuple[ClausesVersion, ...]:
    """Return the final clauses as registered and as amended from each day on."""
    data = registration.data if registration is not None else None
    first = (data.clauses if isinstance(data, TreatyRegistered) else None) or FinalClauses()
    amended = sorted(
        ((fact, fact.data) for fact in facts if isinstance(fact.data, TreatyClausesAmended)),
        key=lambda pair: (legal_day(pair[0]), pair[0].key),
    )
    return (ClausesVersion(None, first), *(ClausesVersion(legal_day(fact), data.clauses) for fact, data in amended))


def stated_entry(facts: Iterable[Fact]) -> dt.date | None:
    """Return the stated entry into force, which wins over the computed one.

    Of several, the strongest and then the latest recorded counts.
    """
    stated = [(fact, fact.data) for fact in facts if isinstance(fact.data, TreatyEnteredIntoForce)]
    if not stated:
        return None
    _, data = max(stated, key=lambda pair: (RANK[pair[1].asserted_by], pair[0].position))
    return first_day(data.effective_on)


def rules_of(facts: Sequence[Fact], versions: tuple[ClausesVersion, ...], in_force_from: dt.date | None) -> TreatyRules:
    """Return what the treaty's own life means for each participant; who exits is not considered yet."""
    terminations = Claims(fact for fact in facts if isinstance(fact.data, TreatyTerminated)).strongest
    stated_end = earliest(*(legal_day(fact) for fact in terminations))
    return TreatyRules(versions, in_force_from, earliest(stated_end, _expiry(facts, versions, in_force_from)))


def may_end_by_exits(rules: TreatyRules, *, is_bilateral: bool) -> bool:
    """Tell whether exits can end the treaty itself; Art. 55: otherwise it does not end because few remain."""
    clauses = (version.clauses for version in rules.versions)
    return is_bilateral or any(each.bilateral_ends_on_exit or each.minimum_parties is not None for each in clauses)


class PartyCount:
    """Count the parties of each day while standings come and go, to find the day on which exits end the treaty."""

    def __init__(self) -> None:
        self._begin: list[dt.date] = []
        self._end: list[dt.date] = []
        self._exits: Counter[dt.date] = Counter()
        """On how many an exit ends a membership that day; for others, the participant itself was no more."""
        self._counted: dict[str, Standing] = {}

    def put(self, standing: Standing) -> None:
        """Count a participant as it stands now, in place of how it stood before."""
        before = self._counted.pop(standing.participant, None)
        if before is not None:
            for period in _memberships(before):
                del self._begin[bisect_left(self._begin, period.from_)]
                if period.until is not None:
                    del self._end[bisect_left(self._end, period.until)]
            self._exits.subtract(_exit_days(before))
        self._counted[standing.participant] = standing
        for period in _memberships(standing):
            insort(self._begin, period.from_)
            if period.until is not None:
                insort(self._end, period.until)
        self._exits.update(_exit_days(standing))

    def ends_on(self, rules: TreatyRules, *, is_bilateral: bool) -> dt.date | None:
        """Return the day on which exits end the treaty: a bilateral one, or one with a least number of parties."""
        for day in sorted(set(self._end)):
            clauses = rules.clauses(day)
            needs_two = is_bilateral or clauses.bilateral_ends_on_exit
            least = max(clauses.minimum_parties or 0, _NEEDS_TWO if needs_two else 0)
            before = bisect_left(self._begin, day) - bisect_left(self._end, day)
            parties = bisect_right(self._begin, day) - bisect_right(self._end, day)
            if (clauses.bilateral_ends_on_exit and self._exits[day]) or parties < least <= before:
                return day
        return None


def _memberships(standing: Standing) -> list[Period]:
    return [spell.period for spell in standing.spells if spell.consent is Consent.PARTY]


def _exit_days(standing: Standing) -> set[dt.date]:
    parted = {exit_.closed_on for exit_ in standing.exits if exit_.rule in _GONE}
    return {period.until for period in _memberships(standing) if period.until is not None} - parted


def _expiry(facts: Iterable[Fact], versions: Sequence[ClausesVersion], in_force_from: dt.date | None) -> dt.date | None:
    """Art. 54(a): a fixed duration ends the treaty, unless it is extended or amended in time."""
    extended = [first_day(fact.data.until_on) for fact in facts if isinstance(fact.data, TreatyExtended)]
    for version, amended_on in zip_longest(versions, (following.from_ for following in versions[1:])):
        fixed = _fixed_end(version.clauses, in_force_from)
        end = max([*extended, *([] if fixed is None else [fixed])], default=None)
        if end is not None and (amended_on is None or end < amended_on):
            return end
    return None


def _fixed_end(clauses: FinalClauses, in_force_from: dt.date | None) -> dt.date | None:
    duration = clauses.duration
    if isinstance(duration, DurationPeriod):
        return None if in_force_from is None else add(in_force_from, parse_duration(duration.period))
    return None if duration is None else duration.until
