"""Write JSON in its one canonical form (RFC 8785), so that equal facts have equal bytes."""

import re
from typing import Final, TypeAlias

import orjson
import rfc8785

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"
"""A JSON value of this service: floats do not occur."""

JsonObject: TypeAlias = "dict[str, JSON]"
"""A JSON object of this service."""

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader holds exactly (RFC 8785, 3.2.2.3)."""

_ORDER_DIFFERS = re.compile(rb"[\xee-\xff]")  # what UTF-8 begins characters from U+E000 on with


def canonical_bytes(value: JSON) -> bytes:
    """Return the RFC 8785 bytes of a value without floats, whose integers lie within ±(2^53-1).

    orjson writes the same bytes many times faster wherever the order of code points, by which it sorts keys, is that
    of UTF-16 code units; from U+E000 on they differ, and the reference writes.
    """
    written = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    if not written.isascii() and _ORDER_DIFFERS.search(written):
        return rfc8785.dumps(value)
    return bytes(memoryview(written))  # as long as what it says: orjson's own keeps 4 KiB of memory however short it is
