"""Make API keys, and recognise what looks like one."""

import re
import secrets
import string
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from treaty_ledger.errors import KeyNameRefused, LifetimeRefused

BEGINNING = "trk_"
"""What every key begins with, so that people and scanners of secrets know one when they see it."""

_LETTERS = string.ascii_letters + string.digits
_KEY = re.compile(r"(trk_[A-Za-z0-9]{8})_[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")
_LIFETIME = re.compile(r"([1-9][0-9]{0,4})([dh])")


@dataclass(frozen=True, slots=True)
class ApiKey:
    """Hold one key: its prefix may be shown, its text is the secret."""

    prefix: str
    text: str = field(repr=False)

    @property
    def digest(self) -> bytes:
        """Return the SHA-256 that is stored of it: a key is 256 random bits, which nobody finds by guessing."""
        return sha256(self.text.encode()).digest()


def make_api_key() -> ApiKey:
    """Return a new key."""
    prefix = BEGINNING + "".join(secrets.choice(_LETTERS) for _ in range(8))
    return ApiKey(prefix, f"{prefix}_{secrets.token_urlsafe(32)}")


def read_api_key(text: str) -> ApiKey | None:
    """Return the key that a text is; None for anything else."""
    match = _KEY.fullmatch(text)
    return ApiKey(match[1], text) if match else None


def check_key_name(name: str) -> str:
    """Return the name that a key's principal shall have; raise KeyNameRefused."""
    if _NAME.fullmatch(name) is None:
        raise KeyNameRefused(name)
    return name


def parse_lifetime(text: str) -> timedelta | None:
    """Return how long 90d or 12h is, None for `never`; raise LifetimeRefused."""
    if text == "never":
        return None
    match = _LIFETIME.fullmatch(text)
    if match is None:
        raise LifetimeRefused(text)
    return timedelta(days=int(match[1])) if match[2] == "d" else timedelta(hours=int(match[1]))
