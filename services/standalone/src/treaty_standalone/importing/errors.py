"""What can go wrong with an import, as a branch of the package's tree.

StandaloneError
├── BadMapping
├── BadTable
├── ImportInterrupted
└── RowRejected
    └── UnknownParticipant
"""

from pathlib import Path

from treaty_standalone.errors import UNREACHABLE, StandaloneError


class BadMapping(StandaloneError):
    """Say what is wrong with a mapping file, and where."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The mapping {path} cannot be used: {reason}")
        self.path = path


class BadTable(StandaloneError):
    """Say why a table cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"The table {path} cannot be read: {reason}")
        self.path = path


class ImportInterrupted(StandaloneError):
    """Say that the ledger fell silent on the way, and how to go on."""

    exit_code = UNREACHABLE

    def __init__(self, error: StandaloneError, *, recorded: int) -> None:
        super().__init__(f"{error} {recorded} events are recorded; run the same command again to go on.")
        self.recorded = recorded


class RowRejected(StandaloneError):
    """Say why no event can be made of a row: the `reason` it shares with others, and what it says itself."""

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}" if said else reason)
        self.reason = reason
        self.said = said


class UnknownParticipant(RowRejected):
    """Say that neither the code nor the name of a row is known."""

    def __init__(self, code: str, name: str) -> None:
        super().__init__("the participant is not known", ", ".join(filter(None, (code, name))))
        self.code = code
        self.name = name
