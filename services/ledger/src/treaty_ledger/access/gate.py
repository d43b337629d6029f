"""Tell who asks, by the credential that a request bears."""

import re
from collections.abc import Sequence

from treaty_ledger.access.api_keys import BEGINNING
from treaty_ledger.access.key_book import KeyBook
from treaty_ledger.access.key_sets import KeySet
from treaty_ledger.access.principals import ANONYMOUS, Principal
from treaty_ledger.access.tokens import TokenRules, key_id, principal_of
from treaty_ledger.errors import Unauthenticated

_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.IGNORECASE)


class Tokens:
    """Tell whom an access token names."""

    def __init__(self, rules: TokenRules, keys: KeySet) -> None:
        self._rules = rules
        self._keys = keys

    async def principal(self, token: str) -> Principal:
        """Return whom a token names; raise Unauthenticated, or IssuerUnavailable when its keys cannot be fetched."""
        key = await self._keys.key(key_id(token))
        return principal_of(token, key, self._rules)


class Gate:
    """Tell who asks; everybody is anonymous where authentication is not required."""

    def __init__(self, keys: KeyBook, tokens: Tokens | None, *, required: bool) -> None:
        self._keys = keys
        self._tokens = tokens
        self._required = required

    async def principal(self, authorization: Sequence[str]) -> Principal:
        """Return whom the Authorization headers of a request name.

        Raises Unauthenticated, and Unavailable when it cannot be told now.
        """
        if not self._required:
            return ANONYMOUS
        credential = _credential(authorization)
        if credential.startswith(BEGINNING):
            return await self._keys.principal(credential)
        if self._tokens is None:
            raise Unauthenticated("This is not an API key, and access tokens are not accepted here")
        return await self._tokens.principal(credential)


def _credential(authorization: Sequence[str]) -> str:
    if not authorization:
        raise Unauthenticated("This needs a credential", presented=False)
    if len(authorization) > 1:
        raise Unauthenticated("There are several Authorization headers")
    match = _BEARER.fullmatch(authorization[0].strip())
    if match is None:
        raise Unauthenticated("The Authorization header is not understood")
    return match[1]
