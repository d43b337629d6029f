"""Give participants their names, as known at a size of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_contracts.events import ParticipantRegistered
from treaty_contracts.names import first_day
from treaty_contracts.participants import Participant, find
from treaty_projector.law.supersession import effective_facts
from treaty_projector.store import facts_of


@dataclass(frozen=True, slots=True)
class Names:
    """Know what every participant is called: by the reference list, or as somebody registered it."""

    registered: Mapping[str, Participant]

    def of(self, code: str) -> Participant:
        """Return the participant with that code; one that nobody named is called by its code."""
        return self.registered.get(code) or find(code) or Participant(code, "state", code)

    def knows(self, code: str) -> bool:
        """Tell whether the code is anybody's."""
        return code in self.registered or find(code) is not None


async def names_known(connection: AsyncConnection, *, size: int, as_of: dt.date) -> Names:
    """Return the names in use on a day, as known at a size of the log."""
    facts = effective_facts(await facts_of(connection, PARTICIPANTS_SUBJECT, size))
    registered: dict[str, Participant] = {}
    for fact in facts:
        if isinstance(fact.data, ParticipantRegistered):
            data = fact.data
            registered[data.code] = Participant(data.code, data.kind, _name_on(data, as_of))
    return Names(registered)


def _name_on(data: ParticipantRegistered, day: dt.date) -> str:
    """Return the name in use on that day, else the latest."""
    for name in data.names:
        begun = name.from_on is None or first_day(name.from_on) <= day
        if begun and (name.until_on is None or day < first_day(name.until_on)):
            return name.name
    return data.names[-1].name if data.names else data.code
