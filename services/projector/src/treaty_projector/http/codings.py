"""Choose how an answer is compressed for a client, and compress it (RFC 9110, 12.5.3)."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from functools import lru_cache

import zstandard

IDENTITY, GZIP, ZSTD = "identity", "gzip", "zstd"
CODINGS = (IDENTITY, GZIP, ZSTD)
"""How an answer may be sent."""

_PAYS_FROM = 1024
"""Bytes below which the head of an answer outweighs what compressing it would save."""

_WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
_GZIP_LEVEL, _ZSTD_LEVEL = 1, 3  # higher ones take several times as long for a few bytes in a hundred


def coding_for(body: bytes, accepted: bytes) -> str:
    """Return the coding in which a body is sent to a client that says it accepts these."""
    if not accepted:
        return IDENTITY
    best, without_identity = _chosen(accepted)
    return best if len(body) >= _PAYS_FROM or without_identity else IDENTITY


def encoded(body: bytes, coding: str) -> bytes:
    """Return a body in a coding; equal bodies give equal bytes."""
    if coding == GZIP:
        return gzip.compress(body, _GZIP_LEVEL, mtime=0)
    if coding == ZSTD:
        return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
    return body


@lru_cache(maxsize=256)
def _chosen(accepted: bytes) -> tuple[str, bool]:
    """Return the coding a client likes best, and whether it refuses an answer that is not compressed.

    Between codings it likes alike zstd is taken before gzip, and both before none. A client that would take anything is
    given gzip, which everybody knows. One that would take nothing is answered all the same, uncompressed.
    """
    weights = _weights(accepted.decode("latin-1").lower())
    anything = weights.get("*")
    gzip_weight = weights.get(GZIP, weights.get("x-gzip", anything or 0.0))
    liked = {ZSTD: weights.get(ZSTD, 0.0), GZIP: gzip_weight}
    plain = weights.get(IDENTITY, anything if anything == 0 else None)
    best = max(liked, key=lambda coding: liked[coding])
    if liked[best] == 0 or (plain is not None and liked[best] < plain):
        return IDENTITY, False
    return best, plain == 0


def _weights(accepted: str) -> Mapping[str, float]:
    """Return how much each coding is liked; one whose weight is not understood is not."""
    weights: dict[str, float] = {}
    for part in accepted.split(","):
        name, _, rest = part.partition(";")
        key, _, value = rest.partition("=")
        weight = 1.0
        if rest.strip():
            is_weight = key.strip() == "q" and _WEIGHT.fullmatch(value.strip())
            weight = float(value) if is_weight else 0.0
        weights[name.strip()] = weight
    return weights
