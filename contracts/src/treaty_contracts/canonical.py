"""Write JSON in its one canonical form (RFC 8785), so that equal facts have equal bytes."""

import json
import re
from typing import Final, TypeAlias

import rfc8785

JSON: TypeAlias = "bool | int | str | list[JSON] | dict[str, JSON] | None"
"""A JSON value of this service: floats do not occur."""

JsonObject: TypeAlias = "dict[str, JSON]"
"""A JSON object of this service."""

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that every JSON reader holds exactly (RFC 8785, 3.2.2.3)."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":"))
_ORDER_DIFFERS = re.compile("[\ue000-\U0010ffff]")


def canonical_bytes(value: JSON) -> bytes:
    """Return the RFC 8785 bytes of a value without floats, whose integers lie within ±(2^53-1).

    The standard encoder writes the same bytes several times faster wherever the order of code points, by which it
    sorts keys, is that of UTF-16 code units; from U+E000 on they differ, and the reference writes.
    """
    text = _ENCODER.encode(value)
    if not text.isascii() and _ORDER_DIFFERS.search(text):
        return rfc8785.dumps(value)
    return text.encode()
