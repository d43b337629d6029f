"""Check that the JSON Schemas say what the models do."""

import json

import pytest
from contracts.facts import EXAMPLES, example
from contracts.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from treaty_contracts.canonical import JSON
from treaty_contracts.intake import parse_event
from treaty_contracts.refusals import Refused, UnknownSchemaVersion
from treaty_contracts.schemas import ENVELOPE_ID, data_schema, envelope_schema, schema_id
from treaty_contracts.upcast import NEWEST, to_newest

SCHEMAS = {ENVELOPE_ID: envelope_schema()} | {schema_id(t, v): data_schema(t, v) for t, v in NEWEST.items()}
EVENT = Draft202012Validator(
    SCHEMAS[ENVELOPE_ID],
    registry=Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in SCHEMAS.items()),
)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_is_a_schema(name: str) -> None:
    Draft202012Validator.check_schema(SCHEMAS[name])
    assert SCHEMAS[name]["$id"] == name


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_a_golden_example_follows_its_schema(path: object) -> None:
    type_ = str(path).rsplit("/", 1)[-1].removesuffix(".v1.json")
    EVENT.validate(example(type_))


@pytest.mark.parametrize("type_", sorted(NEWEST))
def test_a_field_is_required_in_the_schema_when_it_is_in_fact(type_: str) -> None:
    posted = example(type_)
    data = posted["data"]
    assert isinstance(data, dict)
    for name in data:
        rest = {**posted, "data": {other: value for other, value in data.items() if other != name}}
        assert EVENT.is_valid(rest) == is_accepted(rest), name


def test_a_rule_is_required_in_every_choice() -> None:
    definitions = SCHEMAS["/v1/schemas/treaty.registered/1"]["$defs"]
    assert isinstance(definitions, dict)
    choices = [d for d in definitions.values() if isinstance(d, dict) and "rule" in as_object(d["properties"])]
    assert len(choices) == 12
    assert all("rule" in as_list(choice["required"]) for choice in choices)


def test_what_may_be_absent_is_never_null() -> None:
    assert "null" not in json.dumps(list(SCHEMAS.values()))


@pytest.mark.property
@given(st.sampled_from(sorted(NEWEST)), json_values, st.data())
def test_what_is_accepted_follows_its_schema(type_: str, value: JSON, data: st.DataObject) -> None:
    posted = example(type_)
    fields = posted["data"]
    assert isinstance(fields, dict)
    fields[data.draw(st.sampled_from(sorted(fields)))] = value
    if is_accepted(posted):
        EVENT.validate(posted)


@pytest.mark.parametrize(
    "changed",
    [
        {"subject": "participants"},
        {"position": 7},
        {"with_underscore": 1},
        {"type": "treaty.left"},
        {"specversion": "0.3"},
        {"data": {"participant": "USA"}},
        {"data": {"participant": "USA", "received_on": "22 May"}},
        {f"extension{number}": number for number in range(20)},
    ],
)
def test_what_is_refused_for_its_shape_breaks_the_schema(changed: dict[str, JSON]) -> None:
    posted = example("withdrawal.notified") | changed
    assert not is_accepted(posted)
    assert not EVENT.is_valid(posted)


def test_a_schema_of_another_version_is_unknown() -> None:
    with pytest.raises(UnknownSchemaVersion, match=r"'withdrawal.notified' has no schema version 2"):
        data_schema("withdrawal.notified", 2)
    with pytest.raises(UnknownSchemaVersion):
        to_newest("treaty.left", 1, {})


def test_data_of_the_newest_version_stays_as_it_is() -> None:
    assert to_newest("withdrawal.notified", 1, {"participant": "USA"}) == {"participant": "USA"}


def is_accepted(posted: JSON) -> bool:
    try:
        parse_event(json.dumps(posted).encode())
    except Refused:
        return False
    return True


def as_object(value: JSON) -> dict[str, JSON]:
    assert isinstance(value, dict)
    return value


def as_list(value: JSON) -> list[JSON]:
    assert isinstance(value, list)
    return value
