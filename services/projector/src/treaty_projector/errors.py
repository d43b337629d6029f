"""Name what can go wrong in the projector.

ProjectorError
├── DatabaseUnavailable  the database does not answer
├── CursorMoved          another process applied these entries first
├── LeaseLost            another worker has parts of the work that were this one's
├── LogInconsistent      the ledger's log is not what was signed, or not what was proven before
├── UnreadableFact       an entry that this release cannot read as a fact: its treaty is quarantined
├── CannotFold           a treaty that this release cannot fold: it is quarantined
├── StopsHere            nothing from one entry on is applied before the next deploy
│   ├── SchemaTooNew
│   ├── GraphUnreadable
│   └── TooManyQuarantined
├── LedgerUnreachable    the ledger does not answer
│   └── NotPublished     nothing stands at an address where the log should
├── NotSigned            the ledger has recorded more than it signs
├── NotReady             the database is missing or not migrated
├── LawDiffers           the read model was folded by another law
├── GenerationLeft       another generation answers now
├── GenerationRefused    a generation cannot be made, switched to or dropped as things are
├── WebhookRefused       a webhook that cannot be as the operator wants it
├── TargetRefused        a receiver that must not be called
└── Refused              a question that has no answer, for a reason the client can act on
    ├── BeforeHistory
    ├── EditionReplaced     the read model became another one while a list was read
    ├── MalformedParameter
    ├── NotOnRecord
    ├── ProjectionBehind
    ├── TooManyQuestions    no connection is free for it in time
    ├── TooManyStreams
    └── TooManyTables
"""

from __future__ import annotations

WINDOW = 1_000
"""Within how many entries of the log quarantined treaties are counted: neither batches nor restarts show."""

_SHOWN = 200


class ProjectorError(Exception):
    """Root of what the projector raises on purpose; `problem` names its type in `treaty_contracts.problems`."""

    problem = "unavailable"


class DatabaseUnavailable(ProjectorError):
    """Say that the database does not answer now."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"the projector's database does not answer ({reason})")


class CursorMoved(ProjectorError):
    """Say that the cursor is not where this process left it."""

    def __init__(self, expected: int) -> None:
        self.expected = expected
        super().__init__(f"the cursor left {expected}: another projector applied these entries")


class LeaseLost(ProjectorError):
    """Say that parts of the work went to another worker: this one was silent for too long."""

    def __init__(self, parts: int) -> None:
        super().__init__(f"{parts} parts of the work went to another worker: nothing of theirs is written here")


class LogInconsistent(ProjectorError):
    """Say that the ledger's log is not what was signed, or contradicts what was proven before."""

    problem = "log-inconsistent"

    def __init__(self, position: int | None, reason: str) -> None:
        self.position = position
        self.reason = reason if position is None else f"entry {position} {reason}"
        super().__init__(f"{self.problem}: {self.reason}; nothing more is applied, ask whoever runs the ledger")


class UnreadableFact(ProjectorError):
    """Say why an entry of the log is no fact for this release."""

    def __init__(self, position: int, reason: str) -> None:
        self.position = position
        self.reason = reason
        super().__init__(f"entry {position}: {reason}")


class CannotFold(ProjectorError):
    """Say which treaty cannot be folded, and why in one line; the defect itself is the cause."""

    def __init__(self, treaty: str, reason: str, *, via: str | None = None) -> None:
        self.treaty = treaty
        self.reason = reason
        self.via = via
        super().__init__(f"{treaty} cannot be folded: {reason}")

    @classmethod
    def by_defect(cls, treaty: str, defect: Exception) -> CannotFold:
        """Return the error for an exception that nobody raised on purpose."""
        said = " ".join(str(defect).split())[:_SHOWN]
        return cls(treaty, f"a defect of the projector: {type(defect).__name__}: {said}")


class StopsHere(ProjectorError):
    """Root of what stops the projector before an entry until another release is deployed."""


class SchemaTooNew(StopsHere):
    """Say that an entry is written in a schema version that this release does not know."""

    def __init__(self, position: int, type_: str, version: int) -> None:
        super().__init__(
            f"entry {position} is written in schema version {version} of {type_[:_SHOWN]}, which this release does not "
            "know; deploy the projector that knows it: nothing is skipped"
        )


