"""List every type of event with the model of its data, and read data by it."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from treaty_contracts.canonical import JSON
from treaty_contracts.events.consent import InstrumentDeposited
from treaty_contracts.events.data import EventData, ParticipantData
from treaty_contracts.events.disputes import BreachAlleged, BreachDenied
from treaty_contracts.events.participants import ParticipantRelated
from treaty_contracts.events.records import RecordSuperseded
from treaty_contracts.events.replaceable import REPLACEABLE
from treaty_contracts.events.statements import ObjectionMade

CATALOGUE: Mapping[str, type[EventData]] = MappingProxyType({**REPLACEABLE, "record.superseded": RecordSuperseded})
"""The model of each type's data, schema version 1."""


def parse_data(type_: str, data: JSON) -> EventData:
    """Return the data of an event; raise KeyError for a type not in the catalogue, ValidationError for wrong data."""
    return CATALOGUE[type_].model_validate(data)


def participant_codes(data: EventData) -> tuple[tuple[str, str], ...]:
    """Return each code that must be a known participant's, with its JSON Pointer in the event.

    A replacement's codes count too: they take effect as if they had been recorded.
    """
    return tuple((f"/data{pointer}", code) for pointer, code in _codes(data))


def _codes(data: EventData) -> Iterator[tuple[str, str]]:
    if isinstance(data, ParticipantData):
        yield "/participant", data.participant
    match data:
        case InstrumentDeposited(succeeds=str(code)):
            yield "/succeeds", code
        case BreachAlleged(against=str(code)) | BreachDenied(against=str(code)):
            yield "/against", code
        case ObjectionMade(to=str(code)):
            yield "/to", code
        case ParticipantRelated():
            yield from (("/from", data.from_), ("/to", data.to))
        case RecordSuperseded(replacement=replacement) if replacement is not None:
            yield from ((f"/replacement/data{pointer}", code) for pointer, code in _codes(replacement.data))
        case _:
            pass
