"""Say where clients find this projector, and the next page of a list."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

from fastapi import Request

from treaty_projector.http.state import state_of

_HOST = re.compile(r"[A-Za-z0-9.\-]+(?::[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?", re.ASCII)


def base_of(request: Request) -> str | None:
    """Return the address that the operator set, else the one that the client used; None when it names no host."""
    if (public := state_of(request.app).public_url) is not None:
        return public
    host = request.headers.get("host", "")
    return f"{request.url.scheme}://{host}" if _HOST.fullmatch(host) else None


def next_page(request: Request, cursor: str) -> str:
    """Return the address of the next page: the same question, with the cursor in place of the clocks."""
    kept = [(k, v) for k, v in parse_qsl(request.url.query) if k not in {"cursor", "as_of", "known_at", "known_size"}]
    return f"{request.url.path}?{urlencode([*kept, ('cursor', cursor)])}"
