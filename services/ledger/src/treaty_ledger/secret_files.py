"""Write files that nobody else may read, so that a crash leaves the old one or the new one."""

import os
from pathlib import Path

OWNER_ONLY = 0o600
"""The mode of a file that only its owner may read and write."""


def write_secret(path: Path, text: str) -> None:
    """Put a text into a file of its owner's alone, all or nothing, durably; raise OSError."""
    beside = path.with_name(f"{path.name}.new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that a crash of the machine does not undo what was put into a folder."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