class GraphUnreadable(StopsHere):
    """Say that an entry about the participants cannot be read: it may concern every treaty."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(
            f"entry {position} is about the participants of all treaties and cannot be read: {reason}; "
            "deploy the projector that can: nothing is skipped"
        )


class TooManyQuarantined(StopsHere):
    """Say that so many treaties fail in a row that it is no matter of single treaties."""

    def __init__(self, position: int, most: int, reason: str) -> None:
        super().__init__(
            f"entry {position} would quarantine more than {most} treaties within {WINDOW} entries; the last: {reason}; "
            "deploy a projector without the defect, or raise TREATY_PROJECTOR_QUARANTINE_MOST"
        )


class LedgerUnreachable(ProjectorError):
    """Say that the ledger does not answer, or not with its log."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"the ledger at {url} gives no entries ({reason}); check TREATY_PROJECTOR_LEDGER_URL")


class NotPublished(LedgerUnreachable):
    """Say that nothing stands under a name of the log."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, f"{name} is not there")


class NotSigned(ProjectorError):
    """Say that the ledger has recorded entries, and signs no checkpoint that covers them."""

    def __init__(self, recorded: int, signed: int) -> None:
        super().__init__(f"the ledger has recorded {recorded} entries and signed {signed} of them; look at its /readyz")


class NotReady(ProjectorError):
    """Say in one line what the operator has to do before the projector can start."""


class WebhookRefused(ProjectorError):
    """Say in one line what the operator has to write instead."""


class TargetRefused(ProjectorError):
    """Say why nothing is sent to a host."""

    def __init__(self, host: str, reason: str) -> None:
        super().__init__(f"nothing is sent to {host}: {reason}")


class LawDiffers(ProjectorError):
    """Say that nothing stored was folded by this projector's law: going on would mix two laws."""

    def __init__(self, generation: int, law: int, own: int) -> None:
        super().__init__(
            f"generation {generation} answers by law {law}, and this projector has law {own}: it applies nothing until "
            "treaty-projector rebuild --switch has folded everything anew"
        )


class GenerationLeft(ProjectorError):
    """Say that another generation answers than the one this worker keeps up."""

    def __init__(self, number: int) -> None:
        super().__init__(f"another generation answers now than {number}")


class GenerationRefused(ProjectorError):
    """Say why a generation cannot be made, switched to or dropped, and what to do first."""


class Refused(ProjectorError):
    """Root of refusals: questions that the client may ask again in another way."""


class NotOnRecord(Refused):
    """Say that nothing is on record under that name."""

    problem = "not-found"


class BeforeHistory(Refused):
    """Say that nothing had been recorded by then."""

    problem = "before-history"


class EditionReplaced(Refused):
    """Say that the pages of one list would be of two states of the read model."""

    problem = "unavailable"

    def __init__(self) -> None:
        super().__init__("the read model was replaced or healed while the list was read; ask for it again")


class MalformedParameter(Refused):
    """Say which parameter is not understood, and what to write."""

    problem = "malformed-parameter"

    def __init__(self, name: str, detail: str) -> None:
        self.name = name
        self.reason = detail
        super().__init__(f"{name}: {detail}")


class ProjectionBehind(Refused):
    """Say that the entries asked for are not applied yet."""

    problem = "projection-behind"

    def __init__(self, wanted: int, size: int) -> None:
        super().__init__(f"{size} entries are applied, {wanted} are wanted; ask again")
        self.wanted = wanted
        self.size = size


class TooManyQuestions(Refused):
    """Say that others wait already, and that this question would wait for too long."""

    problem = "unavailable"

    def __init__(self) -> None:
        super().__init__("too many questions wait for an answer; ask again")


class TooManyStreams(Refused):
    """Say that no more live streams are served."""

    problem = "unavailable"

    def __init__(self, limit: int) -> None:
        super().__init__(f"{limit} live streams are open already; ask again later")


class TooManyTables(Refused):
    """Say that as many tables are being sent as may be."""

    problem = "unavailable"

    def __init__(self, sent: int) -> None:
        super().__init__(f"{sent} tables are being sent to others; ask again, or ask for pages of JSON")
