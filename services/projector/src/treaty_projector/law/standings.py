"""Hold where everyone stands under one set of rules."""

from __future__ import annotations

from collections.abc import Iterable

from treaty_projector.law.conclusion import Conclusion
from treaty_projector.law.consent import Successions
from treaty_projector.law.participation import Participation
from treaty_projector.law.state import Causes, Standing, TreatyRules


class Standings:
    """Conclude those that changed, and everyone when the rules do."""

    def __init__(self) -> None:
        self.rules = TreatyRules()
        self.of: dict[str, Standing] = {}
        self._conclusions: dict[str, Conclusion] = {}

    def reach(
        self, rules: TreatyRules, changed: Iterable[Participation], *, successions: Successions, causes: Causes
    ) -> set[str]:
        """Bring those that changed up to these rules; return whose standing moved."""
        self.rules = rules
        moved: set[str] = set()
        for participation in changed:
            participant = participation.participant
            conclusion = self._conclusions.get(participant)
            if conclusion is None or conclusion.participation is not participation:
                conclusion = self._conclusions[participant] = Conclusion(participation)
            standing = conclusion.reach(rules, successions=successions, causes=causes.get(participant, ()))
            if self.of.get(participant) is not standing:
                self.of[participant] = standing
                moved.add(participant)
        return moved

    def keep_only(self, participants: Iterable[str]) -> set[str]:
        """Forget everyone else; return who that was."""
        gone = self.of.keys() - set(participants)
        for participant in gone:
            del self.of[participant], self._conclusions[participant]
        return gone
