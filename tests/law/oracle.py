"""Answer by going through the calendar day by day: naive, slow, and written apart from the law it checks.

It knows the plain rules only: signature, deposit, entry into force, joining, notice, revocation, completion,
rejoining, decisions of an organ, and supersession of records. Days are exact, and every fact has one source.
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from builders import Event
from law.naive_calendar import ONE, effect
from law.naive_records import Clause, alive, entry_into_force, part, when

Answer: TypeAlias = tuple[str, str | None, str | None]
"""Consent, stage of a pending exit, and its day of effect."""

LAST = dt.date(2013, 1, 1)
RANKS = {
    "participation.ceased": 0,
    "withdrawal.completed": 1,
    "consent.withdrawn": 2,
    "signature.affixed": 3,
    "instrument.deposited": 4,
    "withdrawal.notified": 5,
    "withdrawal.revoked": 6,
}


@dataclass(eq=False)
class Clock:
    day: dt.date | None


def ask(events: Sequence[Event], participant: str, days: Iterable[dt.date]) -> list[Answer]:
    """Return where a participant stands on each of these days, in order, according to these records."""
    living = alive(events)
    registration = next((data for type_, data in living if type_ == "treaty.registered"), None)
    if registration is None:
        return [("none", None, None) for _ in days]
    clauses = part(registration["clauses"])
    done = [event for event in living if event[1].get("participant") == participant]
    life = Life(clauses, entry_into_force(clauses, living), done)
    asked = sorted(days)
    seen: dict[dt.date, tuple[str, list[Clock]]] = {}
    today = dt.date(1998, 12, 1)
    while today < LAST:
        life.live(today)
        seen[today] = (life.consent(today), list(life.clocks))
        today += ONE
    return [answer(*seen[day]) for day in asked]


def answer(consent: str, clocks: Sequence[Clock]) -> Answer:
    """Return the answer for a day, once it is known what became of the notices pending on it."""
    if not clocks:
        return consent, None, None
    shown = min((clock.day for clock in clocks if clock.day is not None), default=None)
    return consent, "notified", None if shown is None else shown.isoformat()


@dataclass
class Life:
    clauses: Clause
    in_force: dt.date | None
    acts: list[Event]
    signed: bool = False
    former: bool = False
    bound: bool = False
    party_from: dt.date | None = None
    has_left: bool = False
    has_revoked: bool = False
    waiting: dt.date | None = None
    clocks: list[Clock] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dated = [(when(t, d, self.clauses), t, d) for t, d in self.acts if t in RANKS]
        self.days = {day for day, _, _ in self.dated}

    def consent(self, today: dt.date) -> str:
        if self.bound:
            return "party" if self.is_party(today) else "contracting"
        return "former" if self.former else "signatory" if self.signed else "none"

    def is_party(self, today: dt.date) -> bool:
        return self.bound and self.party_from is not None and self.party_from <= today

    def live(self, today: dt.date) -> None:
        """Let a day pass: what falls due happens before what is done, and again after it."""
        self.fall_due(today)
        ranks = {**RANKS, "withdrawal.notified": 3.5} if self.is_party(today) else RANKS
        todays = [
            (ranks[t], json.dumps(d), t, d) for t, d in self.acts if t in RANKS and when(t, d, self.clauses) == today
        ]
        for _, _, type_, data in sorted(todays, key=lambda act: act[:2]):
            self.fall_due(today)
            getattr(self, type_.split(".")[1])(today, part(data))
        self.fall_due(today)

    def fall_due(self, today: dt.date) -> None:
        for clock in [clock for clock in self.clocks if clock.day is not None and clock.day <= today]:
            if clock in self.clocks:
                clock.day = self.said_later(today) or clock.day
                if clock.day == today:
                    self.leave(today)

    def said_later(self, today: dt.date) -> dt.date | None:
        """Return the day the depositary names for this exit, before anything new begins."""
        for day in sorted(day for day in self.days if day >= today):
            done = [(t, d) for on, t, d in self.dated if on == day]
            if day > today and any(t == "withdrawal.completed" and d["asserted_by"] == "depositary" for t, d in done):
                return day
            new = {"instrument.deposited"} if day == today else {"instrument.deposited", "withdrawal.notified"}
            if any(t in new for t, _ in done):
                return None
        return None

    def leave(self, today: dt.date) -> None:
        self.former = self.former or (self.party_from is not None and self.party_from < today)
        self.bound, self.has_left, self.clocks = False, True, []
        if self.waiting is not None:
            self.begin(today, self.waiting)
            self.waiting = None

    def begin(self, today: dt.date, received: dt.date) -> None:
        self.bound, self.has_revoked, self.party_from = True, False, None
        joining = part(self.clauses.get("joining"))
        own = effect(part(joining["delay"]), received) if joining else received
        if own is not None and self.in_force is not None:
            self.party_from = max(own, self.in_force, today)

    def affixed(self, _today: dt.date, _data: Clause) -> None:
        self.signed = self.signed or not (self.bound or self.former)

    def deposited(self, today: dt.date, _data: Clause) -> None:
        if not self.bound:
            self.begin(today, today)
        elif self.clocks and self.waiting is None:
            self.waiting = today

    def withdrawn(self, today: dt.date, _data: Clause) -> None:
        self.bound = self.bound and self.is_party(today)

    def notified(self, today: dt.date, data: Clause) -> None:
        clause = part(self.clauses.get("withdrawal"))
        rule = part(clause.get("notice") or {"rule": "no_clause"})
        if not self.is_party(today) or (rule["rule"] == "window" and effect(rule, today) is None):
            return
        computed = effect(rule, today)
        stated = dt.date.fromisoformat(str(data["states_effective_on"])) if "states_effective_on" in data else None
        prints_last = rule.get("boundary") == "end_of_day" and computed is not None and stated == computed - ONE
        near = computed is not None and stated is not None and abs((stated - computed).days) <= 1
        later = stated is not None and (computed is None or (bool(clause["later_date_allowed"]) and stated > computed))
        usable = stated is not None and stated >= today and not prints_last and (near or later)
        self.clocks.append(Clock(stated if usable else computed))

    def revoked(self, _today: dt.date, _data: Clause) -> None:
        self.has_revoked = self.has_revoked or bool(self.clocks)
        if self.clocks:
            self.clocks, self.waiting = [], None

    def completed(self, today: dt.date, data: Clause) -> None:
        if self.clocks:
            due = min(self.clocks, key=lambda clock: clock.day or LAST)
            printed = part(part(self.clauses.get("withdrawal")).get("notice")).get("boundary") == "end_of_day"
            if printed and due.day == today + ONE:
                return
            if due.day is None or data["asserted_by"] == "depositary":
                due.day = today
                self.leave(today)
        elif self.bound and not self.has_revoked and (self.is_party(today) or not self.has_left):
            self.leave(today)

    def ceased(self, today: dt.date, _data: Clause) -> None:
        if self.bound:
            self.waiting = None
            self.leave(today)
