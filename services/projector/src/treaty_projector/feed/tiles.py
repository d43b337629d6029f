"""Read tiles and bundles of a log under one checkpoint, and let the tiles show what the log began with."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from treaty_contracts.merkle import CompactRange
from treaty_contracts.tlog.checkpoints import Checkpoint
from treaty_contracts.tlog.proofs import (
    ProofWrong,
    Run,
    Span,
    check_consistency,
    consistency_spans,
    hash_of_run,
    hash_of_span,
    runs_of,
)
from treaty_contracts.tlog.tiles import HASH_BYTES, HEIGHT, MAX_ENTRY_BYTES, WIDTH, Tile, read_bundle, read_tile
from treaty_projector.errors import LogInconsistent, NotPublished
from treaty_projector.feed.sources import Source

_AT_HAND = 64
_TILE_BYTES = WIDTH * HASH_BYTES
_BUNDLE_BYTES = WIDTH * (2 + MAX_ENTRY_BYTES)


class Tiles:
    """Read what a log publishes under one checkpoint. Nothing that is read counts before it is proven."""

    def __init__(self, source: Source, checkpoint: Checkpoint) -> None:
        self.checkpoint = checkpoint
        self._source = source
        self._at_hand: OrderedDict[Tile, Sequence[bytes]] = OrderedDict()

    async def extend(self, log: CompactRange) -> bool:
        """Tell whether the checkpoint's log begins with that one: whatever the tiles say, they cannot make it so."""
        old, new = log.size, self.checkpoint.size
        hashes = [await self._span(span) for span in consistency_spans(old, new)]
        try:
            check_consistency(old, log.root(), new, self.checkpoint.root, hashes)
        except ProofWrong:
            return False
        return True

    async def entries(self, number: int) -> Sequence[bytes]:
        """Return the entries of one bundle, as far as the checkpoint goes."""
        return await self._read(self._tile(None, number))

    async def leaf_hashes(self, number: int) -> Sequence[bytes]:
        """Return the hashes that are told of the entries of one bundle."""
        return await self._read(self._tile(0, number))

    def _tile(self, level: int | None, number: int) -> Tile:
        nodes = self.checkpoint.size >> (level or 0) * HEIGHT
        return Tile(level, number, min(WIDTH, nodes - number * WIDTH))

    async def _span(self, span: Span) -> bytes:
        return hash_of_span([await self._run(run) for run in runs_of(span)])

    async def _run(self, run: Run) -> bytes:
        """Return the root of a complete subtree, from the tile that its hashes are in."""
        tile = self._tile(run.level, run.first // WIDTH)
        if tile not in self._at_hand:
            self._at_hand[tile] = await self._read(tile)
            if len(self._at_hand) > _AT_HAND:
                self._at_hand.popitem(last=False)
        self._at_hand.move_to_end(tile)
        start = run.first % WIDTH
        return hash_of_run(self._at_hand[tile][start : start + run.count])

    async def _read(self, tile: Tile) -> Sequence[bytes]:
        """Return what a tile holds; one that grew full since may be kept in that form alone."""
        try:
            return await self._content(tile, tile)
        except NotPublished:
            if tile.is_full:
                raise
            return await self._content(Tile(tile.level, tile.number), tile)

    async def _content(self, asked: Tile, wanted: Tile) -> Sequence[bytes]:
        most, reader = (_BUNDLE_BYTES, read_bundle) if asked.level is None else (_TILE_BYTES, read_tile)
        content = await self._source.read(f"tile/{asked.path}", most=most)
        try:
            found = reader(content)
        except ValueError as error:
            raise LogInconsistent(None, f"{asked.path} of the ledger's log is damaged: {error}") from error
        if len(found) != asked.width:
            raise LogInconsistent(None, f"{asked.path} of the ledger's log holds {len(found)} of {asked.width} places")
        return found[: wanted.width]
