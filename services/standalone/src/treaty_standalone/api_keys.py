"""Find the API key with which the ledger is asked."""

import ipaddress
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from treaty_standalone.errors import KeyUnreadable

KEY_FILE: Final = "api-key"
"""The file of the data folder in which `treaty up` keeps its key."""

VARIABLE: Final = "TREATY_API_KEY"
"""The variable that holds a key itself."""

_DEFAULT: Final = Path(".data") / KEY_FILE


def find_api_key(ledger_url: str, file: Path | None) -> str | None:
    """Return the key for a ledger: from the variable, from a file that was named, or the one of `treaty up` here.

    The last one goes to a ledger of this machine only: another one has no business knowing it. Raises KeyUnreadable.
    """
    if key := os.environ.get(VARIABLE, "").strip():
        return key
    if file is not None:
        return read_key(file)
    if _is_loopback(ledger_url) and _DEFAULT.is_file():
        return read_key(_DEFAULT)
    return None


def read_key(file: Path) -> str:
    """Return the key in a file. Raises KeyUnreadable."""
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise KeyUnreadable(file, error) from error


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
