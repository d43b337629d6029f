"""Keep an API key in a file that nobody else may read."""

import os
from pathlib import Path

from treaty_ledger.access.api_keys import ApiKey, read_api_key
from treaty_ledger.errors import KeyFileUnusable

_OWN = 0o600


def read_key_file(path: Path) -> ApiKey | None:
    """Return the key that a file holds, and see to it that nobody else reads it; None when there is none."""
    try:
        path.chmod(_OWN)
        return read_api_key(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return None
    except OSError as error:
        raise KeyFileUnusable(str(path), error.strerror or str(error)) from error


def write_key_file(path: Path, key: ApiKey) -> None:
    """Put a key into a file, all or nothing; raise KeyFileUnusable."""
    beside = path.with_name(f"{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWN), "w") as file:
            file.write(f"{key.text}\n")
        beside.replace(path)
    except OSError as error:
        raise KeyFileUnusable(str(path), error.strerror or str(error)) from error
