"""Tell whether a client has the present answer already."""

from __future__ import annotations


def is_known(condition: str | None, tag: str) -> bool:
    """Compare If-None-Match with the tag of an answer, weakly, as RFC 9110 13.1.2 says."""
    if condition is None:
        return False
    named = {candidate.strip().removeprefix("W/") for candidate in condition.split(",")}
    return "*" in named or tag in named
