"""Why a request is not understood, or asks for what there is not."""

from collections.abc import Sequence

from treaty_ledger.errors.root import LedgerError


class BadRequest(LedgerError):
    """Say what in the request is not understood."""


class MalformedParameter(BadRequest):
    """Say which parameter or header is not understood."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}.")
        self.name = name
        self.advice = advice


class TooLarge(BadRequest):
    """Say how large a body, an event or a batch may be."""

    def __init__(self, what: str, limit: str) -> None:
        super().__init__(f"{what} may have at most {limit}.")


class UnsupportedMediaType(BadRequest):
    """Say what is accepted instead."""

    def __init__(self, header: str, reason: str, *, accepted: Sequence[str]) -> None:
        super().__init__(f"{header} {reason}. Accepted: {', '.join(accepted)}; in UTF-8, not compressed.")
        self.header = header
        self.accepted = tuple(accepted)


class NotFound(LedgerError):
    """Say what there is not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.")
