"""What `treaty post` takes for an event, by the content of a file."""

import json
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_standalone.documents import Line, read_lines
from treaty_standalone.errors import NotJson

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=4)


def read(document: bytes) -> list[Line]:
    return list(read_lines(BytesIO(document), name="file"))


def values(lines: list[Line]) -> list[object]:
    return [json.loads(line.content) for line in lines]


def test_an_empty_file_holds_no_event() -> None:
    assert read(b"") == read(b"\n \n\n") == []


def test_one_object_on_one_line_is_one_event() -> None:
    assert read(b'{"a":1}') == [Line(1, b'{"a":1}')]


def test_one_object_over_several_lines_is_one_event_kept_as_written() -> None:
    assert read(b'\n{\n  "a": 1.0,\r\n  "a": 2\n}\n') == [Line(2, b'{   "a": 1.0,    "a": 2 } ')]


def test_blank_lines_count_but_hold_nothing() -> None:
    assert read(b'\n{"a":1}\n\n{"b":2}\r\n') == [Line(2, b'{"a":1}'), Line(4, b'{"b":2}')]


def test_an_array_is_read_element_by_element_as_written() -> None:
    assert read(b'[\n{"a": 1.0},\n {"b":\n2}, 3]\n') == [Line(2, b'{"a": 1.0}'), Line(3, b'{"b": 2}'), Line(4, b"3")]


def test_a_broken_array_is_not_json() -> None:
    with pytest.raises(NotJson, match=r"^file is not JSON: .*line 2"):
        read(b'[{"a": 1},\n{"b"}]')


def test_a_bad_line_is_left_to_the_ledger_to_judge() -> None:
    assert read(b'{"a":1}\nnonsense\n{"b":2}') == [Line(1, b'{"a":1}'), Line(2, b"nonsense"), Line(3, b'{"b":2}')]


def test_a_bad_first_line_hides_nothing_after_it() -> None:
    assert read(b'{"a":\n{"b":2}\n') == [Line(1, b'{"a":'), Line(2, b'{"b":2}')]


def test_bytes_that_are_no_text_are_left_to_the_ledger_to_judge() -> None:
    assert read(b'{"a":"\xff"}\n{"b":2}\n') == [Line(1, b'{"a":"\xff"}'), Line(2, b'{"b":2}')]


def test_nesting_without_end_is_not_json() -> None:
    with pytest.raises(NotJson):
        read(b"[" * 100_000)


@given(st.lists(OBJECTS), st.sampled_from([None, 1]))
def test_arrays_and_lines_of_any_objects_hold_the_same_events(objects: list[object], indent: int | None) -> None:
    as_array = json.dumps(objects, indent=indent, ensure_ascii=False).encode()
    as_lines = "\n".join(json.dumps(each) for each in objects).encode()
    assert values(read(as_array)) == values(read(as_lines)) == objects
