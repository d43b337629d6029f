"""Find which rows belong together: a day of effect on a row of its own, and one act that is told twice."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from treaty_contracts.names import first_day
from treaty_standalone.importing.translate import Act


class _Told(NamedTuple):
    """Hold a row's day, as the calendar orders it and as it was written, and what names the row."""

    on: dt.date
    day: str
    digest: str


@dataclass(slots=True)
class _Group:
    """Gather what one participant did under one treaty, whatever the order of the rows."""

    consents: set[_Told] = field(default_factory=set)
    entries: set[_Told] = field(default_factory=set)
    notices: set[_Told] = field(default_factory=set)
    effects: set[_Told] = field(default_factory=set)
    repeats: set[_Told] = field(default_factory=set)


class Joining:
    """Gather acts, then say which rows are told within which events."""

    def __init__(self) -> None:
        self._groups: defaultdict[tuple[str, str, str], _Group] = defaultdict(_Group)
        self._effects: dict[str, str] = {}
        self._joined: set[str] = set()

    def add(self, act: Act) -> None:
        """Take one act into account."""
        group = self._groups[act.table, act.treaty, act.participant]
        told = _Told(first_day(act.day), act.day, act.digest)
        match act.rule.part_of:
            case "consent":
                group.entries.add(told)
            case "notice":
                group.effects.add(told)
            case "same_act":
                group.repeats.add(told)
            case None if act.effective_on is None and act.rule.type == "instrument.deposited":
                group.consents.add(told)
            case None if act.effective_on is None and act.rule.type == "withdrawal.notified":
                group.notices.add(told)
            case _:
                return

    def close(self) -> None:
        """Join what belongs together, now that every row was read."""
        for group in self._groups.values():
            self._join(group.consents, group.entries, looks_back=True)
            self._join(group.notices, group.effects, looks_back=False)
            days = {told.day for told in group.consents}
            self._joined |= {told.digest for told in group.repeats if told.day in days}
        self._groups.clear()

    def effect_of(self, act: Act) -> str | None:
        """Return the day of effect that another row gives an act."""
        return self._effects.get(act.digest)

    def is_joined(self, act: Act) -> bool:
        """Tell whether another row's event tells this row too."""
        return act.digest in self._joined

    def _join(self, acts: Iterable[_Told], effects: Iterable[_Told], *, looks_back: bool) -> None:
        """Give each day of effect to the last act before it; a succession may be deposited after its effect."""
        free = sorted(acts)
        for effect in sorted(effects):
            earlier = [act for act in free if act.on <= effect.on]
            chosen = earlier[-1] if earlier else free[0] if free and looks_back else None
            if chosen is not None:
                free.remove(chosen)
                self._effects[chosen.digest] = effect.day
                self._joined.add(effect.digest)
