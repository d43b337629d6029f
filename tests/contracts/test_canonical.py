"""Check that equal values have equal bytes."""

import json

import pytest
import rfc8785
from contracts.strategies import json_values
from hypothesis import given

from treaty_contracts.canonical import JSON, canonical_bytes


def reordered(value: JSON) -> JSON:
    match value:
        case dict():
            return {name: reordered(value[name]) for name in reversed(value)}
        case list():
            return [reordered(item) for item in value]
        case _:
            return value


@pytest.mark.property
@given(json_values)
def test_the_bytes_are_those_of_the_reference(value: JSON) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@pytest.mark.property
@given(json_values)
def test_the_bytes_do_not_depend_on_the_order_of_names(value: JSON) -> None:
    assert canonical_bytes(reordered(value)) == canonical_bytes(value)


@pytest.mark.property
@given(json_values)
def test_the_bytes_read_back_as_the_value_they_stand_for(value: JSON) -> None:
    assert canonical_bytes(json.loads(canonical_bytes(value))) == canonical_bytes(value)


def test_names_are_ordered_by_utf_16_units() -> None:
    assert canonical_bytes({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_only_what_must_be_escaped_is() -> None:
    assert (
        canonical_bytes('\x01\b\t\n\f\r"\\/\x7f€\u2028')
        == b'"\\u0001\\b\\t\\n\\f\\r\\"\\\\/\x7f' + "€\u2028".encode() + b'"'
    )
