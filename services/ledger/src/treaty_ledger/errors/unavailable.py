"""Why the ledger cannot answer now; the same request may succeed later."""

from collections.abc import Sequence

from treaty_ledger.errors.root import LedgerError


class Unavailable(LedgerError):
    """Say why the ledger cannot answer now; nothing is lost by asking again."""

    retry_after_seconds = 1


class QueueFull(Unavailable):
    """Say that more is waiting to be recorded than the ledger takes in."""

    def __init__(self) -> None:
        super().__init__("Too many events are waiting to be recorded.")


class DatabaseUnavailable(Unavailable):
    """Say that the database does not answer."""

    retry_after_seconds = 2

    def __init__(self, reason: str) -> None:
        super().__init__("The database does not answer.")
        self.reason = reason


class OutcomeUnknown(Unavailable):
    """Say that the connection broke while an event was being recorded."""

    retry_after_seconds = 2

    def __init__(self) -> None:
        super().__init__(
            "The database stopped answering while this was being recorded. Post it again unchanged: if it is recorded,"
            " you will get the first receipt."
        )


class TooManyStreams(Unavailable):
    """Say that no more live streams are served."""

    retry_after_seconds = 10

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} live streams are open already.")


class IssuerUnavailable(Unavailable):
    """Say that the keys which verify access tokens cannot be fetched."""

    retry_after_seconds = 5

    def __init__(self, reason: str) -> None:
        super().__init__("The keys of the issuer of access tokens cannot be fetched.")
        self.reason = reason


class NotSignedYet(Unavailable):
    """Say that no signed checkpoint covers an entry so far."""

    def __init__(self) -> None:
        super().__init__("No checkpoint that covers this is signed yet.")


class NotReplicated(Unavailable):
    """Say that the server gave up waiting for its standby."""

    def __init__(self, warning: str) -> None:
        super().__init__(f"Nothing is signed before a standby has it: {warning}")


class SigningStopped(Unavailable):
    """Say why a running ledger cannot sign: what would have kept it from starting came later."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))


class NotAlive(Unavailable):
    """Say what of the process does not turn any more, a line each."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))


class NotReady(Unavailable):
    """Say what is missing, a line each."""

    def __init__(self, missing: Sequence[tuple[str, LedgerError]]) -> None:
        super().__init__("\n".join(f"{what}: {error}" for what, error in missing))
        self.missing = tuple(what for what, _ in missing)
        causes = [error for _, error in missing]
        self.cause = next((error for error in causes if isinstance(error, LogInconsistent)), None)
        if self.cause is not None:
            self.retry_after_seconds = self.cause.retry_after_seconds


class LogInconsistent(Unavailable):
    """Say that what is stored does not extend what was signed; an operator has to look."""

    retry_after_seconds = 30


class GuardTaken(LogInconsistent):
    """Say that another ledger signs the same log over another database."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"Another ledger holds the signing guard {where} and signs this log over another database: two copies of"
            " one log must not both go on. Stop one of them."
        )


class LogShrank(LogInconsistent):
    """Say how many recorded events are missing."""

    def __init__(self, size: int, *, known: int) -> None:
        super().__init__(
            f"The database holds {size} events, but {known} were recorded and signed: {known - size} are missing."
            " Restore the newest backup or fail back; nothing is recorded until then."
        )


class LeafAltered(LogInconsistent):
    """Say which recorded event is not what it was."""

    def __init__(self, position: int) -> None:
        super().__init__(
            f"The event at position {position} does not have the hash it was recorded with: it was altered or damaged."
            " Restore it from a backup; nothing is signed until then."
        )


class HashesMissing(LogInconsistent):
    """Say which hashes of the tree are not stored."""

    def __init__(self, level: int, first: int, count: int, *, found: int) -> None:
        super().__init__(
            f"Of {count} hashes of level {level} from {first} on, {found} are stored: restore the ledger's schema."
        )


class LogDiffers(LogInconsistent):
    """Say at which size the log has another root than the one that was signed."""

    def __init__(self, size: int) -> None:
        super().__init__(
            f"The first {size} events are not those that were signed: this database is not the one this log was"
            " signed over, or it was altered. Restore the right one; nothing is recorded or signed until then."
        )
