"""Hear that a step was opened or closed, by whichever worker."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_projector.connections import driver_of, listening
from treaty_projector.errors import DatabaseUnavailable

_CHANNEL = "projector_step"
_RETRY_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Bell:
    """Ring at each commit that matters to workers; looking once in a while is the guarantee.

    `engine` keeps one connection for this, and for nothing else.
    """

    def __init__(self, engine: AsyncEngine, *, look_seconds: float) -> None:
        self._engine = engine
        self._look_seconds = look_seconds
        self._sounded = asyncio.Event()

    async def listen(self) -> None:
        """Listen until cancelled; a lost connection is opened again."""
        while True:
            try:
                await self._listen()
            except DatabaseUnavailable as error:
                _log.warning("cannot hear of steps: %s", error)
            await asyncio.sleep(_RETRY_SECONDS)

    @property
    def silence(self) -> asyncio.Event:
        """Return what the next ring ends: taken before one looks, so that no ring is missed meanwhile."""
        return self._sounded

    async def rung(self, silence: asyncio.Event) -> None:
        """Return once a silence has ended, or after a while without a sign that there is something to do."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._look_seconds):
                await silence.wait()

    def ring(self, *_notice: object) -> None:
        """Wake everybody who waits."""
        sounded, self._sounded = self._sounded, asyncio.Event()
        sounded.set()

    async def _listen(self) -> None:
        gone = asyncio.Event()
        async with listening(self._engine, _CHANNEL, self.ring) as connection:
            (await driver_of(connection)).add_termination_listener(lambda *_: gone.set())
            self.ring()
            await gone.wait()
        raise DatabaseUnavailable("the connection was closed")
