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
        more = asyncio.Event()

        def heard(size: int) -> None:
            if size > self._head.size:  # what this process recorded itself is known already
                more.set()

        # Listening begins before the first look: what is committed between is then heard.
        async with self._notices.listening(heard) as listening:
            while True:
                self._loop.turned()
                more.clear()
                self._head.advance(await listening.size())
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await more.wait()
