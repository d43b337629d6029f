"""Hold what the law works on, facts, and what it arrives at: spells, exits and intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from treaty_contracts.events import EventData
from treaty_contracts.final_clauses import FinalClauses
from treaty_contracts.names import first_day
from treaty_projector.law.anomalies import Anomaly
from treaty_projector.law.decisive import decisive_day
from treaty_projector.law.periods import Period


class Consent(StrEnum):
    """Name where a participant stands on the axis of consent: VCLT Art. 2(1)(f), (g)."""

    NONE = "none"
    SIGNATORY = "signatory"
    CONTRACTING = "contracting"
    PARTY = "party"
    FORMER = "former"


class Stage(StrEnum):
    """Name how far an exit has come; only a formal notice starts a clock."""

    ANNOUNCED = "announced"
    DOMESTIC = "domestic"
    NOTIFIED = "notified"
    HELD = "held"
    PREMATURE = "premature"
    CONTESTED = "contested"
    EFFECTIVE = "effective"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Fact:
    """Hold one recorded fact as the law reads it.

    `key` is its canonical content: it orders the facts of one day, so that no answer depends on the order of recording.
    """

    position: int
    type: str
    data: EventData
    source: str
    key: str
    also: tuple[int, ...] = ()
    """Positions of weaker reports of the same act."""
    stated_on: str | None = field(init=False)
    """The decisive day as it was posted; None where the fact has none."""
    day: dt.date = field(init=False)
    """The day on which the fact counts: the first possible one of an imprecise date."""

    def __post_init__(self) -> None:
        stated = decisive_day(self.data)
        object.__setattr__(self, "stated_on", stated)
        object.__setattr__(self, "day", dt.date.min if stated is None else first_day(stated))

    @property
    def basis(self) -> tuple[int, ...]:
        """Return the positions that this fact stands for: its own and those of weaker reports."""
        return (self.position, *self.also)


@dataclass(frozen=True, slots=True)
class ClausesVersion:
    """Hold the final clauses in force from a day on; None means from the beginning."""

    from_: dt.date | None
    clauses: FinalClauses


@dataclass(frozen=True, slots=True)
class TreatyRules:
    """Hold what the treaty's own life means for each participant."""

    versions: tuple[ClausesVersion, ...] = (ClausesVersion(None, FinalClauses()),)
    in_force_from: dt.date | None = None
    ends_on: dt.date | None = None
    """The day of termination or expiry that does not depend on who is still a party."""

    def clauses(self, day: dt.date) -> FinalClauses:
        """Return the clauses in force on that day."""
        return next(v.clauses for v in reversed(self.versions) if v.from_ is None or v.from_ <= day)

    def until(self, day: dt.date) -> TreatyRules:
        """Return what of the rules matters to acts up to that day: clauses of later days do not."""
        return replace(self, versions=tuple(v for v in self.versions if v.from_ is None or v.from_ <= day))


@dataclass(frozen=True, slots=True)
class Spell:
    """Hold one stay on the axis of consent; a re-accession opens a new one."""

    consent: Consent
    period: Period
    mode: str
    basis: tuple[int, ...]
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class ExitStep:
    """Hold what could be said of a pending exit from a day on."""

    from_: dt.date
    stage: Stage
    effective_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Exit:
    """Hold the whole life of one notice of withdrawal, or of an exit by decision."""

    notified_on: dt.date | None
    effective_on: dt.date | None
    computed_on: dt.date | None
    stated_on: dt.date | None
    rule: str | None
    article: str | None
    condition: str | None
    scope: str | None
    conference: Period | None
    steps: tuple[ExitStep, ...]
    closed_on: dt.date | None
    """The day it took effect, was revoked or was overtaken."""
    outcome: Stage | None
    basis: tuple[int, ...]
    approximate: bool = False
    companions_until: dt.date | None = None
    """The day up to which others may follow with the same day of effect."""
    survival: str | None = None
    """How long obligations survive the exit, as a duration."""
    alternatives: tuple[tuple[str, str], ...] = ()
    """Other days of effect, each under a condition, as the last extension states them."""
    via: tuple[str, ...] = ()
    """The treaties whose exit this one follows, the nearest first; empty for an exit from this treaty itself."""


Causes = Mapping[str, tuple[Exit, ...]]
"""For each participant, its exits from treaties with which this one falls; `via` names the treaty first."""


@dataclass(frozen=True, slots=True)
class Signal:
    """Hold a political or domestic sign of an exit; it starts no clock."""

    stage: Stage
    period: Period
    since: dt.date
    basis: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """Hold a period in which the treaty does not operate for a participant, or operates provisionally."""

    kind: str
    period: Period
    towards: tuple[str, ...]
    scope: str | None
    basis: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Hold who disputes what, and until when."""

    kind: str
    by: str
    on: str
    period: Period
    about: int | None
    against: str | None
    claims_effective_on: str | None
    provisions: tuple[str, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Note:
    """Hold a fact that is shown with the membership and changes none: a reservation, a territory, an appeal."""

    kind: str
    on: str | None
    values: tuple[tuple[str, str], ...]
    position: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Hold everything concluded of one participant in one treaty."""

    participant: str
    spells: tuple[Spell, ...] = ()
    exits: tuple[Exit, ...] = ()
    signals: tuple[Signal, ...] = ()
    operation: tuple[Interval, ...] = ()
    disputes: tuple[Dispute, ...] = ()
    reservations: tuple[Note, ...] = ()
    territories: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()


@dataclass(frozen=True, slots=True)
class TreatyState:
    """Hold everything concluded of one treaty from a set of facts."""

    treaty: str
    registration: Fact | None = None
    rules: TreatyRules = field(default_factory=TreatyRules)
    terminated_on: dt.date | None = None
    standings: Mapping[str, Standing] = field(default_factory=dict)
    anomalies: tuple[Anomaly, ...] = ()
