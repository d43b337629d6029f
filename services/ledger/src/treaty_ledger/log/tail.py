"""Keep the leaves that were signed last: whoever follows the log asks at once for the bundle that is not full."""

from collections.abc import Sequence

from treaty_contracts.tlog.tiles import WIDTH

_KEPT = 2 * WIDTH


class Tail:
    """Hold the last leaves of the log, as they were read back and hashed to be signed."""

    def __init__(self) -> None:
        self._start = 0
        self._leaves: list[bytes] = []

    def extend(self, start: int, leaves: Sequence[bytes]) -> None:
        """Take the leaves from a position on; those before stay only where nothing lies between."""
        if start != self._start + len(self._leaves):
            self._start, self._leaves = start, []
        self._leaves += leaves
        surplus = len(self._leaves) - _KEPT
        if surplus > 0:
            del self._leaves[:surplus]
            self._start += surplus

    def between(self, first: int, end: int) -> Sequence[bytes] | None:
        """Return the leaves from one position up to another; None unless all of them are at hand."""
        if first < self._start or end > self._start + len(self._leaves):
            return None
        return self._leaves[first - self._start : end - self._start]
