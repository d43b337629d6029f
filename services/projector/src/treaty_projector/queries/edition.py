"""Hold to one state of the read model while a list is read page by page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from treaty_contracts.canonical import JSON
from treaty_projector.errors import EditionReplaced
from treaty_projector.queries.clocks import Clocks
from treaty_projector.reading import Reader

Quarantined: TypeAlias = Mapping[str, tuple[int, str]]
"""Whose entries are left out at a size of the log: from which position on, and why."""


class Edition:
    """Remember of which state of the read model the first page of a list was.

    A day and a size of the log fix the rows as long as one generation answers and no quarantined treaty is healed:
    another generation may be folded by another law, and healing adds rows at sizes that were answered for before.
    """

    def __init__(self) -> None:
        self._generation = 0
        self._quarantined: Quarantined | None = None

    @property
    def quarantined(self) -> Quarantined:
        """Return who was quarantined; nobody before the first page."""
        return self._quarantined or {}

    @property
    def name(self) -> JSON:
        """Return what tells this state from any other of the same read model."""
        return [self._generation, [[treaty, *why] for treaty, why in sorted(self.quarantined.items())]]

    def hold(self, reader: Reader, clocks: Clocks) -> None:
        """Take the first page for what it is of; raise EditionReplaced when a later one is of something else."""
        quarantined = {
            treaty: (since, why) for treaty, (since, why) in clocks.quarantined.items() if since < clocks.size
        }
        if self._quarantined is None:
            self._generation, self._quarantined = reader.generation, quarantined
        elif (self._generation, self._quarantined) != (reader.generation, quarantined):
            raise EditionReplaced
