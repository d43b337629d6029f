"""Hold how much is recorded, and wake those who wait for more."""

import asyncio
import time


class Head:
    """Know the log's size as this process last heard of it; it never goes back."""

    def __init__(self) -> None:
        self._size = 0
        self._closed = False
        self._uncovered_since: float | None = None
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Return how many events are known to be recorded."""
        return self._size

    @property
    def closed(self) -> bool:
        """Tell whether no more will be told."""
        return self._closed

    @property
    def uncovered_seconds(self) -> float:
        """Return for how long, at least, something has waited for a checkpoint that covers it."""
        return 0.0 if self._uncovered_since is None else time.monotonic() - self._uncovered_since

    def cover(self, size: int) -> None:
        """Note that a checkpoint of this size is published."""
        self._uncovered_since = None if size >= self._size else time.monotonic()

    def advance(self, size: int) -> None:
        """Note that the log has this size, and wake everybody when it grew."""
        if size > self._size:
            self._size = size
            if self._uncovered_since is None:
                self._uncovered_since = time.monotonic()
            self._wake()

    def close(self) -> None:
        """Tell everybody who waits that nothing more will come."""
        self._closed = True
        self._wake()

    async def beyond(self, size: int, *, patience: float) -> bool:
        """Wait until more than `size` is recorded, at most `patience` seconds; return whether it is."""
        try:
            async with asyncio.timeout(patience):
                while self._size <= size and not self._closed:
                    await self._changed.wait()
        except TimeoutError:
            pass
        return self._size > size

    def _wake(self) -> None:
        woken, self._changed = self._changed, asyncio.Event()
        woken.set()
