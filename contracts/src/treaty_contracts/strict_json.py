"""Read JSON strictly: what any two readers would understand alike, and nothing else (RFC 8259, I-JSON RFC 7493)."""

import json
from array import array
from collections import Counter
from collections.abc import Iterator
from itertools import accumulate
from typing import NoReturn

from treaty_contracts.canonical import JSON, MAX_INTEGER
from treaty_contracts.refusals import MalformedJson

MAX_DEPTH = 32
"""How deep objects and lists may be nested."""

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEPS = bytes.maketrans(b"[{]}", b"\x01\x01\xff\xff")  # one deeper, or one back: -1 as a signed byte
_MAX_DIGITS = len(str(MAX_INTEGER)) + 1


def parse_json(body: bytes) -> JSON:
    """Return the JSON value a body holds; raise MalformedJson, and nothing else, whatever the bytes."""
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        raise MalformedJson(f"write the body in UTF-8: byte {error.start} is not") from None
    if text.startswith("\ufeff"):
        raise MalformedJson("leave out the byte order mark")
    _refuse_depth(body)
    try:
        value: JSON = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJson(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    if "\\u" in text:
        _refuse_unwritable(value)
    return value


def _refuse_depth(body: bytes) -> None:
    if body.count(b"{") + body.count(b"[") <= MAX_DEPTH:
        return
    # What stands between quotation marks alternates with what is text; a backslash elsewhere ends the reading anyway.
    outside = b"".join(body.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')[::2])
    steps = array("b", outside.translate(_STEPS, _NOT_BRACKETS))
    if max(accumulate(steps), default=0) > MAX_DEPTH:
        raise MalformedJson(f"nest objects and lists at most {MAX_DEPTH} deep")


def _object(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    value = dict(pairs)
    if len(value) < len(pairs):
        [(name, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise MalformedJson(f"give {name[:100]!r} only once in an object")
    return value


def _integer(digits: str) -> int:
    if len(digits) > _MAX_DIGITS or abs(value := int(digits)) > MAX_INTEGER:
        raise MalformedJson("keep integers within ±9007199254740991")
    return value


def _no_float(_: str) -> NoReturn:
    raise MalformedJson("write numbers as integers: no event has a fraction or an exponent")


def _no_constant(name: str) -> NoReturn:
    raise MalformedJson(f"{name} is not JSON")


def _refuse_unwritable(value: JSON) -> None:
    for text in _texts(value):
        if "\x00" in text:
            raise MalformedJson("remove the character U+0000: it cannot be stored")
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise MalformedJson("remove the lone surrogate: it stands for no character")


def _texts(value: JSON) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            for item in value:
                yield from _texts(item)
        case dict():
            yield from value
            for item in value.values():
                yield from _texts(item)
        case _:
            pass


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_no_float, parse_constant=_no_constant
)
