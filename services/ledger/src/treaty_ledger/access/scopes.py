"""Read scopes: what a key or an access token lets its holder do."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from treaty_contracts.names import SLUG_PATTERN
from treaty_ledger.errors import UnknownScope

APPEND = "events:append"
"""The scope that lets one record any event."""

READ = "events:read"
"""The scope that lets one read where reads are not public."""

ADMIN = "admin"
"""The scope of an operator: it reads everything and records nothing."""

_TREATY = re.compile(re.escape(APPEND) + r":treaty/(" + SLUG_PATTERN.strip("^$") + r")")
_SOURCE = re.compile(re.escape(APPEND) + r":source/([\x21-\x7e]{1,500})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scopes:
    """Hold what somebody may do; an event may be recorded when any part allows it."""

    appends: bool = False
    treaties: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    reads: bool = False

    @property
    def append_something(self) -> bool:
        """Tell whether there is any event that may be recorded."""
        return self.appends or bool(self.treaties or self.sources)

    def allow(self, stream: str, source: str) -> bool:
        """Tell whether an event of a source may be recorded in a stream."""
        return self.appends or stream in self.treaties or source in self.sources


def parse_scopes(texts: Iterable[str]) -> Scopes:
    """Return what scopes allow; raise UnknownScope for a text that is none."""
    given = list(texts)
    for text in given:
        if not _is_scope(text):
            raise UnknownScope(text)
    return known_scopes(given)


def known_scopes(texts: Iterable[str]) -> Scopes:
    """Return what those of the texts allow that are scopes here: tokens bear the scopes of other services too."""
    given = frozenset(texts)
    return Scopes(
        appends=APPEND in given,
        treaties=frozenset(match[1] for text in given if (match := _TREATY.fullmatch(text))),
        sources=frozenset(match[1] for text in given if (match := _SOURCE.fullmatch(text))),
        reads=READ in given or ADMIN in given,
    )


def _is_scope(text: str) -> bool:
    return text in {APPEND, READ, ADMIN} or bool(_TREATY.fullmatch(text) or _SOURCE.fullmatch(text))
