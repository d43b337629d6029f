"""Follow the log's size: commits of other processes are heard, and looking once a second is the guarantee."""

import asyncio
import logging
from contextlib import suppress

from treaty_door.pulse import Loop
from treaty_ledger.errors import DatabaseUnavailable
from treaty_ledger.feed.head import Head
from treaty_ledger.store.notices import Notices

_LOOK_SECONDS = 1.0
_RETRY_SECONDS = 1.0
_OWN_SECONDS = 0.004
"""How soon this process knows what it recorded itself, of which it hears like everybody else."""

_log = logging.getLogger(__name__)


class Watcher:
    """Keep a head up to date."""

    def __init__(self, notices: Notices, head: Head, *, loop: Loop) -> None:
        self._notices = notices
        self._head = head
        self._loop = loop

    async def run(self) -> None:
        """Follow until cancelled; a lost connection is opened again."""
        while True:
            self._loop.turned()
            try:
                await self._follow()
            except DatabaseUnavailable as error:
                _log.warning("cannot hear of new events: %s", error.reason)
            await asyncio.sleep(_RETRY_SECONDS)

    async def _follow(self) -> None:
        more, told = asyncio.Event(), 0

        def heard(size: int) -> None:
            nonlocal told
            told = max(told, size)
            more.set()

        # Listening begins before the first look: what is committed between is then heard.
        async with self._notices.listening(heard) as listening:
            while True:
                self._loop.turned()
                told = 0
                self._head.advance(await listening.size())
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        while told <= self._head.size:
                            more.clear()
                            await more.wait()
                            await asyncio.sleep(_OWN_SECONDS)
