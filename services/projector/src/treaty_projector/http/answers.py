"""Describe the answers for the OpenAPI document: every field is always there."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Day = Annotated[str, Field(json_schema_extra={"format": "date"})]
Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Positions = list[int]


class Answer(BaseModel):
    """Say which day and which state of the record the answer is about."""

    model_config = ConfigDict(extra="allow")

    as_of: Day
    known_at: Instant | None
    known_size: int


class Staleness(BaseModel):
    """Say whether a treaty is quarantined for the size that the answer is about.

    Then its rows are those of the first `stale_since` entries: later ones of it are kept, and not folded yet. Lists are
    stale where something of one treaty may be missing, or be as it was.
    """

    stale: bool
    stale_since: int | None
    stale_reason: str | None


class Counts(BaseModel):
    """Count who stands where."""

    party: int
    contracting: int
    signatory: int
    former: int
    pending_exit: int
    signalled: int


class Conference(BaseModel):
    """Name the days between which the parties are to meet."""

    model_config = ConfigDict(populate_by_name=True)

    from_: Day = Field(alias="from")
    to: Day


class ExitAnswer(BaseModel):
    """Say how far an exit has come; only a formal notice has a day of effect."""

    stage: Literal["announced", "domestic", "notified", "held", "premature", "contested"]
    since: Day
    notified_on: Day | None
    effective_on: Day | None
    days_left: int | None
    computed_on: Day | None
    stated_on: Day | None
    rule: str | None
    article: str | None
    condition: str | None
    conference: Conference | None
    contested: bool
    basis: Positions


class MemberAnswer(BaseModel):
    """Say where one participant stands."""

    participant: str
    name: str
    kind: str
    consent: Literal["none", "signatory", "contracting", "party", "former"]
    since: Day | None
    until: Day | None
    mode: str | None
    provisional: bool
    operation: Literal["in_operation", "provisionally_applied", "suspended"]
    exit: ExitAnswer | None
    contested: bool
    approximate: bool
    basis: Positions


class MembersAnswer(Answer, Staleness):
    """List who stands where in one treaty."""

    treaty: str
    counts: Counts
    members: list[MemberAnswer]
    next: str | None


class MemberOfAnswer(MemberAnswer, Staleness):
    """Say where one participant stands in one treaty."""

    treaty: str


class AllMembersAnswer(Answer, Staleness):
    """List who stands where in every treaty."""

    members: list[MemberOfAnswer]
    next: str | None


class HeldMembershipAnswer(MemberOfAnswer):
    """Say where one participant stood on some days, according to a log of some sizes; both ends are half-open."""

    valid_from: Day
    valid_to: Day | None
    known_from: int
    known_from_at: Instant | None
    known_to: int | None
    known_to_at: Instant | None


class MembershipsAnswer(Answer, Staleness):
    """List every membership that was ever known."""

    memberships: list[HeldMembershipAnswer]
    next: str | None


class SpellAnswer(BaseModel):
    """Name one stay; `until` is the first day without it."""

    consent: str
    from_: Day = Field(alias="from")
    until: Day | None
    mode: str
    approximate: bool
    basis: Positions


class StandingAnswer(Answer, Staleness):
    """Tell everything about one participant in one treaty."""

    treaty: str
    participant: str
    current: MemberAnswer
    spells: list[SpellAnswer]
    exits: list[dict[str, object]]
    operation: list[dict[str, object]]
    reservations: list[dict[str, object]]
    territories: list[dict[str, object]]
    disputes: list[dict[str, object]]
    anomalies: list[dict[str, object]]


class StepAnswer(BaseModel):
    """Name one step of an explanation."""

    position: int | None
    type: str | None
    on: str
    """A day, or as much of it as a dispute states: YYYY-MM-DD, YYYY-MM or YYYY."""

    rule: str
    article: str | None
    says: str


class ConclusionAnswer(MemberAnswer):
    """Say where one participant stands, in a sentence too."""

    says: str


class ExplanationAnswer(Answer, Staleness):
    """Explain where one participant stands."""

    treaty: str
    participant: str
    conclusion: ConclusionAnswer
    because: list[StepAnswer]


class MembershipAnswer(BaseModel):
    """Tell all spells and exits of one participant."""

    spells: list[SpellAnswer]
    exits: list[dict[str, object]]


class ChangeAnswer(Staleness):
    """Name one change in the record, with what was known before and after it."""

    treaty: str
    participant: str
    name: str
    position: int
    recorded_at: Instant
    type: str
    before: MembershipAnswer | None
    after: MembershipAnswer | None


class ChangesAnswer(Answer, Staleness):
    """List changes in the record, in the order of recording."""

    from_size: int
    to_size: int
    changes: list[ChangeAnswer]
    next: str | None


class TreatySummary(Staleness):
    """Name a treaty, with how many stand where."""

    treaty: str
    title: str
    short_title: str | None
    kind: str
    in_force_from: Day | None
    terminated_on: Day | None
    counts: Counts


class TreatiesAnswer(Answer, Staleness):
    """List treaties."""

    treaties: list[TreatySummary]
    next: str | None


class TreatyAnswer(Answer, TreatySummary):
    """Tell what is known of one treaty."""

    adopted_on: str | None
    depositaries: list[str]
    identifiers: dict[str, str]
    clauses: dict[str, object]


class PendingExitAnswer(ExitAnswer, Staleness):
    """Name one exit that has not taken effect."""

    treaty: str
    title: str
    participant: str
    name: str
    consent: str
    days_since: int


class PendingExitsAnswer(Answer, Staleness):
    """List exits that have not taken effect."""

    pending_exits: list[PendingExitAnswer]
    next: str | None


class AnomalyAnswer(Staleness):
    """Name one fact without the effect one might expect."""

    treaty: str
    participant: str | None
    reason: str
    position: int
    detail: str


class AnomaliesAnswer(Answer, Staleness):
    """List facts without the effect one might expect."""

    anomalies: list[AnomalyAnswer]
    next: str | None


class HistoryAnswer(Answer, Staleness):
    """Tell what happened, in legal order."""

    treaty: str
    history: list[dict[str, object]]
    next: str | None


class TreatiesOfAnswer(Answer, Staleness):
    """List where one participant stands."""

    participant: str
    name: str
    treaties: list[dict[str, object]]
    next: str | None
