"""Read what a writer believes of a stream: If-Match and If-None-Match (RFC 9110, 13.1)."""

import re
from collections.abc import Mapping

from treaty_ledger.errors import MalformedParameter

_VERSION = re.compile(r'"([1-9][0-9]{0,8})"')


def expected_version(headers: Mapping[str, str]) -> int | None:
    """Return the version a writer believes a stream to be at, 0 for none yet; None when it does not say.

    Raises MalformedParameter.
    """
    match, none_match = headers.get("if-match"), headers.get("if-none-match")
    if match is None and none_match is None:
        return None
    if match is not None and none_match is not None:
        raise MalformedParameter("If-Match", "give either If-Match or If-None-Match")
    if none_match is not None:
        if none_match.strip() != "*":
            raise MalformedParameter("If-None-Match", "only * is understood: the stream does not exist")
        return 0
    version = _VERSION.fullmatch((match or "").strip())
    if version is None:
        raise MalformedParameter("If-Match", 'give one version of the stream in quotes, like "7"')
    return int(version[1])
