"""Record participants the reference list lacks, and how participants follow one another."""

from typing import Annotated, Literal

from pydantic import Field

from treaty_contracts.events.data import EventData
from treaty_contracts.final_clauses import MAX_ITEMS, Clause
from treaty_contracts.names import Given, LegalDay, Line, ParticipantCode


class ParticipantName(Clause):
    """State a name and the days during which it was borne."""

    name: Line
    from_on: Given[LegalDay] = None
    until_on: Given[LegalDay] = None


class ParticipantRegistered(EventData):
    """A participant the reference list lacks is known from now on."""

    code: ParticipantCode
    kind: Literal["state", "organisation", "territory"]
    names: Annotated[tuple[ParticipantName, ...], Field(strict=False, min_length=1, max_length=MAX_ITEMS)]


class ParticipantRelated(EventData):
    """One participant continues, succeeds, is absorbed by, or is renamed to another."""

    from_: Annotated[ParticipantCode, Field(alias="from")]
    to: ParticipantCode
    relation: Literal["continues", "succeeds", "absorbed_by", "renamed_to"]
    on: LegalDay
