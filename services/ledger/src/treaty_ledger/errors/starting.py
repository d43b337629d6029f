"""Why the service does not start, in one line that says what to do."""

from treaty_ledger.errors.root import LedgerError
from treaty_ledger.errors.unavailable import LogInconsistent


class CannotStart(LedgerError):
    """Say in one line why the service does not start."""


class AddressTaken(CannotStart):
    """Say that the address cannot be listened on."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: {reason}. Set TREATY_LEDGER_PORT to another port.")


class DatabaseUnreachable(CannotStart):
    """Say that there is no connection to the database."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Cannot reach the database: {reason}. Is TREATY_DATABASE_URL right?")


class NotMigrated(CannotStart):
    """Say that the database lacks the ledger's tables."""

    def __init__(self, found: str | None) -> None:
        state = f"is at {found}" if found else "has no schema `ledger`"
        super().__init__(f"The database {state}: run `alembic -c migrations/alembic.ini -n ledger upgrade head`.")


class OpenToStrangers(CannotStart):
    """Say that strangers could record."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"On {host} others than this machine could record without saying who they are:"
            " leave TREATY_LEDGER_AUTHENTICATION=none out, or listen on 127.0.0.1."
        )


class ReadsOpenToAll(CannotStart):
    """Say that two settings contradict each other."""

    def __init__(self) -> None:
        super().__init__(
            "TREATY_LEDGER_PUBLIC_READS=false has no effect with TREATY_LEDGER_AUTHENTICATION=none: leave one out."
        )


class NobodyMayRecord(CannotStart):
    """Say that nobody could be let in, and how to make a key."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"On {host} a ledger wants to know who records, and it knows nobody: make a key with"
            " `treaty-ledger keys api add NAME --scope events:append`, name an issuer in TREATY_LEDGER_OIDC_ISSUER, or"
            " set TREATY_LEDGER_AUTHENTICATION=required to start without."
        )


class KeyUnusable(CannotStart):
    """Say what is wrong with the signing key."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"Cannot sign with the key in {where}: {reason}.")


class KeyMissing(CannotStart):
    """Say that the key which signed this log is not there."""

    def __init__(self, where: str, origin: str) -> None:
        super().__init__(
            f"The log {origin} was signed before, but its key is not in {where}: put it there, or set"
            " TREATY_LEDGER_STATE_DIR to where it is."
        )


class GuardMissing(CannotStart):
    """Say that what was signed last is not known."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The log was signed before, but the guard {where} that knows its last size is missing: restore it, or, if"
            " this database is surely the newest, run `treaty-ledger guard accept`."
        )


class NotExtended(CannotStart):
    """Say how the database contradicts what was signed."""

    def __init__(self, contradiction: LogInconsistent) -> None:
        super().__init__(str(contradiction))


class GuardUnusable(CannotStart):
    """Say why the guard cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"Cannot use the signing guard {where}: {reason}.")


class LogUnnamed(CannotStart):
    """Say that nothing was signed over the database yet."""

    def __init__(self) -> None:
        super().__init__("This database has no log yet: start the ledger once, or run `treaty-ledger keys make NAME`.")


class EventsGivenUp(CannotStart):
    """Say how many signed events a database lacks."""

    def __init__(self, missing: int) -> None:
        super().__init__(
            f"This database lacks {missing} events that were signed: look for a newer backup or a standby that has"
            f" them; if there is none, run `treaty-ledger guard accept --giving-up {missing}`."
            if missing
            else "This database lacks nothing that was signed: leave --giving-up out."
        )


class OtherLog(CannotStart):
    """Say that the key belongs to another log than the database."""

    def __init__(self, origin: str, *, key: str) -> None:
        super().__init__(f"This database holds the log {origin}, but the key signs {key}: use the key of this log.")


class UnknownFailpoint(CannotStart):
    """Say that a place to fail at is none."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text!r} is no failpoint: leave TREATY_LEDGER_FAILPOINTS out, or write place:action:when as"
            " docs/faults.md tells."
        )
