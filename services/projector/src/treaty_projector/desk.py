"""Keep the treaties at hand that the worker is folding, each with those it falls with."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Container, Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from typing import Protocol

from treaty_projector.bitemporal.versions import Change, OpenRows
from treaty_projector.errors import CannotFold, ProjectorError, UnreadableFact
from treaty_projector.failpoints import Failpoints
from treaty_projector.law.cascade import carry, falls_with
from treaty_projector.law.consent import Successions
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantine, falling_with


class Shelf(Protocol):
    """Hold what a desk brings treaties from."""

    async def facts(self, stream: str, size: int) -> list[Fact]:
        """Return the facts of one stream among the first `size` entries."""

    async def streams_of(self, participants: Iterable[str]) -> list[str]:
        """Return the treaties in which one of the participants acted."""

    async def falls(self) -> list[tuple[str, str]]:
        """Return which treaties fall with which."""


class Desk:
    """Hold foldings and their open rows in memory: never more than was read from the store or folded since.

    Treaties tied by `falls_with` are brought together, since a fact about one may move the others. Quarantined ones
    are not brought. After CannotFold what is at hand is not to be relied on: open the desk again.
    """

    def __init__(
        self,
        store: Shelf,
        *,
        capacity: int,
        quarantine: Quarantine | None = None,
        failpoints: Failpoints | None = None,
        mine: Container[str] | None = None,
    ) -> None:
        self._store = store
        self._mine = mine
        """Whose changes count here; None for those of every treaty."""
        self.quarantine = quarantine or Quarantine()
        """Who is not folded."""
        self._capacity = capacity
        self.failpoints = failpoints or Failpoints()
        self._treaties: OrderedDict[str, tuple[Folding, OpenRows]] = OrderedDict()
        self._facts: dict[str, int] = {}
        """How many facts of each are folded: what it takes of memory goes with that."""
        self._at_hand = 0
        """How many those are together."""
        self._falls: set[tuple[str, str]] = set()
        self._ties: defaultdict[str, set[str]] = defaultdict(set)
        """For each treaty that falls with others, or others with it, all of those."""
        self._new_falls: set[tuple[str, str]] = set()
        self._successions: Successions = {}

    async def open(self, successions: Successions) -> None:
        """Begin with an empty desk and what the store knows of ties between treaties."""
        self._treaties.clear()
        self._facts.clear()
        self._at_hand = 0
        self._new_falls.clear()
        self._falls.clear()
        self._ties.clear()
        self._know(await self._store.falls())
        self._successions = successions

    def is_mine(self, treaty: str) -> bool:
        """Tell whether a treaty's changes count here; others are folded where those of one's own need them."""
        return self._mine is None or treaty in self._mine

    def concerns(self, treaty: str) -> bool:
        """Tell whether a treaty has to be folded here: it is one's own, or tied to one."""
        return self._mine is None or treaty in self._mine or any(map(self.is_mine, self._tied_to([treaty])))

    async def step(self, fact: Fact, treaty: str, *, stored: int) -> list[Change]:
        """Fold one more fact; return what it changes in its treaty and in those that fall with it."""
        if treaty in self.quarantine:
            return []
        at = fact.position + 1
        foldings = await self._bring([treaty], stored)
        folding, rows = self._treaties[treaty]
        before = folding.rules
        with _blaming(treaty):
            self.failpoints.folding(treaty, [fact])
            folding.step(fact)
        self._facts[treaty] += 1
        self._at_hand += 1
        if folding.rules is not before and falls_with(folding.rules) - falls_with(before):
            foldings = await self._tie(treaty, falls_with(folding.rules), stored)
        with _blaming(treaty):
            changes = rows.advance(folding, at)
        return changes + self._carry(foldings, [treaty], at)

    async def relate(self, successions: Successions, *, at: int, stored: int) -> list[Change]:
        """Fold again the treaties of those whose succession moved in the graph of participants."""
        moved = {code for code, _ in self._successions.items() ^ successions.items()}
        if not moved:
            return []
        at_hand = {treaty for treaty, (folding, _) in self._treaties.items() if folding.participants & moved}
        acted = {*await self._store.streams_of(moved), *at_hand}
        touched = sorted(treaty for treaty in acted if treaty not in self.quarantine and self.concerns(treaty))
        foldings = await self._bring(touched, stored)  # as they stand before this fact
        self._successions = successions
        for treaty, (folding, _) in self._treaties.items():
            with _blaming(treaty):
                folding.know(successions)
        changes: list[Change] = []
        for treaty in touched:
            folding, rows = self._treaties[treaty]
            with _blaming(treaty):
                folding.see(successions)
                changes += rows.advance(folding, at)
        return changes + self._carry(foldings, touched, at)

    @property
    def ties(self) -> AbstractSet[tuple[str, str]]:
        """Return every tie that is known: (treaty, parent)."""
        return self._falls

    def put_away(self, treaties: Iterable[str]) -> None:
        """Put treaties away that were quarantined; what else is at hand stays as it is."""
        for treaty in treaties:
            self._put_away(treaty)

    def new_falls(self) -> list[tuple[str, str]]:
        """Return the ties of one's own treaties found since the last write."""
        return sorted(pair for pair in self._new_falls if self.is_mine(pair[0]))

    def written(self) -> None:
        """Note that the store has, or is just getting, everything at hand; put away what was not used for longest."""
        self._new_falls.clear()
        while self._at_hand > self._capacity and len(self._treaties) > 1:
            self._put_away(next(iter(self._treaties)))

    def _put_away(self, treaty: str) -> None:
        if self._treaties.pop(treaty, None) is not None:
            self._at_hand -= self._facts.pop(treaty)

    def _carry(self, foldings: dict[str, Folding], moved: Iterable[str], at: int) -> list[Change]:
        """Let the treaties tied to those that moved follow, and bring all their rows up to what is folded."""
        if len(foldings) == 1:
            return []
        carry(foldings, moved)
        changes: list[Change] = []
        for treaty, folding in foldings.items():
            with _blaming(treaty):
                changes += self._treaties[treaty][1].advance(folding, at)
        return changes

    async def _tie(self, treaty: str, parents: Iterable[str], stored: int) -> dict[str, Folding]:
        """Remember that a treaty falls with others, and bring those; with a quarantined one it is uncertain too."""
        new = {(treaty, parent) for parent in parents} - self._falls
        self._know(new)
        self._new_falls |= new
        for parent in sorted(parent for _, parent in new if parent in self.quarantine):
            raise CannotFold(treaty, falling_with(parent), via=parent)
        return await self._bring([treaty], stored)

    async def _bring(self, treaties: Iterable[str], stored: int) -> dict[str, Folding]:
        """Return the treaties at hand together with all that are tied to them, reading those that are not at hand.

        One that is read may fall with others, of which only who had it at hand before has heard: those come too.
        """
        group, missing = self._tied_to(treaties), list[str]()
        while more := [treaty for treaty in group if treaty not in self._treaties]:
            for treaty in more:
                folding = await self._fetch(treaty, stored)
                self._treaties[treaty] = (folding, OpenRows(treaty))
                self._know((treaty, parent) for parent in falls_with(folding.rules))
            missing += more
            group = self._tied_to(treaties)
        foldings = {treaty: self._treaties[treaty][0] for treaty in group}
        if len(foldings) > 1 and missing:
            carry(foldings, missing)
        for treaty in missing:
            folding, rows = self._treaties[treaty]
            with _blaming(treaty):
                rows.advance(folding, stored)
        for treaty in group:
            self._treaties.move_to_end(treaty)
        return foldings

    async def _fetch(self, treaty: str, stored: int) -> Folding:
        """Fold what is stored of a treaty; what another release could read, this one perhaps cannot."""
        try:
            facts = await self._store.facts(treaty, stored)
        except UnreadableFact as error:
            raise CannotFold(treaty, str(error)) from error
        with _blaming(treaty):
            self.failpoints.folding(treaty, facts)
            folding = Folding(treaty, facts, successions=self._successions)
        self._facts[treaty] = len(facts)
        self._at_hand += len(facts)
        return folding

    def _know(self, falls: Iterable[tuple[str, str]]) -> None:
        for treaty, parent in falls:
            self._falls.add((treaty, parent))
            self._ties[treaty].add(parent)
            self._ties[parent].add(treaty)

    def _tied_to(self, treaties: Iterable[str]) -> list[str]:
        group, waiting = set(treaties), list(treaties)
        while waiting:
            tied = self._ties.get(waiting.pop(), set()) - group
            more = {treaty for treaty in tied if treaty not in self.quarantine}
            group |= more
            waiting += more
        return sorted(group)


@contextmanager
def _blaming(treaty: str) -> Iterator[None]:
    """Name the treaty in whose folding a defect shows: the others go on without it."""
    try:
        yield
    except ProjectorError:
        raise
    except Exception as defect:
        raise CannotFold.by_defect(treaty, defect) from defect
