"""Describe events in JSON Schema 2020-12, from the same models that read them.

A schema cannot say everything: that a day is in the calendar and a text in NFC is checked on receipt only.
"""

from functools import cache

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, NoDefault
from pydantic_core import core_schema, to_jsonable_python

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import MAX_EXTENSIONS, PARTICIPANTS_SUBJECT, SET_BY_THE_LEDGER, ProposedEvent
from treaty_contracts.events import CATALOGUE, REPLACEABLE
from treaty_contracts.refusals import UnknownSchemaVersion
from treaty_contracts.upcast import NEWEST

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The dialect every schema is written in."""

ENVELOPE_ID = "/v1/schemas/envelope"
"""The reference that names the schema of a whole event."""


def schema_id(type_: str, version: int) -> str:
    """Return the reference that names the schema of a type's data."""
    return f"/v1/schemas/{type_}/{version}"


@cache
def data_schema(type_: str, version: int) -> JsonObject:
    """Return the schema of a type's data; raise UnknownSchemaVersion for a type or version there is not."""
    if NEWEST.get(type_) != version:
        raise UnknownSchemaVersion(type_, version)
    schema = _describe(CATALOGUE[type_])
    if type_ == "record.superseded":
        schema["$defs"] = {"Replacement": _replacement_schema()}
    return {"$schema": DIALECT, "$id": schema_id(type_, version), **schema, "title": type_}


@cache
def envelope_schema() -> JsonObject:
    """Return the schema of a whole event, which leads to the schema of its data by the event's type."""
    schema = _describe(ProposedEvent)
    not_participants: JSON = {"type": {"not": {"pattern": r"^participant\.|^record\.superseded$"}}}
    return {
        "$schema": DIALECT,
        "$id": ENVELOPE_ID,
        **schema,
        "title": "event",
        "propertyNames": {"pattern": "^[a-z0-9]{1,20}$", "not": {"enum": [*sorted(SET_BY_THE_LEDGER)]}},
        "maxProperties": len(ProposedEvent.model_fields) + MAX_EXTENSIONS,
        "allOf": [
            {"properties": {"type": {"enum": [*sorted(CATALOGUE)]}}},
            _when({"type": {"pattern": r"^participant\."}}, {"subject": {"const": PARTICIPANTS_SUBJECT}}),
            _when(not_participants, {"subject": {"not": {"const": PARTICIPANTS_SUBJECT}}}),
            *(_data_by_type(type_) for type_ in CATALOGUE),
        ],
    }


class _Description(GenerateJsonSchema):
    """Say only what a reader needs: no titles made of field names, no null defaults for what may be left out."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 - the signature is pydantic's
        return False

    def get_default_value(self, schema: core_schema.WithDefaultSchema) -> object:
        default = super().get_default_value(schema)
        return NoDefault if default is None else default

    def encode_default(self, dft: object) -> object:
        return to_jsonable_python(dft, by_alias=True) if not isinstance(dft, BaseModel) else _without_defaults(dft)


def _without_defaults(value: BaseModel) -> JsonSchemaValue:
    return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _describe(model: type[BaseModel]) -> JsonObject:
    return model.model_json_schema(schema_generator=_Description)


def _when(condition: JSON, consequence: JSON) -> JsonObject:
    return {"if": {"properties": condition}, "then": {"properties": consequence}}


def _data_by_type(type_: str) -> JsonObject:
    return _when({"type": {"const": type_}}, {"data": {"$ref": schema_id(type_, NEWEST[type_])}})


def _replacement_schema() -> JsonObject:
    return {
        "title": "Replacement",
        "description": "State the fact as it should have been recorded.",
        "type": "object",
        "properties": {"type": {"enum": [*sorted(REPLACEABLE)]}, "data": {"type": "object"}},
        "required": ["type", "data"],
        "additionalProperties": False,
        "allOf": [_data_by_type(type_) for type_ in REPLACEABLE],
    }
