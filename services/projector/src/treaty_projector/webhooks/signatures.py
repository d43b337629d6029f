"""Make secrets and sign with them, as Standard Webhooks says (https://www.standardwebhooks.com)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def make_secret() -> str:
    """Return a secret for one webhook and its receiver."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode("ascii")


def signed_headers(delivery: str, body: bytes, keys: Sequence[str], *, at: int) -> dict[str, str]:
    """Return the headers that prove who sends; one signature a secret, so that a receiver may change over in its time.

    `at` is the second of this attempt, since receivers refuse what is old; a repeated delivery is signed anew.
    """
    content = b"%b.%d.%b" % (delivery.encode(), at, body)
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{_signature(key, content)}" for key in keys),
    }


def _signature(key: str, content: bytes) -> str:
    digest = hmac.new(base64.b64decode(key.removeprefix(_PREFIX)), content, hashlib.sha256).digest()
    return base64.b64encode(digest).decode("ascii")
