"""Give every event's data its common fields."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from treaty_contracts.final_clauses import MAX_ITEMS, Clause
from treaty_contracts.names import Given, LegalDay, Line, Note, ParticipantCode, Url


class EventData(Clause):
    """Say where a fact comes from and who asserts it."""

    citation: Given[Line] = None
    source_url: Given[Url] = None
    asserted_by: Literal["depositary", "official", "party", "press"] = "official"
    note: Given[Note] = None


class ParticipantData(EventData):
    """Name the participant a fact is about."""

    participant: ParticipantCode


class Receipt(Clause):
    """Say by whom, and on which day, an act was received."""

    by: Line
    on: LegalDay


class ReceivedData(ParticipantData):
    """Carry one or several receipts of an act: `received`, or `received_on` for one receipt by the depositary."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["received"]}, {"required": ["received_on"]}]})

    received: Given[Annotated[tuple[Receipt, ...], Field(strict=False, min_length=1, max_length=MAX_ITEMS)]] = None
    received_on: Given[LegalDay] = None

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Return every receipt of the act, in the order given."""
        if self.received_on is not None:
            return (Receipt(by="depositary", on=self.received_on),)
        return self.received or ()

    @model_validator(mode="after")
    def _received_once(self) -> "ReceivedData":
        if (self.received is None) == (self.received_on is None):
            raise PydanticCustomError(
                "one_receipt",
                "give exactly one of received_on (one receipt by the depositary) and received (a list of by and on)",
                {"field": "received_on"},
            )
        return self
