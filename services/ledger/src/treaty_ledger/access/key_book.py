"""Recognise API keys, and remember for a moment those that were recognised."""

import asyncio
import hmac
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from treaty_ledger.access.api_keys import ApiKey, read_api_key
from treaty_ledger.access.principals import Principal
from treaty_ledger.access.scopes import known_scopes
from treaty_ledger.errors import DatabaseUnavailable, RefusedByDatabase, Unauthenticated
from treaty_ledger.store.api_keys import ApiKeys, StoredKey

_REMEMBERED_SECONDS = 5.0
"""How long a key counts without being looked up again: a revoked one may be used for as long."""

_NOTED_SECONDS = 60.0
"""How often it is noted at most that a key was used."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Recognised:
    principal: Principal
    stored: StoredKey
    until: float


class KeyBook:
    """Tell whose an API key is."""

    def __init__(self, keys: ApiKeys, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._keys = keys
        self._clock = clock
        self._recognised: dict[bytes, _Recognised] = {}
        self._noted: dict[str, float] = {}
        self._to_note: set[str] = set()
        self._something_to_note = asyncio.Event()

    async def principal(self, text: str) -> Principal:
        """Return whose key this is; raise Unauthenticated when it is nobody's or not any more."""
        key = read_api_key(text)
        if key is None:
            raise Unauthenticated("The API key is not complete")
        known = self._recognised.get(key.digest)
        if known is None or known.until <= self._clock():
            known = await self._look_up(key)
        if not known.stored.usable(datetime.now(UTC)):
            raise Unauthenticated("The API key has expired or was revoked")
        self._note(key.prefix)
        return known.principal

    async def run(self) -> None:
        """Note which keys are used, until cancelled; a note that cannot be made is left out."""
        while True:
            await self._something_to_note.wait()
            self._something_to_note.clear()
            prefixes, self._to_note = sorted(self._to_note), set()
            try:
                await self._keys.note_used(prefixes)
            except (DatabaseUnavailable, RefusedByDatabase) as error:
                _log.warning("cannot note which keys are used: %s", error)

    async def _look_up(self, key: ApiKey) -> _Recognised:
        self._recognised.pop(key.digest, None)
        stored = await self._keys.find(key.prefix)
        # The comparison takes as long whatever differs, so that its time tells nothing of the stored hash.
        if not hmac.compare_digest(stored.sha256 if stored else bytes(32), key.digest) or stored is None:
            raise Unauthenticated("The API key is not known")
        principal = Principal(f"key:{stored.name}", known_scopes(stored.scopes))
        known = _Recognised(principal, stored, self._clock() + _REMEMBERED_SECONDS)
        self._recognised[key.digest] = known
        return known

    def _note(self, prefix: str) -> None:
        now = self._clock()
        if now - self._noted.get(prefix, -_NOTED_SECONDS) >= _NOTED_SECONDS:
            self._noted[prefix] = now
            self._to_note.add(prefix)
            self._something_to_note.set()
