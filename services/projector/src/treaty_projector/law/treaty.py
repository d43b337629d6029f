"""Conclude the treaty's own life from its facts: its clauses, its entry into force and its end."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from treaty_contracts.events import (
    ConsentWithdrawn,
    ParticipationCeased,
    TreatyClausesAmended,
    TreatyEnteredIntoForce,
    TreatyExtended,
    TreatyRegistered,
    TreatyTerminated,
    WithdrawalCompleted,
)
from treaty_contracts.final_clauses import DurationPeriod, FinalClauses
from treaty_contracts.names import first_day, parse_duration
from treaty_projector.law.consent import expresses_consent
from treaty_projector.law.days import legal_day
from treaty_projector.law.entry_into_force import ConsentStay, entry_into_force
from treaty_projector.law.periods import add, earliest
from treaty_projector.law.state import ClausesVersion, Consent, Fact, Standing, TreatyRules
from treaty_projector.law.supersession import RANK, strongest_claims

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


def stays_of(participant: str, facts: Iterable[Fact], rules: TreatyRules) -> tuple[ConsentStay, ...]:
    """Return the participant's consents as a threshold of deposits counts them: until something ended them."""
    counted = strongest_claims(facts)
    ends = ConsentWithdrawn | ParticipationCeased | WithdrawalCompleted
    ended = sorted(legal_day(fact) for fact in counted if isinstance(fact.data, ends))
    return tuple(
        ConsentStay(participant, day, next((end for end in ended if end > day), None))
        for day in sorted(legal_day(fact) for fact in counted if expresses_consent(fact, rules))
    )


def rules_of(
    facts: Sequence[Fact], versions: tuple[ClausesVersion, ...], stays: Mapping[str, tuple[ConsentStay, ...]]
) -> TreatyRules:
    """Return what the treaty's own life means for each participant; who exits is not considered yet."""
    all_stays = [stay for group in stays.values() for stay in group]
    in_force = entry_into_force(versions[0].clauses, all_stays, stated=_stated_entry(facts))
    terminations = [fact for fact in strongest_claims(facts) if isinstance(fact.data, TreatyTerminated)]
    stated_end = earliest(*(legal_day(fact) for fact in terminations))
    return TreatyRules(versions, in_force, earliest(stated_end, _expiry(facts, versions, in_force)))


def end_by_exits(rules: TreatyRules, standings: Iterable[Standing], *, is_bilateral: bool) -> dt.date | None:
    """Return the day on which exits end the treaty itself: a bilateral treaty, or one with a least number of parties.

    Art. 55: otherwise a treaty does not end because few remain.
    """
    if not is_bilateral and not any(_may_end_by_exits(version.clauses) for version in rules.versions):
        return None
    changes: Counter[dt.date] = Counter()
    exits: set[dt.date] = set()
    for standing in standings:
        parted = {exit_.closed_on for exit_ in standing.exits if exit_.rule in _GONE}
        for spell in standing.spells:
            if spell.consent is Consent.PARTY:
                changes[spell.period.from_] += 1
                if spell.period.until is not None:
                    changes[spell.period.until] -= 1
                    exits |= {spell.period.until} - parted
    parties = before = 0
    for day in sorted(changes):
        before, parties = parties, parties + changes[day]
        clauses = rules.clauses(day)
        least = max(clauses.minimum_parties or 0, _NEEDS_TWO if is_bilateral or clauses.bilateral_ends_on_exit else 0)
        if (clauses.bilateral_ends_on_exit and day in exits) or parties < least <= before:
            return day
    return None


def _may_end_by_exits(clauses: FinalClauses) -> bool:
    return clauses.bilateral_ends_on_exit or clauses.minimum_parties is not None


def _stated_entry(facts: Iterable[Fact]) -> dt.date | None:
    """A stated entry into force wins over the computed one; of several, the strongest and then the latest recorded."""
    stated = [(fact, fact.data) for fact in facts if isinstance(fact.data, TreatyEnteredIntoForce)]
    if not stated:
        return None
    _, data = max(stated, key=lambda pair: (RANK[pair[1].asserted_by], pair[0].position))
    return first_day(data.effective_on)


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
