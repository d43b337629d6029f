"""Walk the facts of one participant in legal order and conclude where it stands, day by day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from treaty_contracts.events import ParticipationCeased, WithdrawalExtended
from treaty_contracts.names import first_day
from treaty_projector.law import operation
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.consent import ConsentAct, Successions, consent_act, expresses_consent
from treaty_projector.law.days import legal_day
from treaty_projector.law.exits import PendingExit, exit_by_decision, is_partial, premature_exit
from treaty_projector.law.periods import Period
from treaty_projector.law.spells import SpellBook
from treaty_projector.law.state import Exit, Fact, Stage, Standing, TreatyRules
from treaty_projector.law.supersession import strongest_claims
from treaty_projector.law.withdrawal import Membership, Notice, assess, counted_receipt, held_by_conflict

_ENDS_BEFORE_BEGINS = {
    "participation.ceased": 0,
    "withdrawal.completed": 1,
    "consent.withdrawn": 2,
    "signature.affixed": 3,
    "instrument.deposited": 4,
    "withdrawal.notified": 5,
    "withdrawal.extended": 6,
    "withdrawal.suspended": 7,
    "withdrawal.revoked": 8,
}
"""The acts that move a participant, in the order in which those of one day count."""


def conclude(participant: str, facts: Iterable[Fact], rules: TreatyRules, *, successions: Successions) -> Standing:
    """Return where the participant stands, on every axis, according to these facts."""
    counted = strongest_claims(facts)
    walk = Walk(participant, rules, successions, conflicts=operation.armed_conflicts(counted))
    walk.take([fact for fact in counted if fact.type in _ENDS_BEFORE_BEGINS])
    return Standing(
        participant=participant,
        spells=walk.book.spells(),
        exits=walk.closed_exits(),
        signals=operation.signals(counted, consumed_on=walk.borders),
        operation=operation.suspensions(counted) + operation.provisional_applications(counted),
        disputes=operation.disputes(counted),
        reservations=operation.reservations(counted),
        territories=operation.territories(counted),
        remarks=operation.remarks(counted),
        anomalies=tuple(sorted(walk.anomalies)),
    )


class Walk:
    """Hold one participant's standing while its acts are taken one by one, in legal order."""

    def __init__(
        self, participant: str, rules: TreatyRules, successions: Successions, *, conflicts: Sequence[Period]
    ) -> None:
        self.book = SpellBook()
        self.anomalies: list[Anomaly] = []
        self.borders: list[dt.date] = []
        """Days on which a formal notice or an end consumed what had only been announced."""
        self._participant = participant
        self._rules = rules
        self._successions = successions
        self._conflicts = conflicts
        self._exits: list[Exit] = []
        self._pending: list[PendingExit] = []
        self._completions: dict[int, Fact] = {}
        self._spoken_about: dict[int, int] = {}
        self._queued: ConsentAct | None = None
        self._treaty_is_over = False

    def take(self, acts: Iterable[Fact]) -> None:
        """Take every act in legal order: by day, then what ends before what begins, then by content."""
        dated = [(self._day_of(fact), _ENDS_BEFORE_BEGINS[fact.type], fact.key, fact) for fact in acts]
        dated.sort(key=lambda act: act[:3])
        self._match_completions(dated)
        for day, _, _, fact in dated:
            self._settle(day)
            self._step(day, fact)
        self._settle(dt.date.max)

    def closed_exits(self) -> tuple[Exit, ...]:
        """Return every exit, in order of notice."""
        exits = [*self._exits, *(pending.leave_open() for pending in self._pending)]
        return tuple(
            sorted(exits, key=lambda exit_: (exit_.notified_on or exit_.effective_on or dt.date.min, exit_.basis))
        )

    def _day_of(self, fact: Fact) -> dt.date:
        day = legal_day(fact)
        if fact.type != "withdrawal.notified":
            return day
        return counted_receipt(fact, self._rules.clauses(day).withdrawal)

    def _match_completions(self, dated: Sequence[tuple[dt.date, int, str, Fact]]) -> None:
        """Let each statement that a withdrawal took effect speak about the last notice received by that day."""
        for day, _, _, fact in dated:
            if fact.type == "withdrawal.completed":
                notices = [
                    n for on, _, _, n in dated if n.type == "withdrawal.notified" and on <= day and not is_partial(n)
                ]
                if notices:
                    self._completions.setdefault(notices[-1].position, fact)
                    self._spoken_about[fact.position] = notices[-1].position

    def _step(self, day: dt.date, fact: Fact) -> None:
        match fact.type:
            case "signature.affixed" if not expresses_consent(fact, self._rules):
                self._sign(day, fact)
            case "signature.affixed" | "instrument.deposited":
                self._express_consent(fact)
            case "consent.withdrawn":
                self._take_consent_back(day, fact)
            case "withdrawal.notified":
                self._notify(day, fact)
            case "withdrawal.extended":
                self._extend(day, fact)
            case "withdrawal.suspended":
                self._suspend(day, fact)
            case "withdrawal.revoked":
                self._revoke(day, fact)
            case "withdrawal.completed":
                self._complete(day, fact)
            case _:
                self._cease(day, fact)

    def _settle(self, day: dt.date) -> None:
        """Let time pass up to that day: exits take effect, and the treaty ends, without any further fact (Art. 70)."""
        while True:
            due = min(self._pending, key=lambda pending: pending.ends_on or dt.date.max, default=None)
            exit_on = due.ends_on if due is not None else None
            over_on = None if self._treaty_is_over else self._rules.ends_on
            if due is not None and exit_on is not None and exit_on <= day and (over_on is None or exit_on <= over_on):
                self._pending.remove(due)
                self._exits.append(due.close(Stage.EFFECTIVE, exit_on))
                self._end(exit_on, tuple(due.basis))
            elif over_on is not None and over_on <= day:
                self._treaty_is_over, self._queued = True, None
                self._overtake(over_on)
                self.book.erase(over_on, ())
            else:
                return

    def _end(self, day: dt.date, basis: tuple[int, ...]) -> None:
        """End the membership; a consent that was waiting for this begins at once."""
        self._overtake(day)
        self.book.end(day, basis)
        if self._queued is not None:
            act, self._queued = self._queued, None
            self.book.begin(act.not_before(day))

    def _overtake(self, day: dt.date) -> None:
        """The earliest valid end wins: what else was pending is superseded."""
        self._exits += [pending.close(Stage.SUPERSEDED, day) for pending in self._pending]
        self._pending.clear()
        self.borders.append(day)

    def _sign(self, day: dt.date, fact: Fact) -> None:
        """Art. 18: a signatory is not bound by the treaty; a former party stays one."""
        if self._treaty_is_over:
            self._flag(Reason.TREATY_ENDED, fact)
        elif self.book.consent is not None:
            self._flag(Reason.SIGNED_AFTER_CONSENT, fact)
        else:
            self.book.sign(day, fact)

    def _express_consent(self, fact: Fact) -> None:
        """Art. 11 to 16: consent begins with its receipt; one given while an exit is pending begins with the exit."""
        act = consent_act(fact, self._rules, participant=self._participant, successions=self._successions)
        if self._treaty_is_over:
            self._flag(Reason.TREATY_ENDED, fact)
            return
        if self.book.consent is None:
            self.book.begin(act)
        elif self._queued is None and any(pending.ends_on is not None for pending in self._pending):
            self._queued = act
        else:
            self._flag(Reason.ALREADY_BOUND, fact)
            return
        self.anomalies += act.anomalies

    def _take_consent_back(self, day: dt.date, fact: Fact) -> None:
        """Before entry into force a consent can be taken back; afterwards only a withdrawal ends it (Art. 54)."""
        if self.book.consent is None:
            self._flag(Reason.NO_CONSENT_TO_WITHDRAW, fact)
        elif self.book.is_party(day):
            self._flag(Reason.CONSENT_WITHDRAWN_AFTER_ENTRY_INTO_FORCE, fact)
        else:
            self.book.take_back(day, fact.basis)

    def _notify(self, day: dt.date, fact: Fact) -> None:
        """Art. 67: a notice starts the clock of a party; what it says of a part only leaves the membership alone."""
        consent = self.book.consent
        if consent is None or consent.party_from is None or consent.party_from > day:
            self._flag(Reason.NOT_A_PARTY, fact)
            return
        clause = self._rules.clauses(day).withdrawal
        membership = Membership(consent.party_from, self._rules.in_force_from)
        notice = assess(fact, clause, membership, participant=self._participant)
        self.anomalies += notice.anomalies
        if is_partial(fact) or notice.is_void:
            self._exits.append(premature_exit(fact, notice) if notice.is_void else PendingExit.partial(fact, notice))
            return
        effective = self._completed_day(fact, notice)
        conflict = None if effective is None else held_by_conflict(effective, clause, self._conflicts)
        self._pending.append(PendingExit.open(fact, notice, effective_on=effective, conflict=conflict))
        self.borders.append(day)

    def _completed_day(self, fact: Fact, notice: Notice) -> dt.date | None:
        """A different day of effect is used where the depositary asserts it, or where no clause gives one."""
        completion = self._completions.get(fact.position)
        if completion is None or legal_day(completion) == notice.effective_on:
            return notice.effective_on
        if notice.effective_on is None or completion.data.asserted_by == "depositary":
            return legal_day(completion)
        self._flag(Reason.COMPLETION_DIFFERS, completion, more=f"The clause gives {notice.effective_on.isoformat()}.")
        return notice.effective_on

    def _extend(self, day: dt.date, fact: Fact) -> None:
        """TEU Art. 50(3) and its like: a negotiated period is prolonged."""
        if not self._pending or not isinstance(fact.data, WithdrawalExtended):
            self._flag(Reason.NO_NOTICE_TO_EXTEND, fact)
            return
        self._pending[-1].move(day, first_day(fact.data.effective_on), fact.basis)

    def _suspend(self, day: dt.date, fact: Fact) -> None:
        """A suspension of the notice itself is disputed: no day is computed, and nothing ends."""
        if not self._pending:
            self._flag(Reason.NO_NOTICE_TO_SUSPEND, fact)
            return
        for pending in self._pending:
            pending.suspend(day, fact.basis)

    def _revoke(self, day: dt.date, fact: Fact) -> None:
        """Art. 68: a notice may be taken back until it takes effect."""
        if self._pending:
            self._exits += [pending.close(Stage.REVOKED, day, fact.basis) for pending in self._pending]
            self._pending.clear()
            self.borders.append(day)
            self._drop_queued()
        elif any(exit_.outcome is Stage.EFFECTIVE for exit_ in self._exits):
            self._flag(Reason.REVOKED_TOO_LATE, fact)
        else:
            self._flag(Reason.NO_NOTICE_TO_REVOKE, fact)

    def _drop_queued(self) -> None:
        """The membership goes on after all, so the consent that was to follow it changes nothing."""
        if self._queued is not None:
            self.anomalies.append(anomaly(Reason.ALREADY_BOUND, self._queued.basis[0], self._participant))
            self._queued = None

    def _complete(self, day: dt.date, fact: Fact) -> None:
        """Art. 70: effect needs no statement; one that rests on no notice is taken at its word, and flagged."""
        exits = [exit_ for exit_ in self._exits if self._spoken_about.get(fact.position) in exit_.basis]
        if any(exit_.outcome is Stage.REVOKED for exit_ in exits):
            self._flag(Reason.COMPLETED_AFTER_REVOCATION, fact)
        elif any(exit_.outcome is Stage.EFFECTIVE for exit_ in exits) or self._is_still_pending(fact):
            return
        elif self.book.consent is None:
            self._flag(Reason.NOT_A_PARTY, fact)
        else:
            self._flag(Reason.COMPLETED_WITHOUT_NOTICE, fact)
            self._exits.append(exit_by_decision(fact, day))
            self._end(day, fact.basis)

    def _is_still_pending(self, completion: Fact) -> bool:
        notice = self._spoken_about.get(completion.position)
        return any(notice in pending.basis for pending in self._pending)

    def _cease(self, day: dt.date, fact: Fact) -> None:
        """Participation can end by decision, extinction or merger: whatever was open ends that day."""
        if self.book.is_empty:
            self._flag(Reason.NOT_A_PARTY, fact)
            return
        if self.book.consent is not None:
            self._exits.append(exit_by_decision(fact, day))
        self._overtake(day)
        if isinstance(fact.data, ParticipationCeased) and fact.data.reason in {"extinction", "merger"}:
            self.book.erase(day, fact.basis)
        self._end(day, fact.basis)

    def _flag(self, reason: Reason, fact: Fact, *, more: str = "") -> None:
        self.anomalies.append(anomaly(reason, fact.position, self._participant, more=more))
