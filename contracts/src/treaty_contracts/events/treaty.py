"""Record what happens to a treaty as a whole."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from treaty_contracts.events.data import EventData
from treaty_contracts.final_clauses import FinalClauses, Lines
from treaty_contracts.names import Given, LegalDay, Line, Prose, Title, TreatyId, check_line

IdentifierName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(check_line)]
"""The name of a collection, such as unts."""

Identifiers = Annotated[dict[IdentifierName, Line], Field(max_length=100)]
"""What collections call the treaty, by their names."""


class TreatyRegistered(EventData):
    """The treaty is on the books."""

    title: Title
    short_title: Given[Title] = None
    kind: Literal["multilateral", "bilateral", "constituent", "protocol", "amendment"]
    adopted_on: Given[LegalDay] = None
    adopted_at: Given[Line] = None
    depositaries: Lines = ()
    subjects: Lines = ()
    identifiers: Identifiers = Field(default_factory=dict)
    parent: Given[TreatyId] = None
    authentic_languages: Lines = ()
    clauses: FinalClauses = FinalClauses()


class TreatyClausesAmended(EventData):
    """The final clauses change from a day on."""

    clauses: FinalClauses
    effective_on: LegalDay


class TreatyEnteredIntoForce(EventData):
    """The depositary states when the treaty entered into force (VCLT Art. 24); this overrides the computed day."""

    effective_on: LegalDay


class TreatyTerminated(EventData):
    """The treaty ends (VCLT Art. 54, 59)."""

    effective_on: LegalDay
    reason: Literal["by_its_terms", "by_consent", "later_treaty", "expiry", "other"]


class TreatyExtended(EventData):
    """A fixed duration is prolonged."""

    until_on: LegalDay


class TextRectified(EventData):
    """The treaty's text is corrected (VCLT Art. 79)."""

    on: LegalDay
    description: Prose
