"""Name what can go wrong in the projector.

ProjectorError
├── DatabaseUnavailable  the database does not answer
├── CursorMoved          another process applied these entries first
├── LogInconsistent      the ledger shows something else than before
├── LedgerUnreachable    the ledger does not answer
├── NotReady             the database is missing or not migrated
└── Refused              a question that has no answer, for a reason the client can act on
    ├── BeforeHistory
    ├── MalformedParameter
    ├── NotOnRecord
    ├── ProjectionBehind
    └── TooManyStreams
"""

from __future__ import annotations


class ProjectorError(Exception):
    """Root of what the projector raises on purpose."""


class DatabaseUnavailable(ProjectorError):
    """Say that the database does not answer now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the projector's database does not answer ({reason})")


class CursorMoved(ProjectorError):
    """Say that the cursor is not where this process left it."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        super().__init__(f"the cursor left {expected}: another projector applied these entries")


class LogInconsistent(ProjectorError):
    """Say that an entry of the ledger contradicts the log."""

    def __init__(self, position: int, reason: str) -> None:
        self.position = position
        super().__init__(f"entry {position} {reason}; stop the projector and ask the ledger's operator")


class LedgerUnreachable(ProjectorError):
    """Say that the ledger does not answer, or not with entries."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(f"the ledger at {url} gives no entries ({reason}); check TREATY_PROJECTOR_LEDGER_URL")


class NotReady(ProjectorError):
    """Say in one line what the operator has to do before the projector can start."""


class Refused(ProjectorError):
    """Root of refusals: `problem` names the type in `treaty_contracts.problems`."""

    problem: str


class NotOnRecord(Refused):
    """Say that nothing is on record under that name."""

    problem = "not-found"


class BeforeHistory(Refused):
    """Say that nothing had been recorded by then."""

    problem = "before-history"


class MalformedParameter(Refused):
    """Say which parameter is not understood, and what to write."""

    problem = "malformed-parameter"

    def __init__(self, name: str, detail: str) -> None:
        self.name = name
        self.reason = detail
        super().__init__(f"{name}: {detail}")


class ProjectionBehind(Refused):
    """Say that the entries asked for are not applied yet."""

    problem = "projection-behind"

    def __init__(self, wanted: int, size: int) -> None:
        super().__init__(f"{size} entries are applied, {wanted} are wanted; ask again")
        self.wanted = wanted
        self.size = size


class TooManyStreams(Refused):
    """Say that no more live streams are served."""

    problem = "unavailable"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} live streams are open already; ask again later")
