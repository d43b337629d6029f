"""Read what the projector answers, as far as a table shows it; members beyond these are ignored."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Be a frozen part of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Exit(Answer):
    """Say how far a member's exit has come."""

    stage: str
    notified_on: str | None = None
    effective_on: str | None = None
    days_left: int | None = None


class Member(Answer):
    """Say where one participant stands towards a treaty."""

    participant: str
    name: str
    consent: str
    since: str | None
    until: str | None
    provisional: bool
    operation: str
    exit: Exit | None
    contested: bool


class Members(Answer):
    """List the members of a treaty, and the two clocks that the list was asked by."""

    treaty: str
    as_of: str
    known_at: str | None
    known_size: int
    counts: dict[str, int]
    members: tuple[Member, ...]

    @property
    def parties(self) -> dict[str, str]:
        """Return the names of the parties by their codes."""
        return {member.participant: member.name for member in self.members if member.consent == "party"}


class PendingExit(Answer):
    """Describe a formal notice that has not taken effect, or a signal of one."""

    treaty: str
    title: str | None = None
    participant: str
    name: str
    stage: str
    notified_on: str | None = None
    effective_on: str | None = None
    days_left: int | None = None
    since: str | None = None
    days_since: int | None = None
    article: str | None = None
    condition: str | None = None
    contested: bool = False


class PendingExits(Answer):
    """List pending exits by the day they take effect."""

    as_of: str
    known_size: int
    pending_exits: tuple[PendingExit, ...]


class Happening(Answer):
    """Tell one thing that happened to a treaty, and what it changed; what time alone brought about has no position."""

    on: str | None
    position: int | None
    type: str
    participant: str | None = None
    name: str | None = None
    says: str
    effect: str | None = None


class History(Answer):
    """Tell everything that happened to a treaty, in legal order."""

    treaty: str
    as_of: str
    known_size: int
    history: tuple[Happening, ...]


class Quarantined(Answer):
    """Name a treaty that the projector does not fold from a position on."""

    treaty: str
    since: int
    reason: str


class Projection(Answer):
    """Say how far a projector has come, and what it computed over what it applied."""

    size: int
    root: str | None = None
    checkpoint: str | None = None
    lag: int | None = None
    digest: str | None = None
    quarantined: tuple[Quarantined, ...] = ()
    law: int | None = None


class LogSize(Answer):
    """Say how many events the ledger holds."""

    size: int
