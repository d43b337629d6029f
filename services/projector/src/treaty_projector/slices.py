"""Cut the treaties into slices, and share the parts of the work among workers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from zlib import crc32

SLICES: Final = 64
"""How many slices there are, ever: the database's rows are numbered by them."""

READING: Final = 64
"""The part that is no slice: reading the log, proving it, and cutting it into steps."""

PARTS: Final = 65


def slice_of(treaty: str) -> int:
    """Return the slice in which a treaty lies, on every machine (CRC-32 of ISO 3309, as in zlib)."""
    return crc32(treaty.encode()) % SLICES


def fair_share(workers: int) -> int:
    """Return how many parts each of so many workers takes at most."""
    return -(-PARTS // max(1, workers))


class TreatiesOf:
    """Hold the treaties of some slices."""

    def __init__(self, slices: Iterable[int]) -> None:
        self._slices = frozenset(slices)

    def __contains__(self, treaty: object) -> bool:
        return isinstance(treaty, str) and slice_of(treaty) in self._slices
