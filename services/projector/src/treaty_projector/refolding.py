"""Draw all conclusions from a log anew, in memory: what whoever checks a projector compares its answers with."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_contracts.merkle import CompactRange
from treaty_projector.bitemporal.rows import Key, Row
from treaty_projector.bitemporal.versions import Change, add_to_digest, digest_of
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, fact_of
from treaty_projector.law.graph import successions_of
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantined


class Refolding:
    """Hold what follows from the entries taken so far: the log's root, the read model's digest, and every row known.

    What the projector says it has quarantined is not folded from there on either.
    """

    def __init__(self, quarantined: Iterable[Quarantined] = ()) -> None:
        self._held = list(quarantined)
        self.log = CompactRange()
        self._desk = Desk(_NothingStored(), capacity=sys.maxsize)
        self._participants: list[Fact] = []
        self._digest_sum = bytes(32)
        self._rows: dict[tuple[str, Key], Row] = {}

    @property
    def digest(self) -> str:
        """Return the digest of the read model."""
        return digest_of(self._digest_sum)

    def treaties(self) -> Iterator[tuple[str, list[Row]]]:
        """Give each treaty by id with the rows that are known of it."""
        known = sorted(((treaty, row) for (treaty, _), row in self._rows.items()), key=itemgetter(0))
        for treaty, rows in groupby(known, key=itemgetter(0)):
            yield treaty, [row for _, row in rows]

    async def take(self, entry: Entry) -> None:
        """Fold one more entry."""
        self.log = self.log.append(entry.leaf_hash)
        for each in self._held:
            if each.since == entry.position:
                self._desk.put_away(self._desk.quarantine.hold(each, ties=self._desk.ties))
        for change in await self._changes(entry):
            self._digest_sum = add_to_digest(self._digest_sum, change)
            if change.opens:
                self._rows[change.treaty, change.row.key] = change.row
            elif self._rows.get((change.treaty, change.row.key)) == change.row:
                del self._rows[change.treaty, change.row.key]

    async def _changes(self, entry: Entry) -> list[Change]:
        if entry.stream in self._desk.quarantine:
            return []
        fact = fact_of(entry.position, entry.type, entry.source, entry.schema_version, entry.data)
        if entry.stream != PARTICIPANTS_SUBJECT:
            return await self._desk.step(fact, entry.stream, stored=0)
        self._participants.append(fact)
        return await self._desk.relate(successions_of(self._participants), at=entry.position + 1, stored=0)


class _NothingStored:
    """Give a desk nothing: all that was folded is still at hand on it."""

    async def facts(self, stream: str, size: int) -> list[Fact]:
        del stream, size
        return []

    async def streams_of(self, participants: Iterable[str]) -> list[str]:
        del participants
        return []

    async def falls(self) -> list[tuple[str, str]]:
        return []
