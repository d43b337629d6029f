"""Give the entries of a log, each only after it is proven to be what a checkpoint was signed over."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import suppress

from treaty_contracts.merkle import CompactRange, leaf_hash
from treaty_contracts.tlog.checkpoints import Checkpoint
from treaty_contracts.tlog.notes import NoteWrong, Verifier, parse_vkeys
from treaty_contracts.tlog.tiles import WIDTH
from treaty_projector.entries import Entry, read_entry
from treaty_projector.errors import LedgerUnreachable, LogInconsistent
from treaty_projector.feed.sources import Source
from treaty_projector.feed.tiles import Tiles

_NOTE_BYTES = 2**16


class LogFeed:
    """Read one published log, in windows of whole bundles: about as many entries as are applied at once."""

    def __init__(self, source: Source, *, batch: int) -> None:
        self._source = source
        self._window = max(WIDTH, batch // WIDTH * WIDTH)
        self._told: str | None = None
        """The checkpoint that the ledger told of last, until somebody asks for the newest."""

    async def close(self) -> None:
        """Give back what the source holds."""
        await self._source.close()

    async def note(self) -> str:
        """Return the newest checkpoint, as it is signed; nothing of it is checked."""
        told, self._told = self._told, None
        return await self._text("checkpoint") if told is None else told

    async def named_keys(self) -> tuple[Verifier, ...]:
        """Return the keys that the log itself names."""
        try:
            return parse_vkeys(await self._text("vkey"))
        except NoteWrong as error:
            raise LogInconsistent(None, f"the keys that the log names are no keys: {error}") from error

    async def proved(self, log: CompactRange, checkpoint: Checkpoint) -> AsyncGenerator[list[Entry], None]:
        """Give the entries behind a log that was proven, up to the checkpoint, as soon as they are proven.

        A window is proven by the tree alone: the hashes of its entries, together with those of the log before it and of
        the tiles beside it, must lead to the root that was signed. Raises LogInconsistent before anything that is not.
        """
        tiles = Tiles(self._source, checkpoint)
        if log.size == checkpoint.size and log.root() != checkpoint.root:
            raise LogInconsistent(None, f"another root was signed for the {log.size} entries that were proven")
        while log.size < checkpoint.size:
            leaves = await self._leaves(tiles, log.size)
            grown = log
            for leaf in leaves:
                grown = grown.append(leaf_hash(leaf))
            if not await _is_proven(grown, tiles):
                await _explain(log, leaves, tiles)
            yield [read_entry(leaf, position=position) for position, leaf in enumerate(leaves, log.size)]
            log = grown

    async def news(self, size: int) -> AsyncIterator[int]:
        """Give the size of the log at each sign that it is longer than that, as long as there is somebody who tells."""
        async for news in self._source.news(size):
            self._told = news.note
            yield news.size

    async def _leaves(self, tiles: Tiles, start: int) -> Sequence[bytes]:
        """Return the entries of the next window."""
        end = min(tiles.checkpoint.size, (start + self._window) // WIDTH * WIDTH)
        numbers = range(start // WIDTH, -(-end // WIDTH))
        leaves = [leaf for number in numbers for leaf in await tiles.entries(number)]
        return leaves[start % WIDTH :]

    async def _text(self, name: str) -> str:
        content = await self._source.read(name, most=_NOTE_BYTES)
        try:
            return content.decode()
        except UnicodeDecodeError as error:
            raise LogInconsistent(None, f"the ledger's {name} is no text") from error


async def _is_proven(log: CompactRange, tiles: Tiles) -> bool:
    if log.size == tiles.checkpoint.size:
        return log.root() == tiles.checkpoint.root
    return await tiles.extend(log)


async def _explain(before: CompactRange, leaves: Sequence[bytes], tiles: Tiles) -> None:
    """Raise LogInconsistent with as much as can be found out about what is wrong."""
    size = tiles.checkpoint.size
    with suppress(LedgerUnreachable):
        if before.size and not await tiles.extend(before):
            raise LogInconsistent(
                None, f"the ledger's checkpoint of {size} entries does not extend the {before.size} that were proven"
            )
        for position, leaf in enumerate(leaves, before.size):
            number, place = divmod(position, WIDTH)
            if leaf_hash(leaf) != (await tiles.leaf_hashes(number))[place]:
                raise LogInconsistent(position, "is not the one that was signed")
    end = before.size + len(leaves)
    raise LogInconsistent(None, f"the first {end} entries do not lead to the root that was signed for {size}")
