"""State who asks, and refuse what they may not do."""

from dataclasses import dataclass

from treaty_ledger.access.scopes import APPEND, READ, Scopes
from treaty_ledger.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Principal:
    """Hold who asks, as recorded events name them, and what they may do."""

    name: str
    scopes: Scopes

    def require_read(self) -> None:
        """Raise Forbidden unless the principal may read what is not public."""
        if not self.scopes.reads:
            raise Forbidden(self.name, "read here", scope=READ)

    def require_append(self) -> None:
        """Raise Forbidden when there is no event that the principal may record."""
        if not self.scopes.append_something:
            raise Forbidden(self.name, "record events", scope=APPEND)

    def forbids(self, stream: str, source: str) -> Forbidden | None:
        """Return why an event of a source may not be recorded in a stream; None when it may."""
        if self.scopes.allow(stream, source):
            return None
        pointers = (["/subject"] if self.scopes.treaties else []) + (["/source"] if self.scopes.sources else [])
        return Forbidden(self.name, f"record for {stream} as {source}", scope=APPEND, pointers=pointers)


ANONYMOUS = Principal("anonymous", Scopes(appends=True, reads=True))
"""Who asks where nobody has to say who they are."""
