"""What can go wrong in the standalone package, as one tree; every message is one line that a person can act on.

StandaloneError
├── PostgresError
│   ├── FolderInUse
│   ├── FolderUnusable
│   ├── NoCluster
│   ├── PostgresNotStarted
│   └── PostgresEnded
├── PortInUse
├── FolderMissing
├── RolesNotMade
├── MigrationFailed
├── KeyNotKept
├── NotRefolded
├── KeyUnreadable
├── ServiceEnded
├── ServiceNotReady
├── HistoryRejected
├── ProjectionStuck
├── NotJson
├── KeyNotReadable
├── NotExported
├── LogNotProved
├── LogNotRead
├── CannotVerify
├── ProjectorDiffers
├── Refused
└── Unreachable
"""

import signal
from pathlib import Path

from treaty_contracts.problems import Problem

FAILED = 1
UNREACHABLE = 3


class StandaloneError(Exception):
    """Say in one line what went wrong; `exit_code` is what the command ends with."""

    exit_code = FAILED


class PostgresError(StandaloneError):
    """Say why the embedded PostgreSQL cannot be used."""


class FolderInUse(PostgresError):
    """Say that another process already runs on this data folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is in use by another running `treaty up`: stop it, or choose another --data-dir.")
        self.folder = folder


class FolderUnusable(PostgresError):
    """Say that the data folder cannot be read or written, and why."""

    def __init__(self, folder: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        where = error.filename if isinstance(error.filename, str) else folder
        super().__init__(f"Cannot keep data in {folder}: {reason} ({where}).")
        self.folder = folder
        self.error = error


class NoCluster(PostgresError):
    """Say that a data folder holds no database."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"There is no database in {folder}: name the folder of `treaty up` with --data-dir, or set"
            " TREATY_LEDGER_DATABASE_URL."
        )


class PostgresNotStarted(PostgresError):
    """Say that PostgreSQL refused to start, in its own words, and where its log is."""

    def __init__(self, reason: str, *, log: Path | None = None) -> None:
        where = f" (log: {log})" if log else ""
        super().__init__(f"PostgreSQL did not start: {reason}{where}")
        self.reason = reason
        self.log = log


class PostgresEnded(PostgresError):
    """Say that PostgreSQL ended by itself."""

    def __init__(self) -> None:
        super().__init__("PostgreSQL ended while in use.")


class PortInUse(StandaloneError):
    """Say that a port cannot be listened on, and which option chooses another."""

    def __init__(self, host: str, port: int, *, option: str, error: OSError) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with {option}.")
        self.host = host
        self.port = port


class FolderMissing(StandaloneError):
    """Say that a folder of the checkout is not where it was looked for, and which variable names it."""

    def __init__(self, what: str, folder: Path, *, variable: str) -> None:
        super().__init__(f"No {what} in {folder}: set {variable} to the folder that holds them.")
        self.folder = folder


class RolesNotMade(StandaloneError):
    """Say that the embedded PostgreSQL has no users for the services, in the words of what failed."""

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(f"The users of the database could not be made: {reason} (log: {log})")
        self.log = log


class MigrationFailed(StandaloneError):
    """Say that a schema could not be brought up to date, in the words of what failed."""

    def __init__(self, section: str, reason: str, *, log: Path) -> None:
        super().__init__(f"The schema of the {section} could not be migrated: {reason} (log: {log})")
        self.section = section
        self.log = log


class NotRefolded(StandaloneError):
    """Say that what an earlier release concluded could not be concluded anew, in the words of what failed."""

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(f"What an earlier release concluded could not be folded anew: {reason} (log: {log})")
        self.log = log


class KeyNotKept(StandaloneError):
    """Say that there is no API key for the ledger, in the words of what failed."""

    def __init__(self, reason: str, *, log: Path) -> None:
        super().__init__(f"No API key could be made: {reason} (log: {log})")
        self.log = log


class KeyUnreadable(StandaloneError):
    """Say that a file with an API key cannot be read."""

    def __init__(self, file: Path, error: Exception) -> None:
        reason = (error.strerror if isinstance(error, OSError) else None) or "it holds no key"
        super().__init__(f"Cannot read the API key in {file}: {reason}.")
        self.file = file


class ServiceEnded(StandaloneError):
    """Say that a service ended by itself, with the last it said."""

    def __init__(self, name: str, code: int, *, reason: str, log: Path) -> None:
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        super().__init__(f"{name} {how}: {reason} (log: {log})")
        self.name = name
        self.code = code
        self.log = log


class ServiceNotReady(StandaloneError):
    """Say that a service runs but does not become ready."""

    def __init__(self, name: str, seconds: float, *, log: Path) -> None:
        super().__init__(f"{name} was not ready after {seconds:.0f} seconds (log: {log})")
        self.name = name
        self.log = log


class HistoryRejected(StandaloneError):
    """Say that the ledger rejected an event of a bundled history."""

    def __init__(self, file: Path, rejection: str) -> None:
        super().__init__(f"The ledger rejected {file.name}, {rejection}")
        self.file = file


class ProjectionStuck(StandaloneError):
    """Say that the projector has stopped applying what the ledger holds."""

    def __init__(self, applied: int, size: int, *, seconds: float) -> None:
        super().__init__(
            f"The projector stands at {applied} of {size} events and has not moved for {seconds:.0f} seconds."
        )
        self.applied = applied
        self.size = size


class NotJson(StandaloneError):
    """Say where a document stops being JSON."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} is not JSON: {reason}.")


class KeyNotReadable(StandaloneError):
    """Say why a text is no key that verifies a log."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"No verifying key: {reason}. It is written like treaties.example.org/log+1a2b3c4d+AR…")


class NotExported(StandaloneError):
    """Say which file of an exported log cannot be read."""

    def __init__(self, folder: Path, name: str, error: OSError) -> None:
        super().__init__(f"{folder} holds no whole log: {name} cannot be read ({error.strerror}).")


class LogNotProved(StandaloneError):
    """Say where a log is not what it commits to: somebody altered it, or it is damaged."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"NOT PROVED: {reason}")


class LogNotRead(StandaloneError):
    """Say that a log does not answer, or is not whole."""

    exit_code = UNREACHABLE

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"The log at {place} cannot be read: {reason}.")


class ProjectorDiffers(StandaloneError):
    """Say what a projector says that does not follow from the log; `treaty` and `participant` are the first of all."""

    def __init__(self, reason: str, *, treaty: str | None = None, participant: str | None = None) -> None:
        where = ", ".join(name for name in (treaty, participant) if name is not None)
        super().__init__(f"DIFFERS: {reason}" + (f"; first at {where}" if where else ""))
        self.treaty = treaty
        self.participant = participant


class CannotVerify(StandaloneError):
    """Say what keeps the database, or what follows from a log, from being looked at."""


class Refused(StandaloneError):
    """Carry the problem with which a service refused a request."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.title} — {problem.detail}")
        self.problem = problem


class Unreachable(StandaloneError):
    """Say that a service does not answer."""

    exit_code = UNREACHABLE

    def __init__(self, name: str, url: str, *, reason: str) -> None:
        super().__init__(f"The {name} at {url} does not answer ({reason}). Start it with `treaty up`, or name another.")
        self.name = name
        self.url = url
        self.reason = reason
