"""Hold the checkpoint that is published, and wake those who wait for a larger one."""

import asyncio
from contextlib import suppress

from treaty_ledger.errors import LogInconsistent, LogShrank, NotSignedYet, Unavailable
from treaty_ledger.feed.head import Head
from treaty_ledger.log.tail import Tail
from treaty_ledger.store.tree import Signed


class Published:
    """Know the newest checkpoint that anybody may see; its size never goes back."""

    def __init__(self, head: Head) -> None:
        self.head = head
        self.tail = Tail()
        """The leaves of the log that this process signed last."""
        self._signed: Signed | None = None
        self._trouble: Unavailable | None = None
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Return how many events the published checkpoint covers; 0 while there is none."""
        return self._signed.size if self._signed else 0

    @property
    def has_begun(self) -> bool:
        """Tell whether there is a checkpoint."""
        return self._signed is not None

    @property
    def signed(self) -> Signed:
        """Return the newest checkpoint; raise NotSignedYet while there is none."""
        if self._signed is None:
            raise NotSignedYet
        return self._signed

    @property
    def trouble(self) -> Unavailable | None:
        """Return why nothing is signed any more; None while all is well."""
        return self._trouble

    def advance(self, signed: Signed) -> None:
        """Publish a checkpoint, unless a larger one is published; all is well then."""
        self._trouble = None
        if self._signed is None or signed.size > self._signed.size:
            self._signed = signed
            self._wake()
        self.head.cover(self._signed.size)

    def stop(self, trouble: Unavailable) -> None:
        """Say that nothing is signed any more, and why."""
        self._trouble = trouble
        self._wake()

    def require_extended(self, size: int) -> None:
        """Raise Unavailable unless a database of `size` events may be recorded in: it has lost nothing known."""
        if isinstance(self._trouble, LogInconsistent):
            raise self._trouble
        known = max(self.signed.size, self.head.size)
        if size < known:
            raise LogShrank(size, known=known)

    async def begun(self) -> Unavailable | None:
        """Return once a checkpoint is published, or why none is."""
        while self._signed is None and self._trouble is None:
            await self._changed.wait()
        return self._trouble

    async def covering(self, size: int, *, patience: float) -> Signed:
        """Return a checkpoint of at least that size, waiting for it for so many seconds; raise NotSignedYet."""
        try:
            async with asyncio.timeout(patience):
                while self._signed is None or self._signed.size < size:
                    await self._changed.wait()
        except TimeoutError:
            raise NotSignedYet from None
        return self._signed

    async def beyond(self, size: int, *, patience: float) -> Signed | None:
        """Return a checkpoint of more than `size` events; None when there is none within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while not self.head.closed and (self._signed is None or self._signed.size <= size):
                    await self._changed.wait()
        return self._signed if self.size > size else None

    def close(self) -> None:
        """Tell everybody who waits, also for what is recorded, that nothing more will come."""
        self.head.close()
        self._wake()

    def _wake(self) -> None:
        woken, self._changed = self._changed, asyncio.Event()
        woken.set()
