"""Hold what the law works on, facts, and what it arrives at: spells, exits and intervals."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from treaty_contracts.events import EventData
from treaty_contracts.final_clauses import FinalClauses
from treaty_contracts.names import first_day
from treaty_projector.law.anomalies import Anomaly
from treaty_projector.law.decisive import decisive_day
from treaty_projector.law.periods import Period, earliest


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

    def agree_with(self, others: TreatyRules, *, since: dt.date, until: dt.date) -> bool:
        """Tell whether other rules mean the same to one whose first consent and last act were on these days.

        To one who consents later it does not matter when the treaty entered into force, unless a notice is to come so
        long after that; nor does what begins or ends after the last act.
        """
        if self.in_force_from != others.in_force_from:
            both = {self.in_force_from or dt.date.max, others.in_force_from or dt.date.max}
            if since <= max(both) or any(_counts_from_entry(version.clauses) for version in self.versions):
                return False
        ends_on = earliest(self.ends_on, others.ends_on)
        if self.ends_on != others.ends_on and ends_on is not None and ends_on <= until:
            return False
        return self.versions == others.versions or self._versions(until) == others._versions(until)

    def _versions(self, until: dt.date) -> list[ClausesVersion]:
        return [version for version in self.versions if version.from_ is None or version.from_ <= until]


def _counts_from_entry(clauses: FinalClauses) -> bool:
    condition = None if clauses.withdrawal is None else clauses.withdrawal.admissible_after
    return condition is not None and condition.anchor == "entry_into_force"


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
