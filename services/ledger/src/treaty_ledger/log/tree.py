"""Serve the log's tiles and bundles, and make proofs from them; nothing beyond the published checkpoint is shown."""

from collections.abc import Iterable, Sequence

from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.tlog.proofs import (
    Run,
    Span,
    consistency_spans,
    hash_of_run,
    hash_of_span,
    inclusion_spans,
    runs_of,
)
from treaty_contracts.tlog.tiles import HASH_BYTES, WIDTH, Tile, write_bundle
from treaty_ledger.errors import NotFound
from treaty_ledger.log.cache import Cache
from treaty_ledger.log.published import Published
from treaty_ledger.store.reads import Reads
from treaty_ledger.store.tree import Signed, TreeReads
from treaty_ledger.store.values import Filter

_CACHED_BYTES = 64 * 2**20


class LogTree:
    """Read the published log. Every method raises DatabaseUnavailable."""

    def __init__(self, tree: TreeReads, reads: Reads, published: Published) -> None:
        self.published = published
        self._tree = tree
        self._reads = reads
        self._cache = Cache(_CACHED_BYTES)

    async def tile(self, tile: Tile) -> bytes:
        """Return the hashes of a tile, or the entries of a bundle; raise NotFound beyond the published checkpoint."""
        if tile.needs_size > self.published.size:
            raise NotFound(f"tile {tile.path} in the published log")
        if (kept := self._cache.get(tile.path)) is not None:
            return kept
        content = await self._bundle(tile) if tile.level is None else await self._hashes(tile.level, tile)
        if tile.is_full:
            self._cache.put(tile.path, content)
        return content

    async def checkpoint(self, size: int) -> Signed:
        """Return the checkpoint that was signed at one size; raise NotFound when none was."""
        signed = self.published.signed
        found = signed if signed.size == size else None
        if found is None and size < signed.size:
            found = await self._tree.of_size(size)
        if found is None:
            raise NotFound(f"checkpoint of size {size}")
        return found

    async def root(self, size: int) -> bytes:
        """Return the root of the log at a published size."""
        if size == self.published.size:
            return self.published.signed.root
        return (await self._tree.frontier(size)).root()

    async def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return the hashes that prove an entry to be in the log of a published size."""
        return await self._spans(inclusion_spans(index, size))

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """Return the hashes that prove one published size to extend another."""
        return await self._spans(consistency_spans(old, new))

    async def _spans(self, spans: Iterable[Span]) -> list[bytes]:
        return [hash_of_span([await self._run(run) for run in runs_of(span)]) for span in spans]

    async def _run(self, run: Run) -> bytes:
        """Return the root of a complete subtree, from the tile its hashes are in where that is full."""
        tile = Tile(run.level, run.first // WIDTH)
        if tile.needs_size > self.published.size:
            return hash_of_run(await self._tree.hashes(run.level, run.first, run.count))
        content, start = await self.tile(tile), run.first % WIDTH
        return hash_of_run(_cut(content, start, run.count))

    async def _hashes(self, level: int, tile: Tile) -> bytes:
        return b"".join(await self._tree.hashes(level, tile.first, tile.width))

    async def _bundle(self, tile: Tile) -> bytes:
        end = tile.first + tile.width
        if (at_hand := self.published.tail.between(tile.first, end)) is not None:
            return write_bundle(at_hand)
        events = await self._reads.events(Filter(), start=tile.first, end=end, limit=tile.width)
        return write_bundle(leaf(each.event, format_instant(each.recorded_at), each.recorded_by) for each in events)


def _cut(content: bytes, first: int, count: int) -> Sequence[bytes]:
    return [content[place * HASH_BYTES : (place + 1) * HASH_BYTES] for place in range(first, first + count)]
