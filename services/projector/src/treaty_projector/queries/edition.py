"""Hold to one state of the read model while a list is read page by page."""

from __future__ import annotations

from treaty_contracts.canonical import JSON
from treaty_projector.errors import EditionReplaced
from treaty_projector.queries.clocks import Clocks
from treaty_projector.reading import Reader


class Edition:
    """Remember of which state of the read model the first page of a list was.

    A day and a size of the log fix the rows as long as one generation answers and no quarantined treaty is healed:
    another generation may be folded by another law, and healing adds rows at sizes that were answered for before.
    """

    def __init__(self) -> None:
        self._generation = 0
        self._quarantined: list[JSON] | None = None

    @property
    def name(self) -> JSON:
        """Return what tells this state from any other of the same read model; null before the first page."""
        return None if self._quarantined is None else [self._generation, self._quarantined]

    def hold(self, reader: Reader, clocks: Clocks) -> None:
        """Take the first page for what it is of; raise EditionReplaced when a later one is of something else."""
        quarantined: list[JSON] = [
            [treaty, since, reason]
            for treaty, (since, reason) in sorted(clocks.quarantined.items())
            if since < clocks.size
        ]
        if self._quarantined is None:
            self._generation, self._quarantined = reader.generation, quarantined
        elif (self._generation, self._quarantined) != (reader.generation, quarantined):
            raise EditionReplaced
