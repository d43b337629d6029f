"""Keep an API key in a file that nobody else may read."""

from pathlib import Path

from treaty_ledger.access.api_keys import ApiKey, read_api_key
from treaty_ledger.errors import KeyFileUnusable
from treaty_ledger.secret_files import OWNER_ONLY, write_secret


def read_key_file(path: Path) -> ApiKey | None:
    """Return the key that a file holds, and see to it that nobody else reads it; None when there is none."""
    try:
        path.chmod(OWNER_ONLY)
        return read_api_key(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return None
    except OSError as error:
        raise KeyFileUnusable(str(path), error.strerror or str(error)) from error


def write_key_file(path: Path, key: ApiKey) -> None:
    """Put a key into a file, all or nothing; raise KeyFileUnusable."""
    try:
        write_secret(path, f"{key.text}\n")
    except OSError as error:
        raise KeyFileUnusable(str(path), error.strerror or str(error)) from error
