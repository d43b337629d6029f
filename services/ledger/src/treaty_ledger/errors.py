"""Everything the ledger refuses or fails at, as one tree.

LedgerError
├── Refusal                       this event or batch is not recorded
│   ├── EventIdConflict           (source, id) names another content
│   ├── PartlyKnownBatch          some of a batch was recorded before, some was not
│   ├── RepeatedInBatch           (source, id) stands twice in one batch
│   ├── VersionMismatch           the stream is at another version than the writer believes
│   ├── TreatyAlreadyRegistered
│   ├── TreatyNotRegistered
│   ├── UnknownParticipant
│   ├── NotInThisStream           a superseded position that is not one of the stream's
│   ├── AlreadySuperseded
│   ├── RefusedByDatabase         a constraint that no check of ours had foreseen
│   └── RefusedInBatch            any refusal of one event of a batch, with its place
├── BadRequest                    the request is not understood
│   ├── MalformedParameter
│   ├── TooLarge
│   └── UnsupportedMediaType
├── NotFound
├── Unavailable                   not now; the same request may succeed later
│   ├── QueueFull
│   ├── DatabaseUnavailable
│   ├── OutcomeUnknown
│   └── TooManyStreams
└── CannotStart
    ├── AddressTaken
    ├── DatabaseUnreachable
    └── NotMigrated

Reasons that lie in the event alone come from `treaty_contracts.refusals` (MalformedJson, UnknownEventType,
InvalidEvent). `http/problems.py` alone knows which status each has.
"""

from collections.abc import Sequence


class LedgerError(Exception):
    """Say what the ledger refuses or fails at; the message is for people."""


class Refusal(LedgerError):
    """Say why an event or batch is not recorded."""


class EventIdConflict(Refusal):
    """Say where the event that bears this source and id already stands."""

    def __init__(self, source: str, id_: str, *, position: int) -> None:
        super().__init__(
            f"The event {id_!r} of {source!r} is recorded at position {position} with another content:"
            " give a new fact a new id."
        )
        self.position = position


class PartlyKnownBatch(Refusal):
    """Say which events of a batch were recorded before while others were not."""

    def __init__(self, positions: Sequence[int]) -> None:
        shown = ", ".join(map(str, positions[:10])) + (" …" if len(positions) > 10 else "")  # noqa: PLR2004
        super().__init__(
            f"Some events of this batch are recorded already (positions {shown}) and others are not, so that it"
            " cannot be recorded as one: leave the recorded ones out, or post JSON Lines."
        )
        self.positions = tuple(positions)


class RepeatedInBatch(Refusal):
    """Say which event stands twice in one batch."""

    def __init__(self, source: str, id_: str) -> None:
        super().__init__(f"The event {id_!r} of {source!r} stands twice in this batch.")


class VersionMismatch(Refusal):
    """Say at which version the stream is."""

    def __init__(self, stream: str, *, expected: int, actual: int) -> None:
        believed = f"is at version {expected}" if expected else "does not exist"
        found = f"it is at version {actual}" if actual else "it does not exist"
        super().__init__(f"You believe that {stream} {believed}; {found}.")
        self.expected = expected
        self.actual = actual


class TreatyAlreadyRegistered(Refusal):
    """Say that the treaty's stream was started before."""

    def __init__(self, treaty: str) -> None:
        super().__init__(f"The treaty {treaty} is registered already; its record goes on with other events.")
        self.treaty = treaty


class TreatyNotRegistered(Refusal):
    """Say that the treaty's stream has not been started."""

    def __init__(self, treaty: str) -> None:
        super().__init__(f"The treaty {treaty} is not registered: record treaty.registered first.")
        self.treaty = treaty


class UnknownParticipant(Refusal):
    """Say which code nobody introduced."""

    def __init__(self, code: str, *, pointer: str) -> None:
        super().__init__(f"No participant has the code {code}: introduce it by participant.registered first.")
        self.code = code
        self.pointer = pointer
        self.advice = "use a known participant's code"


class NotInThisStream(Refusal):
    """Say that a position is not one of the stream's."""

    pointer = "/data/position"

    def __init__(self, stream: str, position: int) -> None:
        super().__init__(f"Position {position} is not a record of {stream}.")
        self.position = position
        self.advice = f"name a position of {stream}"


class AlreadySuperseded(Refusal):
    """Say that a record was superseded before."""

    def __init__(self, position: int) -> None:
        super().__init__(f"The record at position {position} is superseded already: supersede its replacement instead.")
        self.position = position


class RefusedByDatabase(Refusal):
    """Say in the database's words why it does not store an event."""


class RefusedInBatch(Refusal):
    """Say which event of a batch is refused, and why."""

    def __init__(self, index: int, cause: Exception) -> None:
        super().__init__(f"Event {index + 1} of the batch: {cause}")
        self.index = index
        self.cause = cause


class BadRequest(LedgerError):
    """Say what in the request is not understood."""


class MalformedParameter(BadRequest):
    """Say which parameter or header is not understood."""

    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}.")
        self.name = name


class TooLarge(BadRequest):
    """Say how large a body, an event or a batch may be."""

    def __init__(self, what: str, limit: str) -> None:
        super().__init__(f"{what} may have at most {limit}.")


class UnsupportedMediaType(BadRequest):
    """Say what is accepted instead."""

    def __init__(self, reason: str, *, accepted: Sequence[str]) -> None:
        super().__init__(f"{reason}. Accepted: {', '.join(accepted)}; in UTF-8, not compressed.")
        self.accepted = tuple(accepted)


class NotFound(LedgerError):
    """Say what there is not."""

    def __init__(self, what: str) -> None:
        super().__init__(f"There is no {what}.")


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
