"""Fold the facts of one treaty into its state: total, deterministic, independent of the order of recording."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from types import MappingProxyType

from treaty_contracts.events import RecordSuperseded, TreatyRegistered
from treaty_projector.law.consent import Successions
from treaty_projector.law.entry_into_force import ConsentStay, Entry, entry_into_force
from treaty_projector.law.participation import MOVES_STAYS, Participation
from treaty_projector.law.periods import earliest
from treaty_projector.law.standings import Standings
from treaty_projector.law.state import Causes, ClausesVersion, Fact, Standing, TreatyRules, TreatyState
from treaty_projector.law.supersession import effective_facts, follow, places_of
from treaty_projector.law.treaty import (
    PartyCount,
    clauses_over_time,
    may_end_by_exits,
    registration_of,
    rules_of,
    stated_entry,
)


def fold(treaty: str, facts: Iterable[Fact], *, successions: Successions) -> TreatyState:
    """Return the state of a treaty according to a set of facts, as if it fell with no other."""
    return Folding(treaty, facts, successions=successions).state


class Folding:
    """Fold one treaty fact by fact; after each step the state equals `fold` of the same facts.

    A fact about one participant costs what it moves: a step of that participant's walk, unless it is one that counts
    before others or moves the treaty's own days.
    """

    def __init__(self, treaty: str, facts: Iterable[Fact] = (), *, successions: Successions) -> None:
        self.treaty = treaty
        self._recorded: list[Fact] = list(facts)
        self._successions = successions
        self._causes: Causes = {}
        self._places: dict[int, int | None] = {}
        self._treaty_facts: list[Fact] = []
        self._participations: dict[str, Participation] = {}
        self.registration: Fact | None = None
        """The fact that put the treaty on the books."""
        self._rules = TreatyRules()
        """The treaty's own days, as they would be if no exit ended it."""
        self._stays: dict[str, tuple[ConsentStay, ...]] = {}
        self._entry = Entry(None)
        self._lasting = Standings()
        """As they would be if no exit ended the treaty itself."""
        self._ended = Standings()
        """As they are if one does."""
        self._shown = self._lasting
        self._count: PartyCount | None = None
        self._moved: set[str] = set()
        self._state: TreatyState | None = None
        self._sort()
        self._read_treaty()

    @property
    def participants(self) -> AbstractSet[str]:
        """Return every participant that a recorded fact speaks of."""
        return self._participations.keys()

    @property
    def rules(self) -> TreatyRules:
        """Return what the treaty's own life means for each participant."""
        return self._shown.rules

    @property
    def standings(self) -> Mapping[str, Standing]:
        """Return where everyone stands now, as a view that goes along."""
        return MappingProxyType(self._shown.of)

    @property
    def state(self) -> TreatyState:
        """Return everything concluded so far."""
        if self._state is None:
            self._state = TreatyState(
                self.treaty, self.registration, self.rules, self.rules.ends_on, dict(self._shown.of)
            )
        return self._state

    def step(self, fact: Fact) -> None:
        """Take one more recorded fact."""
        self._recorded.append(fact)
        participant = getattr(fact.data, "participant", None)
        if isinstance(fact.data, RecordSuperseded):
            self._sort()
            self._read_treaty()
        elif participant is None:
            self._treaty_facts.append(fact)
            self._read_treaty()
        else:
            if participant not in self._participations:
                self._participations[participant] = Participation(participant)
            self._participations[participant].add(follow(fact, self._places))
            if fact.type in MOVES_STAYS:
                self._count_consents(participant)
            self._conclude([participant])

    def know(self, successions: Successions) -> None:
        """Let facts to come be folded with a changed graph of participants."""
        self._successions = successions

    def see(self, successions: Successions) -> None:
        """Fold again with a changed graph of participants."""
        self.know(successions)
        self._conclude(self._participations)

    def follow(self, causes: Causes) -> bool:
        """Fold again those whose exits from a treaty with which this one falls have changed; tell whether any did."""
        before, self._causes = self._causes, causes
        changed = {who for who in {*before, *causes} if before.get(who) != causes.get(who)} & self.participants
        self._conclude(changed)
        return bool(changed)

    def take_moved(self) -> set[str]:
        """Return whose standing moved, or who is no more, since this was last asked."""
        moved, self._moved = self._moved, set()
        return moved

    def _sort(self) -> None:
        """Sort the facts that count by what they are about; whoever is told the same as before is read no more."""
        self._places, self._treaty_facts = places_of(self._recorded), []
        by_participant: dict[str, list[Fact]] = {}
        for fact in effective_facts(self._recorded):
            participant = getattr(fact.data, "participant", None)
            facts = self._treaty_facts if participant is None else by_participant.setdefault(participant, [])
            facts.append(fact)
        before = self._participations
        self._participations = {
            participant: before[participant]
            if participant in before and before[participant].facts == facts
            else Participation(participant, facts)
            for participant, facts in by_participant.items()
        }

    def _read_treaty(self) -> None:
        """Read what the facts of the treaty itself say, and conclude everyone whom that may move."""
        self.registration = registration_of(self._treaty_facts)
        versions = clauses_over_time(self._treaty_facts, self.registration)
        draft = TreatyRules(versions)
        stays = {who: participation.stays(draft) for who, participation in self._participations.items()}
        self._stays = {who: group for who, group in stays.items() if group}
        self._entry = self._enter_into_force(versions)
        self._rules = rules_of(self._treaty_facts, versions, self._entry.on)
        on_the_books = () if self.registration is None else self._participations
        self._moved |= self._lasting.keep_only(on_the_books) | self._ended.keep_only(on_the_books)
        self._count = None
        self._conclude(self._participations)

    def _count_consents(self, participant: str) -> None:
        """Count the consents of one participant again; the treaty's own days may hang on them."""
        earlier = self._stays.pop(participant, ())
        stays = self._participations[participant].stays(self._rules)
        if stays:
            self._stays[participant] = stays
        if any(stay.from_ <= self._entry.open_until for stay in {*earlier} ^ {*stays}):
            before, self._entry = self._entry, self._enter_into_force(self._rules.versions)
            if self._entry.on != before.on:
                self._rules = rules_of(self._treaty_facts, self._rules.versions, self._entry.on)

    def _enter_into_force(self, versions: tuple[ClausesVersion, ...]) -> Entry:
        return entry_into_force(versions[0].clauses, self._stays, stated=stated_entry(self._treaty_facts))

    def _conclude(self, changed: Iterable[str]) -> None:
        """Conclude the participants that changed, or all of them where the treaty's own days moved."""
        moved = self._reach(self._lasting, self._rules, changed)
        ends_on = earliest(self._rules.ends_on, self._end_by_exits(moved))
        shown = self._lasting
        if ends_on != self._rules.ends_on:
            shown = self._ended
            changed = changed if self._shown is shown else self._participations
            moved = self._reach(shown, replace(self._rules, ends_on=ends_on), changed)
        if shown is not self._shown:
            moved = {*self._shown.of, *shown.of}
        self._shown, self._moved, self._state = shown, self._moved | moved, None

    def _reach(self, standings: Standings, rules: TreatyRules, changed: Iterable[str]) -> set[str]:
        who = self._participations if rules != standings.rules else changed
        on_the_books = () if self.registration is None else [self._participations[each] for each in who]
        return standings.reach(rules, on_the_books, successions=self._successions, causes=self._causes)

    def _end_by_exits(self, moved: Iterable[str]) -> dt.date | None:
        data = None if self.registration is None else self.registration.data
        is_bilateral = isinstance(data, TreatyRegistered) and data.kind == "bilateral"
        if not may_end_by_exits(self._rules, is_bilateral=is_bilateral):
            return None
        if self._count is None:
            self._count, moved = PartyCount(), self._lasting.of
        for participant in moved:
            self._count.put(self._lasting.of[participant])
        return self._count.ends_on(self._rules, is_bilateral=is_bilateral)
