"""Name the parts of the documents that are published from."""

from __future__ import annotations

from typing import NotRequired, TypedDict

SpellDocument = TypedDict("SpellDocument", {"consent": str, "from": str, "until": str | None})
"""One stay on the axis of consent."""

StepDocument = TypedDict("StepDocument", {"from": str, "stage": str, "effective_on": str | None})
"""What could be said of an exit from a day on."""

SpanDocument = TypedDict("SpanDocument", {"from": str, "to": str})
"""The days between which the parties are to meet."""


class ExitDocument(TypedDict):
    """One exit, from its notice to its end; one that is shown with a member says whether it is contested."""

    contested: NotRequired[bool]
    stage: str
    notified_on: str | None
    effective_on: str | None
    closed_on: str | None
    computed_on: str | None
    stated_on: str | None
    rule: str | None
    article: str | None
    condition: str | None
    scope: str | None
    conference: SpanDocument | None
    steps: list[StepDocument]
    basis: list[int]


class MembershipDocument(TypedDict):
    """All spells and exits of one participant."""

    spells: list[SpellDocument]
    exits: list[ExitDocument]


class StalenessDocument(TypedDict):
    """Whether a treaty is quarantined, so that what was recorded of it from a position on is not taken into account."""

    stale: bool
    stale_since: int | None
    stale_reason: str | None


class ChangeDocument(StalenessDocument):
    """One change in the record, as /v1/changes lists it, with the treaty's title."""

    treaty: str
    title: str
    participant: str
    name: str
    position: int
    recorded_at: str
    type: str
    before: MembershipDocument | None
    after: MembershipDocument | None


class NoticeDocument(StalenessDocument):
    """One notice of withdrawal, as a calendar shows it."""

    treaty: str
    title: str
    participant: str
    name: str
    position: int
    sequence: int
    status: str
    stage: str
    day: str
    contested: bool
    recorded_at: str
    changed_at: str
    exit: ExitDocument
