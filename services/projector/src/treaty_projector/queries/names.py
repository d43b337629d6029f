"""Give participants their names, as known at a size of the log."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import orjson

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_contracts.events import ParticipantRegistered
from treaty_contracts.names import first_day
from treaty_contracts.participants import Participant, find
from treaty_projector.law.state import Fact
from treaty_projector.law.supersession import effective_facts
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.facts import facts_of
from treaty_projector.reading import Reader

_REMEMBERED = 64
"""How many states of the record of participants are kept."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_NOBODY: Mapping[str, ParticipantRegistered] = {}


@dataclass(frozen=True, slots=True)
class Names:
    """Know what every participant is called on a day: by the reference list, or as somebody registered it."""

    registered: Mapping[str, ParticipantRegistered]
    as_of: dt.date
    openings: Mapping[str, bytes]
    """How the JSON of an answer about each participant begins: code, name and kind, up to the next field."""

    def of(self, code: str) -> Participant:
        """Return the participant with that code; one that nobody named is called by its code."""
        data = self.registered.get(code)
        if data is not None:
            return Participant(code, data.kind, _name_on(data, self.as_of))
        return find(code) or Participant(code, "state", code)

    def knows(self, code: str) -> bool:
        """Tell whether the code is anybody's."""
        return code in self.registered or find(code) is not None


class NameBook:
    """Keep what is recorded of participants in memory: what is known at a size stays, so nothing grows old."""

    def __init__(self) -> None:
        self._facts: Sequence[Fact] = ()
        self._registered: OrderedDict[int, tuple[Mapping[str, ParticipantRegistered], bool]] = OrderedDict()
        self._openings: OrderedDict[tuple[int, dt.date], Mapping[str, bytes]] = OrderedDict()

    async def at(self, reader: Reader, clocks: Clocks) -> Names:
        """Return the names in use on the day of a question, as known at its size of the log."""
        if clocks.named_at is None:
            return Names(_NOBODY, clocks.as_of, _OPENINGS)
        known = self._registered.get(clocks.named_at)
        if known is None:
            registered = _registered_in(await self._facts_up_to(reader, clocks.named_at))
            known = registered, any(len(data.names) > 1 for data in registered.values())
        _remember(self._registered, clocks.named_at, known)
        registered, is_dated = known
        day = clocks.as_of if is_dated else dt.date.min  # where nobody changed names, one day's are every day's
        openings = self._openings.get((clocks.named_at, day)) or _Openings(registered, clocks.as_of)
        _remember(self._openings, (clocks.named_at, day), openings)
        return Names(registered, clocks.as_of, openings)

    async def _facts_up_to(self, reader: Reader, position: int) -> Sequence[Fact]:
        if not self._facts or self._facts[-1].position < position:
            facts = await facts_of(reader, PARTICIPANTS_SUBJECT, position + 1)
            if not self._facts or self._facts[-1].position < position:
                self._facts = facts
            return facts
        return self._facts[: bisect_right(self._facts, position, key=lambda fact: fact.position)]


def _registered_in(facts: Sequence[Fact]) -> Mapping[str, ParticipantRegistered]:
    return {
        fact.data.code: fact.data for fact in effective_facts(facts) if isinstance(fact.data, ParticipantRegistered)
    }


def _name_on(data: ParticipantRegistered, day: dt.date) -> str:
    """Return the name in use on that day, else the latest."""
    for name in data.names:
        begun = name.from_on is None or first_day(name.from_on) <= day
        if begun and (name.until_on is None or day < first_day(name.until_on)):
            return name.name
    return data.names[-1].name if data.names else data.code


class _Openings(dict[str, bytes]):
    """Write the opening of each participant once."""

    def __init__(self, registered: Mapping[str, ParticipantRegistered], as_of: dt.date) -> None:
        super().__init__()
        self._names = Names(registered, as_of, self)

    def __missing__(self, code: str) -> bytes:
        """Write an opening."""
        who = self._names.of(code)
        opening = orjson.dumps({"participant": who.code, "name": who.name, "kind": who.kind})[:-1] + b","
        self[code] = opening
        return opening


_OPENINGS = _Openings(_NOBODY, dt.date.min)


def _remember(kept: OrderedDict[_Key, _Value], key: _Key, value: _Value) -> None:
    """Keep a value; forget the one that was not used for longest."""
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > _REMEMBERED:
        kept.popitem(last=False)
