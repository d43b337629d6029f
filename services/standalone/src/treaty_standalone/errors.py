"""What can go wrong in the standalone package, as one tree; every message is one line a person can act on.

StandaloneError
├── PostgresError
│   ├── FolderInUse
│   ├── FolderUnusable
│   └── PostgresNotStarted
"""

from pathlib import Path


class StandaloneError(Exception):
    """Say in one line what went wrong and what to do about it."""


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


class PostgresNotStarted(PostgresError):
    """Say that PostgreSQL refused to start, in its own words, and where its log is."""

    def __init__(self, reason: str, *, log: Path | None = None) -> None:
        where = f" (log: {log})" if log else ""
        super().__init__(f"PostgreSQL did not start: {reason}{where}")
        self.reason = reason
        self.log = log
