"""Name what is kept of webhooks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from treaty_projector.webhooks.letters import Letter, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Hold one subscription: which changes go where, and how it goes."""

    webhook: str
    url: str
    treaties: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    state: str = "active"
    made_at: dt.datetime | None = None
    emitted_size: int = 0
    delivered_size: int | None = None
    delivered_at: dt.datetime | None = None
    trouble: str | None = None
    attempts: int = 0
    """How often the current delivery failed."""

    due_at: dt.datetime | None = None
    dead: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Hold a webhook that this process, and no other, serves for a while; the fence tells it from later claims."""

    webhook: str
    fence: int
    url: str
    keys: tuple[str, ...] = field(repr=False)
    treaties: tuple[str, ...]
    participants: tuple[str, ...]
    place: Place
    told_size: int
    told_healing: int
    """The last healing that was looked through for it."""


@dataclass(frozen=True, slots=True)
class Due:
    """Hold a letter and how many attempts it has behind it."""

    letter: Letter
    attempts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """Hold a delivery that was given up."""

    delivery: str
    webhook: str
    from_size: int
    to_size: int
    attempts: int
    made_at: dt.datetime
    trouble: str | None
