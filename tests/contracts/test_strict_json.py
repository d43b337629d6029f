"""Check that only JSON which every reader understands alike is read."""

import json

import pytest
from contracts.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON
from treaty_contracts.refusals import MalformedJson
from treaty_contracts.strict_json import MAX_DEPTH, parse_json


def refusal(body: bytes) -> str:
    with pytest.raises(MalformedJson) as malformed:
        parse_json(body)
    return malformed.value.detail


@pytest.mark.property
@given(json_values, st.booleans())
def test_what_is_strict_json_is_read(value: JSON, ascii_only: bool) -> None:  # noqa: FBT001 - hypothesis passes it
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@pytest.mark.property
@given(st.binary() | st.text('[]{}",:0123456789.eE+-\\u d8\n').map(str.encode))
def test_whatever_else_comes_is_malformed(body: bytes) -> None:
    try:
        value = parse_json(body)
    except MalformedJson:
        return
    assert value == json.loads(body)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "line 1, column 1: Expecting value"),
        (b'{"a": }', "line 1, column 7: Expecting value"),
        (b"{} {}", "line 1, column 4: Extra data"),
        (b"\xef\xbb\xbf{}", "leave out the byte order mark"),
        (b'"\xff"', "write the body in UTF-8: byte 1 is not"),
        (b'"\xed\xa0\x80"', "write the body in UTF-8: byte 1 is not"),
        ('{"a": 1}'.encode("utf-16"), "write the body in UTF-8: byte 0 is not"),
        (b'{"a": 1, "b": 2, "a": 1}', "give 'a' only once in an object"),
        (b'{"a": 1, "\\u0061": 2}', "give 'a' only once in an object"),
        (b'{"data": {"on": 1, "on": 2}}', "give 'on' only once in an object"),
        (b"NaN", "NaN is not JSON"),
        (b"[-Infinity]", "-Infinity is not JSON"),
        (b"1.0", "write numbers as integers: no event has a fraction or an exponent"),
        (b"1e2", "write numbers as integers: no event has a fraction or an exponent"),
        (b"9007199254740992", "keep integers within ±9007199254740991"),
        (b"-9007199254740992", "keep integers within ±9007199254740991"),
        (b"1" * 5_000, "keep integers within ±9007199254740991"),
        (b'"\\ud800"', "remove the lone surrogate: it stands for no character"),
        (b'{"\\udfff": 1}', "remove the lone surrogate: it stands for no character"),
        (b'[{"a": ["\\u0000"]}]', "remove the character U+0000: it cannot be stored"),
        (b'"a\nb"', "line 1, column 3: Invalid control character at"),
        (b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1), "nest objects and lists at most 32 deep"),
    ],
)
def test_a_refusal_says_what_to_change(body: bytes, detail: str) -> None:
    assert refusal(body) == detail


def test_an_escaped_backslash_is_no_escape() -> None:
    assert parse_json(b'"\\\\u0000\\\\ud800"') == "\\u0000\\ud800"


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert parse_json(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_the_deepest_value_allowed_is_read() -> None:
    assert parse_json(b"[" * MAX_DEPTH + b"]" * MAX_DEPTH)


def test_brackets_in_texts_are_not_nesting() -> None:
    texts = json.dumps(["[" * 100, '"{' * 100, "\\"])
    assert parse_json(texts.encode()) == json.loads(texts)


@pytest.mark.property
@given(st.lists(st.text('[{]}"\\x'), min_size=1), st.integers(1, MAX_DEPTH + 1))
def test_depth_is_counted_whatever_texts_hold(texts: list[str], depth: int) -> None:
    body = (b"[" * (depth - 1)) + json.dumps(texts + ["["] * MAX_DEPTH).encode() + b"]" * (depth - 1)
    if depth > MAX_DEPTH:
        assert "32 deep" in refusal(body)
    else:
        assert parse_json(body)


def test_many_shallow_values_are_not_nesting() -> None:
    assert parse_json(b"[" + b"[],{}," * 100 + b"0]")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 2_000_000,
        b'{"a":' * 400_000,
        b'"' + b'\\"' * 1_000_000,
        b"[" * 33 + b'"\\' * 500_000,
        b"{" + b",".join(b'"%d":1' % number for number in range(200_000)) + b',"7":1}',
    ],
)
@pytest.mark.timeout(20)  # a quadratic step takes minutes
def test_no_body_takes_long_to_refuse(body: bytes) -> None:
    assert refusal(body)
