"""Conclude where a participant stands under the rules of its treaty, going on from the last time where it can be."""

from __future__ import annotations

from collections.abc import Sequence

from treaty_projector.law import operation
from treaty_projector.law.consent import Successions
from treaty_projector.law.participation import Participation
from treaty_projector.law.state import Exit, Fact, Standing, TreatyRules
from treaty_projector.law.walk import Walk


class Conclusion:
    """Conclude one participation again and again as facts come and rules change: each time as if it were the first.

    The walk that is kept has taken every act, and no time has passed after the last of them: acts of later days go on
    from there. Whatever may change an earlier step has all acts walked anew.
    """

    def __init__(self, participation: Participation) -> None:
        self.participation = participation
        self._walk: Walk | None = None
        self._taken = 0
        """How many acts were walked."""
        self._walked_with: tuple[object, ...] = ()
        """What the steps rest on beside the acts and the rules."""
        self._shown_with: tuple[object, ...] = ()
        """What is shown beside what was walked."""
        self._standing = Standing(participation.participant)

    def reach(self, rules: TreatyRules, *, successions: Successions, causes: Sequence[Exit] = ()) -> Standing:
        """Return where the participant stands, on every axis; the same value as last time while nothing moves it.

        `causes` are its exits from treaties with which this one falls.
        """
        participation, walk = self.participation, self._walk
        walked_with = (participation.changes, successions.get(participation.participant, ()), tuple(causes))
        further = participation.acts[self._taken :]
        shown_with = (participation.listed, len(participation.signs), rules.ends_on)
        if walk is None or walked_with != self._walked_with or not _goes_on(walk, rules, further):
            walk = Walk(participation.participant, rules, successions, conflicts=participation.conflicts)
            walk.take(participation.acts, causes)
        elif further:
            walk.take(further)
        elif shown_with == self._shown_with:
            return self._standing
        self._walk, self._taken = walk, len(participation.acts)
        self._walked_with, self._shown_with = walked_with, shown_with
        standing = _standing(participation, walk.finished())
        if standing != self._standing:
            self._standing = standing
        return self._standing


def _goes_on(walk: Walk, rules: TreatyRules, further: Sequence[Fact]) -> bool:
    """Tell whether every step of a walk stays as it is, though the rules may be others and more acts are known."""
    if not rules.agree_with(walk.rules, since=walk.consents_since, until=walk.stands_on):
        return False
    walk.rules = rules
    return walk.goes_on_with(further)


def _standing(participation: Participation, walk: Walk) -> Standing:
    listed, spells = participation.listed, walk.book.spells()
    beside = participation.anomalies(spells)
    return Standing(
        participant=participation.participant,
        spells=spells,
        exits=walk.exits.exits(),
        signals=operation.signals(participation.signs, consumed_on=walk.borders),
        operation=listed.operation,
        disputes=listed.disputes,
        reservations=listed.reservations,
        territories=listed.territories,
        remarks=listed.remarks,
        anomalies=tuple(sorted([*walk.anomalies, *beside]) if beside else walk.anomalies),
    )
