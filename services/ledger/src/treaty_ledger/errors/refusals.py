"""Why an event or a batch is not recorded."""

from collections.abc import Sequence

from treaty_ledger.errors.root import LedgerError


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
