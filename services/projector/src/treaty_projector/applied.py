"""Know how many entries are applied, and wake those who wait for more."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from math import inf
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_door.pulse import Loop
from treaty_projector import sql
from treaty_projector.connections import listening
from treaty_projector.errors import DatabaseUnavailable
from treaty_projector.generations import Place

_CHANNEL = "projector_applied"
_LOOK_SECONDS = 1.0
_RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Applied:
    """Hold the size that this process last saw applied; it never goes back."""

    def __init__(self) -> None:
        self._size = 0
        self._told_at = -inf
        self._closed = False
        self._changed = asyncio.Event()

    @property
    def size(self) -> int:
        """Return how many entries are known to be applied."""
        return self._size

    @property
    def silent_seconds(self) -> float:
        """Return how long ago the database last said how many entries are applied."""
        return monotonic() - self._told_at

    @property
    def closed(self) -> bool:
        """Tell whether no more will be told."""
        return self._closed

    def advance(self, size: int) -> None:
        """Note that so many entries are applied, and wake everybody when there are more."""
        self._told_at = monotonic()
        if size > self._size:
            self._size = size
            self._wake()

    def close(self) -> None:
        """Tell everybody who waits that nothing more will come."""
        self._closed = True
        self._wake()

    async def beyond(self, size: int, *, patience: float) -> bool:
        """Wait until more than `size` entries are applied, at most `patience` seconds; return whether they are."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                while self._size <= size and not self._closed:
                    await self._changed.wait()
        return self._size > size

    def _wake(self) -> None:
        woken, self._changed = self._changed, asyncio.Event()
        woken.set()


class AppliedWatcher:
    """Keep up to date what is known to be applied, and which generation answers.

    Commits are heard, and looking once a second is the guarantee. `engine` keeps one connection for this, and for
    nothing else.
    """

    def __init__(self, engine: AsyncEngine, applied: Applied, place: Place, loop: Loop) -> None:
        self._engine = engine
        self._applied = applied
        self._place = place
        self._loop = loop

    async def run(self) -> None:
        """Watch until cancelled; a lost connection is opened again."""
        while True:
            self._loop.turned()
            try:
                await self._watch()
            except DatabaseUnavailable as error:
                _log.warning("cannot hear of applied entries: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _watch(self) -> None:
        more = asyncio.Event()

        def hear(*_notice: object) -> None:
            more.set()

        # Listening begins before the first look: what is committed between is then heard.
        async with listening(self._engine, _CHANNEL, hear) as connection:
            while True:
                self._loop.turned()
                more.clear()
                served = (await connection.execute(sql.statement("served"))).one()
                self._place.move_to(served.schema, served.number)
                self._applied.advance(served.size)
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await more.wait()
