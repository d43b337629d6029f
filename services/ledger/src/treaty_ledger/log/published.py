"""Hold the checkpoint that is published, and wake those who wait for a larger one."""

import asyncio

from treaty_ledger.errors import LogInconsistent, LogShrank, NotSignedYet, Unavailable
from treaty_ledger.feed.head import Head
from treaty_ledger.store.tree import Signed


class Published:
    """Know the newest checkpoint that anybody may see; its size never goes back."""

    def __init__(self, head: Head) -> None:
        self.trouble: Unavailable | None = None
        """Why nothing is signed any more; None while all is well."""
        self._head = head
        self._signed: Signed | None = None
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Return how many events the published checkpoint covers; 0 while there is none."""
        return self._signed.size if self._signed else 0

    @property
    def signed(self) -> Signed:
        """Return the newest checkpoint; raise NotSignedYet while there is none."""
        if self._signed is None:
            raise NotSignedYet
        return self._signed

    def advance(self, signed: Signed) -> None:
        """Publish a checkpoint, unless a larger one is published."""
        if self._signed is None or signed.size > self._signed.size:
            self._signed = signed
            woken, self._changed = self._changed, asyncio.Event()
            woken.set()

    def require_extended(self, size: int) -> None:
        """Raise LogInconsistent unless a database of `size` events may be recorded in: it has lost nothing known."""
        if isinstance(self.trouble, LogInconsistent):
            raise self.trouble
        known = max(self.size, self._head.size)
        if size < known:
            raise LogShrank(size, known=known)

    async def covering(self, size: int, *, patience: float) -> Signed:
        """Return a checkpoint of at least that size, waiting for it for so many seconds; raise NotSignedYet."""
        try:
            async with asyncio.timeout(patience):
                while self._signed is None or self._signed.size < size:
                    await self._changed.wait()
        except TimeoutError:
            raise NotSignedYet from None
        return self._signed
