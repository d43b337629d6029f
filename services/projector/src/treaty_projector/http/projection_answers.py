"""Describe what the projection tells of itself, for the API document."""

from __future__ import annotations

from pydantic import BaseModel

from treaty_projector.http.answers import Instant


class QuarantinedAnswer(BaseModel):
    """Name a treaty whose entries from a position on are not folded, and why."""

    treaty: str
    since: int
    reason: str


class ProjectionAnswer(BaseModel):
    """Say how far the projection has come, and what it computed over what it applied."""

    size: int
    root: str
    checkpoint: str | None
    lag: int
    lag_seconds: int
    ledger_size: int
    recorded_at: Instant | None
    digest: str
    generation: int
    law: int
    problem: str | None
    trouble: str | None
    quarantined: list[QuarantinedAnswer]
    quarantined_count: int
