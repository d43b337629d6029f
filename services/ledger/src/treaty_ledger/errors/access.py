"""Why somebody is not let in, or a key is not made."""

from collections.abc import Sequence

from treaty_ledger.errors.root import LedgerError


class NotAdmitted(LedgerError):
    """Say why somebody may not have what they ask for."""


class Unauthenticated(NotAdmitted):
    """Say why a request names no known principal; `presented` tells whether it tried to."""

    def __init__(self, reason: str, *, presented: bool = True) -> None:
        super().__init__(f"{reason}. Give an API key or an access token: Authorization: Bearer …")
        self.presented = presented


class Forbidden(NotAdmitted):
    """Say what a principal may not do; `pointers` lead to what in the event its scopes do not cover."""

    def __init__(self, principal: str, what: str, *, scope: str, pointers: Sequence[str] = ()) -> None:
        super().__init__(f"{principal} may not {what}.")
        self.scope = scope
        self.pointers = tuple(pointers)
        self.advice = "use what a scope of yours names"


class TooManyRequests(NotAdmitted):
    """Say when a principal may record again: `quota` events are allowed in a window, and none is left."""

    def __init__(
        self, principal: str, *, quota: int, window_seconds: int, retry_after_seconds: int, whole_after_seconds: int
    ) -> None:
        super().__init__(
            f"{principal} has recorded as much as it may for now: ask again in {retry_after_seconds} seconds."
        )
        self.quota = quota
        self.window_seconds = window_seconds
        self.retry_after_seconds = retry_after_seconds
        self.whole_after_seconds = whole_after_seconds


class KeyRefused(LedgerError):
    """Say why an API key is not made or revoked."""


class UnknownScope(KeyRefused):
    """Say which scopes there are."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"There is no scope {text[:100]!r}: use events:append, events:append:treaty/ID, events:append:source/URI,"
            " events:read or admin."
        )


class KeyNameRefused(KeyRefused):
    """Say what the name of a key looks like."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"{name[:100]!r} cannot be a key's name: use up to 63 letters, digits, dots, hyphens and underscores."
        )


class KeyNameTaken(KeyRefused):
    """Say that a principal of this name has a key."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"There was a key for {name} before, and recorded events say so: choose another name, or give the same"
            " principal another key with --again."
        )


class LifetimeRefused(KeyRefused):
    """Say how a lifetime is written."""

    def __init__(self, text: str) -> None:
        super().__init__(f"{text[:100]!r} is no lifetime: write it as 90d or 12h, or `never`.")


class KeyFileUnusable(KeyRefused):
    """Say why a file cannot hold a key."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"Cannot keep a key in {path}: {reason}.")


class NoSuchKey(KeyRefused):
    """Say that there is no key to revoke."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No key that is not revoked has the name or the beginning {name[:100]!r}.")
