"""Fetch the keys of an issuer, and remember them."""

import asyncio
import logging
import time
from collections.abc import Callable

import httpx
import jwt

from treaty_ledger.access.tokens import Keys, usable_keys
from treaty_ledger.errors import IssuerUnavailable, Unauthenticated

_FRESH_SECONDS = 300.0
"""How long keys are used before they are fetched again."""

_STALE_SECONDS = 3_600.0
"""How long keys are used while they cannot be fetched again."""

_UNKNOWN_SECONDS = 60.0
"""How long after a fetch a key that is not known is not asked for again: anybody can make up the id of a key."""

_RETRY_SECONDS = 5.0
"""How long after a fetch that failed there is no other."""

_TIMEOUT = httpx.Timeout(5.0)

_log = logging.getLogger(__name__)


class KeySet:
    """Know the keys of one issuer; they are fetched when they are needed, and not more often than that."""

    def __init__(self, url: str, http: httpx.AsyncClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._http = http
        self._clock = clock
        self._keys: Keys = {}
        self._fetched_at: float | None = None
        self._failed_at: float | None = None
        self._one_at_a_time = asyncio.Lock()

    async def key(self, kid: str) -> jwt.PyJWK:
        """Return a key by its id; raise Unauthenticated when there is none, IssuerUnavailable when nobody can tell."""
        if self._should_ask(kid):
            async with self._one_at_a_time:
                if self._should_ask(kid):
                    await self._fetch()
        found = self._keys.get(kid)
        if self._age() > _STALE_SECONDS or (found is None and self._failed_at is not None):
            raise IssuerUnavailable(self._url)
        if found is None:
            raise Unauthenticated("The access token is signed with a key that its issuer does not have")
        return found

    def _should_ask(self, kid: str) -> bool:
        if self._failed_at is not None and self._clock() - self._failed_at < _RETRY_SECONDS:
            return False
        return self._age() > (_FRESH_SECONDS if kid in self._keys else _UNKNOWN_SECONDS)

    def _age(self) -> float:
        return float("inf") if self._fetched_at is None else self._clock() - self._fetched_at

    async def _fetch(self) -> None:
        try:
            answer = await self._http.get(self._url, timeout=_TIMEOUT, headers={"Accept": "application/json"})
            answer.raise_for_status()
            self._keys = usable_keys(answer.json())
        except (httpx.HTTPError, ValueError) as error:
            self._failed_at = self._clock()
            _log.warning("cannot fetch keys from %s: %s", self._url, str(error) or type(error).__name__)
        else:
            self._fetched_at, self._failed_at = self._clock(), None
