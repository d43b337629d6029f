"""Account for every row: posted, already there, told within another row's event, or rejected with its reason."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from treaty_contracts.canonical import JSON, JsonObject
from treaty_standalone.importing.errors import RowRejected, UnknownParticipant


class Kind(StrEnum):
    """Name what is posted, in the order in which it is."""

    PARTICIPANTS = "participants"
    TREATIES = "treaties"
    ENTRIES_INTO_FORCE = "entries_into_force"
    ACTIONS = "actions"


@dataclass(slots=True)
class Tally:
    """Count the rows of one kind by what became of them."""

    read: int = 0
    posted: int = 0
    already_there: int = 0
    joined: int = 0
    rejected: int = 0

    def as_json(self) -> JsonObject:
        """Return the counts as a JSON object."""
        return {
            "read": self.read,
            "posted": self.posted,
            "already_there": self.already_there,
            "joined": self.joined,
            "rejected": self.rejected,
        }


@dataclass(frozen=True, slots=True)
class Rejection:
    """Say why a row, or a part of it, was not recorded."""

    kind: Kind
    row: int
    says: str
    reason: str
    detail: str

    def as_json(self) -> JsonObject:
        """Return the rejection as a JSON object."""
        return {
            "table": self.kind.value,
            "row": self.row,
            "says": self.says,
            "reason": self.reason,
            "detail": self.detail,
        }


@dataclass(slots=True)
class Consents:
    """Count consents, and those of which the table does not say from when they bind."""

    read: int = 0
    open: Counter[str] = field(default_factory=Counter)
    """By the name of the table."""
    treaties: set[str] = field(default_factory=set)

    def as_json(self) -> JsonObject:
        """Return the counts as a JSON object."""
        by_table: dict[str, JSON] = dict(sorted(self.open.items()))
        return {"read": self.read, "without_effect": by_table, "treaties_without_effect": len(self.treaties)}


@dataclass(slots=True)
class Account:
    """Gather what becomes of the rows while they are imported."""

    tallies: dict[Kind, Tally] = field(default_factory=lambda: {kind: Tally() for kind in Kind})
    rejections: list[Rejection] = field(default_factory=list)
    remarks: list[Rejection] = field(default_factory=list)
    """Parts of rows that were left out, while the rows themselves were posted."""
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many rows name which unknown code and name."""
    unlisted: Counter[str] = field(default_factory=Counter)
    """How many rows are about which treaty that the table of treaties lacks."""
    consents: Consents = field(default_factory=Consents)
    positions: set[int] = field(default_factory=set)
    """Where in the log the events of this import stand."""

    @property
    def recorded(self) -> int:
        """Return how many events the ledger holds of this import."""
        return sum(tally.posted + tally.already_there for tally in self.tallies.values())

    def read(self, kind: Kind) -> None:
        """Count one row as read."""
        self.tallies[kind].read += 1

    def join(self, kind: Kind) -> None:
        """Count one row as told within another row's event."""
        self.tallies[kind].joined += 1

    def record(self, kind: Kind, *, position: int | None, replayed: bool) -> None:
        """Count one row as recorded, now or before; without a position nothing was posted yet."""
        if replayed:
            self.tallies[kind].already_there += 1
        else:
            self.tallies[kind].posted += 1
        if position is not None:
            self.positions.add(position)

    def reject(self, kind: Kind, row: int, says: str, error: RowRejected) -> None:
        """Count one row as rejected, and keep the reason."""
        self.tallies[kind].rejected += 1
        self.rejections.append(Rejection(kind, row, says, error.reason, error.said))
        if isinstance(error, UnknownParticipant):
            self.unknown[error.code, error.name] += 1

    def leave_out(self, kind: Kind, row: int, says: str, error: RowRejected) -> None:
        """Keep the reason why a part of a row was left out."""
        self.remarks.append(Rejection(kind, row, says, error.reason, error.said))

    def by_reason(self) -> Iterator[tuple[str, list[Rejection]]]:
        """Yield each reason with the rows it kept out, the most frequent first."""
        groups: dict[str, list[Rejection]] = {}
        for rejection in (*self.rejections, *self.remarks):
            groups.setdefault(rejection.reason, []).append(rejection)
        yield from sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
