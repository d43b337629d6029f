"""List every type of event with the model of its data, and read data by it."""

from collections.abc import Mapping
from functools import lru_cache
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

_CODES: tuple[tuple[type[EventData], tuple[str, ...]], ...] = (
    (ParticipantData, ("participant",)),
    (InstrumentDeposited, ("succeeds",)),
    (BreachAlleged, ("against",)),
    (BreachDenied, ("against",)),
    (ObjectionMade, ("to",)),
    (ParticipantRelated, ("from_", "to")),
)


def parse_data(type_: str, data: JSON) -> EventData:
    """Return the data of an event; raise KeyError for a type not in the catalogue, ValidationError for wrong data."""
    return CATALOGUE[type_].model_validate(data)


def participant_codes(data: EventData) -> tuple[tuple[str, str], ...]:
    """Return each code that must be a known participant's, with its JSON Pointer in the event.

    A replacement's codes count too: they take effect as if they had been recorded.
    """
    named = [(pointer, getattr(data, field)) for field, pointer in _fields_with_codes(type(data))]
    if isinstance(data, RecordSuperseded) and data.replacement is not None:
        return tuple(
            (f"/data/replacement{pointer}", code) for pointer, code in participant_codes(data.replacement.data)
        )
    return tuple((pointer, code) for pointer, code in named if code is not None)


@lru_cache
def _fields_with_codes(model: type[EventData]) -> tuple[tuple[str, str], ...]:
    """Return the fields of a model that hold a known participant's code, each with its JSON Pointer in the event."""
    return tuple(
        (field, f"/data/{model.model_fields[field].alias or field}")
        for kind, fields in _CODES
        if issubclass(model, kind)
        for field in fields
    )
