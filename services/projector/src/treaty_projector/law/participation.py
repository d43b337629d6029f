"""Conclude where one participant stands, on every axis, from its facts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from treaty_projector.law import operation
from treaty_projector.law.consent import Successions
from treaty_projector.law.days import ENDS_BEFORE_BEGINS
from treaty_projector.law.state import Exit, Fact, Standing, TreatyRules
from treaty_projector.law.supersession import strongest_claims
from treaty_projector.law.walk import Walk


def conclude(
    participant: str,
    facts: Iterable[Fact],
    rules: TreatyRules,
    *,
    successions: Successions,
    causes: Sequence[Exit] = (),
) -> Standing:
    """Return where the participant stands, on every axis, according to these facts.

    `causes` are its exits from treaties with which this one falls.
    """
    counted = strongest_claims(facts)
    walk = Walk(participant, rules, successions, conflicts=operation.armed_conflicts(counted))
    walk.take([fact for fact in counted if fact.type in ENDS_BEFORE_BEGINS], causes)
    return Standing(
        participant=participant,
        spells=walk.book.spells(),
        exits=walk.exits.exits(),
        signals=operation.signals(counted, consumed_on=walk.borders),
        operation=operation.suspensions(counted) + operation.provisional_applications(counted),
        disputes=operation.disputes(counted),
        reservations=operation.reservations(counted),
        territories=operation.territories(counted),
        remarks=operation.remarks(counted),
        anomalies=tuple(sorted(walk.anomalies)),
    )
