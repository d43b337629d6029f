"""Record that a record was wrong."""

from typing import Annotated

from pydantic import BeforeValidator, SerializeAsAny, ValidationInfo
from pydantic_core import PydanticCustomError

from treaty_contracts.events.data import EventData
from treaty_contracts.events.disputes import Position
from treaty_contracts.events.replaceable import REPLACEABLE
from treaty_contracts.final_clauses import Clause
from treaty_contracts.names import Given, Note


def _check_replaceable(type_: object) -> str:
    if not isinstance(type_, str) or type_ not in REPLACEABLE:
        raise PydanticCustomError("replacement_type", "name a type of the catalogue, but not record.superseded")
    return type_


def _read_replacement(data: object, info: ValidationInfo) -> EventData:
    type_ = info.data.get("type")
    if type_ is None:  # already reported
        return EventData()
    model = REPLACEABLE[type_]
    return data if isinstance(data, model) else model.model_validate(data)


class Replacement(Clause):
    """State the fact as it should have been recorded."""

    type: Annotated[str, BeforeValidator(_check_replaceable)]
    data: Annotated[SerializeAsAny[EventData], BeforeValidator(_read_replacement)]


class RecordSuperseded(EventData):
    """Our record was wrong: another takes its place, or none; nothing is deleted."""

    position: Position
    reason: Note
    replacement: Given[Replacement] = None
