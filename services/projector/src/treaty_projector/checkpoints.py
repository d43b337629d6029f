"""Read the newest checkpoint of the ledger's log, and decide whose signature counts."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from treaty_contracts.tlog.notes import Verifier
from treaty_projector.errors import LogInconsistent
from treaty_projector.feed.log import LogFeed
from treaty_projector.store import Store
from treaty_projector.trust import Signed, Trust, trust_at_first_sight

OLDER_SECONDS = 5.0
"""How long a checkpoint may be older than what was proven: a cache, or a second ledger, lags a little."""


class Checkpoints:
    """Know whose checkpoints count: by the keys that are set, else by those pinned when the log was first seen.

    Keys are never taken over because a trusted one signed beside them: a note says nothing of its other signatures,
    and whoever passes it on may add one. Setting a key is what changes it.
    """

    def __init__(
        self, store: Store, feed: LogFeed, *, keys: Sequence[Verifier], patience: float = OLDER_SECONDS
    ) -> None:
        self._store = store
        self._feed = feed
        self._keys = tuple(keys)
        self._patience = patience
        self._trust: Trust | None = None
        self._older_since: float | None = None

    async def newest(self, proven: int) -> Signed | None:
        """Return the newest checkpoint, of at least the size that was proven; None while an older one may pass.

        Raises LogInconsistent, LedgerUnreachable.
        """
        note = await self._feed.note()
        if self._trust is None:
            self._trust = await self._settled(note, proven)
        signed = self._trust.open(note)
        if signed.checkpoint.size >= proven:
            self._older_since = None
            return signed
        now = asyncio.get_running_loop().time()
        self._older_since = now if self._older_since is None else self._older_since
        if now - self._older_since >= self._patience:
            raise LogInconsistent(
                None, f"the ledger's checkpoint covers {signed.checkpoint.size} entries, and {proven} were proven"
            )
        return None

    def forget(self) -> None:
        """Ask the database again whose signature counts."""
        self._trust = None

    async def _settled(self, note: str, proven: int) -> Trust:
        """Return whose signatures count from now on; the database knows it before anything is applied."""
        pinned = await self._store.pinned()
        if pinned is not None and not self._keys:
            return pinned
        if self._keys:
            known = Trust(pinned.origin if pinned and proven else None, self._keys)
            trust = Trust(known.open(note).checkpoint.origin, self._keys)
        else:
            trust = trust_at_first_sight(note, await self._feed.named_keys())
        if trust != pinned:
            await self._store.pin(trust, replaces=pinned.origin if pinned else None)
        return await self._store.pinned() or trust
