"""Fold the facts of one treaty into its state: total, deterministic, independent of the order of recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from treaty_contracts.events import RecordSuperseded, TreatyRegistered
from treaty_projector.law.consent import Successions
from treaty_projector.law.entry_into_force import ConsentStay
from treaty_projector.law.participation import conclude
from treaty_projector.law.periods import earliest
from treaty_projector.law.state import Causes, ClausesVersion, Fact, Standing, TreatyRules, TreatyState
from treaty_projector.law.supersession import effective_facts, follow, places_of
from treaty_projector.law.treaty import (
    clauses_over_time,
    end_by_exits,
    registration_of,
    rules_of,
    stays_of,
)


def fold(treaty: str, facts: Iterable[Fact], *, successions: Successions) -> TreatyState:
    """Return the state of a treaty according to a set of facts, as if it fell with no other."""
    return Folding(treaty, facts, successions=successions).state


class Folding:
    """Fold one treaty fact by fact; after each step the state equals `fold` of the same facts.

    A fact about one participant costs the folding of that participant alone, unless it moves the treaty's own days.
    """

    def __init__(self, treaty: str, facts: Iterable[Fact] = (), *, successions: Successions) -> None:
        self.treaty = treaty
        self.state = TreatyState(treaty)
        self._recorded: list[Fact] = list(facts)
        self._successions = successions
        self._causes: Causes = {}
        self._places: dict[int, int | None] = {}
        self._versions: tuple[ClausesVersion, ...] = TreatyRules().versions
        self._rules = TreatyRules()
        self._treaty_facts: list[Fact] = []
        self._by_participant: dict[str, list[Fact]] = {}
        self._stays: dict[str, tuple[ConsentStay, ...]] = {}
        self._open: dict[str, Standing] = {}
        """Standings as they would be if no exit ended the treaty itself."""
        self._fold_all()

    @property
    def participants(self) -> frozenset[str]:
        """Return every participant that a recorded fact speaks of."""
        return frozenset(self._by_participant)

    def step(self, fact: Fact) -> TreatyState:
        """Take one more recorded fact and return the new state."""
        self._recorded.append(fact)
        participant = getattr(fact.data, "participant", None)
        if participant is None or isinstance(fact.data, RecordSuperseded):
            self._fold_all()
        else:
            self._by_participant.setdefault(participant, []).append(follow(fact, self._places))
            self._fold_some([participant])
        return self.state

    def see(self, successions: Successions) -> TreatyState:
        """Fold again with a changed graph of participants and return the new state."""
        self._successions = successions
        self._fold_all()
        return self.state

    def follow(self, causes: Causes) -> TreatyState:
        """Fold again those whose exits from a treaty with which this one falls have changed; return the new state."""
        before, self._causes = self._causes, causes
        moved = {who for who in {*before, *causes} if before.get(who) != causes.get(who)}
        if moved & self.participants:
            self._fold_some(sorted(moved & self.participants))
        return self.state

    def _fold_all(self) -> None:
        facts = effective_facts(self._recorded)
        self._places = places_of(self._recorded)
        self._treaty_facts, self._by_participant = [], {}
        for fact in facts:
            participant = getattr(fact.data, "participant", None)
            if participant is None:
                self._treaty_facts.append(fact)
            else:
                self._by_participant.setdefault(participant, []).append(fact)
        registration = registration_of(self._treaty_facts)
        self._versions = clauses_over_time(self._treaty_facts, registration)
        self._stays, self._open = {}, {}
        self.state = TreatyState(self.treaty, registration)
        self._fold_some(sorted(self._by_participant), anew=True)

    def _fold_some(self, changed: Sequence[str], *, anew: bool = False) -> None:
        """Conclude the participants that changed, or all of them where the treaty's own days moved.

        Those days depend on the treaty's facts, which only a fold `anew` changes, and on when consents stand.
        """
        draft, before = TreatyRules(self._versions), [self._stays.get(participant) for participant in changed]
        for participant in changed:
            self._stays[participant] = stays_of(participant, self._by_participant[participant], draft)
        rules = self._rules
        if anew or before != [self._stays[participant] for participant in changed]:
            rules = rules_of(self._treaty_facts, self._versions, self._stays)
        moved, self._rules = rules != self._rules, rules
        self._open |= self._conclude(sorted(self._by_participant) if moved else changed, rules)
        ends_on = earliest(rules.ends_on, end_by_exits(rules, self._open.values(), is_bilateral=self._is_bilateral))
        final = replace(rules, ends_on=ends_on)
        if ends_on == rules.ends_on:
            standings = dict(self._open)
        else:
            again = sorted(self._by_participant) if final != self.state.rules else changed
            standings = {**self.state.standings, **self._conclude(again, final)}
        self.state = replace(self.state, rules=final, terminated_on=ends_on, standings=standings)

    def _conclude(self, participants: Iterable[str], rules: TreatyRules) -> dict[str, Standing]:
        if self.state.registration is None:
            return {}
        return {
            participant: conclude(
                participant,
                self._by_participant[participant],
                rules,
                successions=self._successions,
                causes=self._causes.get(participant, ()),
            )
            for participant in participants
        }

    @property
    def _is_bilateral(self) -> bool:
        registration = self.state.registration
        return (
            registration is not None
            and isinstance(registration.data, TreatyRegistered)
            and registration.data.kind == "bilateral"
        )
