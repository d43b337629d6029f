"""Accept a posted event, or say exactly what to change in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from treaty_contracts.canonical import JSON, canonical_bytes
from treaty_contracts.envelope import PARTICIPANTS_SUBJECT, ProposedEvent
from treaty_contracts.events import CATALOGUE, EventData, RecordSuperseded
from treaty_contracts.faults import explain
from treaty_contracts.refusals import FieldError, InvalidEvent, MalformedJson, UnknownEventType
from treaty_contracts.strict_json import parse_json
from treaty_contracts.upcast import NEWEST

__all__ = [
    "AcceptedEvent",
    "FieldError",
    "InvalidEvent",
    "MalformedJson",
    "UnknownEventType",
    "accept",
    "parse_event",
    "parse_json",
]

_SCHEMA = re.compile(r"(?:https?://.*)?/v1/schemas/([^/]+)/([1-9][0-9]{0,8})")

_Model = TypeVar("_Model", bound=BaseModel)


class AcceptedEvent(NamedTuple):
    """Hold an event that follows its schema, its data as read, and its canonical bytes as posted."""

    event: ProposedEvent
    data: EventData
    canonical: bytes


def parse_event(body: bytes) -> AcceptedEvent:
    """Return the event a body holds; raise MalformedJson, UnknownEventType or InvalidEvent, and nothing else."""
    return accept(parse_json(body))


def accept(value: JSON) -> AcceptedEvent:
    """Return the event a JSON value is; raise UnknownEventType, or InvalidEvent with all that is wrong."""
    if not isinstance(value, dict):
        raise InvalidEvent((FieldError("", "post an event as a JSON object"),))
    type_, posted = value.get("type"), value.get("data")
    if isinstance(type_, str) and type_ not in CATALOGUE:
        raise UnknownEventType(type_)
    errors: list[FieldError] = []
    event = _read(ProposedEvent, value, "", errors)
    data = None
    if isinstance(type_, str) and isinstance(posted, dict):
        data = _read(CATALOGUE[type_], posted, "/data", errors)
    if event is not None and data is not None:
        errors.extend(_contradictions(event, data))
    if event is None or data is None or errors:
        raise InvalidEvent(tuple(errors))
    return AcceptedEvent(event, data, canonical_bytes(value))


def _read(model: type[_Model], value: JSON, pointer: str, errors: list[FieldError]) -> _Model | None:
    try:
        return model.model_validate(value)
    except ValidationError as error:
        errors.extend(explain(error, value, pointer))
        return None


def _contradictions(event: ProposedEvent, data: EventData) -> Iterator[FieldError]:
    if event.dataschema is not None:
        schema = f"/v1/schemas/{event.type}/{NEWEST[event.type]}"
        match = _SCHEMA.fullmatch(event.dataschema)
        if match is None or match.groups() != (event.type, str(NEWEST[event.type])):
            yield FieldError("/dataschema", f"name the schema of this type, {schema}, or leave the field out")
    if isinstance(data, RecordSuperseded) and data.replacement is not None:
        about_participants = data.replacement.type.startswith("participant.")
        if about_participants != (event.subject == PARTICIPANTS_SUBJECT):
            yield FieldError("/data/replacement/type", "replace a record by one that belongs to the same subject")
