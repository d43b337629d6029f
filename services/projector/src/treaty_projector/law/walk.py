"""Walk the acts of one participant in legal order: what falls due by an act's day happens before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from treaty_contracts.events import ParticipationCeased, WithdrawalExtended
from treaty_contracts.names import first_day
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.causes import CauseEnded, happenings
from treaty_projector.law.consent import ConsentAct, Successions, consent_act, expresses_consent
from treaty_projector.law.days import ENDS_BEFORE_BEGINS, legal_day
from treaty_projector.law.exit_book import ExitBook
from treaty_projector.law.exits import PendingExit, exit_by_decision, exit_of, is_partial, premature_exit
from treaty_projector.law.periods import Period
from treaty_projector.law.spells import SpellBook
from treaty_projector.law.state import Exit, Fact, Stage, TreatyRules
from treaty_projector.law.withdrawal import Membership, Notice, assess, counted_receipt, held_by_conflict


class Walk:
    """Hold one participant's standing while its acts are taken one by one, in legal order."""

    def __init__(
        self, participant: str, rules: TreatyRules, successions: Successions, *, conflicts: Sequence[Period]
    ) -> None:
        self.book = SpellBook()
        self.exits = ExitBook()
        self.anomalies: list[Anomaly] = []
        self.borders: list[dt.date] = []
        """Days on which a formal notice or an end consumed what had only been announced."""
        self._participant = participant
        self._rules = rules
        self._successions = successions
        self._conflicts = conflicts
        self._causes: list[Exit] = []
        self._completions: dict[int, Fact] = {}
        self._spoken_about: dict[int, int] = {}
        self._queued: ConsentAct | None = None
        self._treaty_is_over = False

    def take(self, acts: Iterable[Fact], causes: Iterable[Exit]) -> None:
        """Take every act in legal order: by day, then what ends before what begins, then by content."""
        dated = [(self._day_of(fact), ENDS_BEFORE_BEGINS[fact.type], fact.key, fact) for fact in acts]
        dated.sort(key=lambda act: act[:3])
        self._match_completions(dated)
        everything: list[tuple[dt.date, int, str, Fact | Exit | CauseEnded]] = [*dated, *happenings(causes)]
        for day, _, _, happening in sorted(everything, key=lambda happening: happening[:3]):
            self._settle(day)
            match happening:
                case Fact():
                    self._step(day, happening)
                case CauseEnded(cause=cause):
                    self._leave(day, cause)
                case _:
                    self._follow(day, happening)
        self._settle(dt.date.max)

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
            due = self.exits.first_due()
            over_on = None if self._treaty_is_over else self._rules.ends_on
            if due is not None and due[0] <= day and (over_on is None or due[0] <= over_on):
                exit_on, pending = due
                self.exits.take_effect(pending, exit_on)
                self._end(exit_on, tuple(pending.basis))
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
        self.exits.overtake(day)
        self.borders.append(day)

    def _follow(self, day: dt.date, cause: Exit) -> None:
        """An exit from a treaty with which this one falls is an exit from this one."""
        if cause.via[0] not in self._rules.clauses(day).falls_with:
            return
        self._causes.append(cause)
        if self.book.consent is not None:
            self._open(cause, day)

    def _open(self, cause: Exit, day: dt.date) -> None:
        self.exits.open(PendingExit.following(cause, day))
        self.borders.append(day)

    def _leave(self, day: dt.date, cause: Exit) -> None:
        """What was an exit only by its cause shares the cause's fate: revoked, or overtaken."""
        if cause in self._causes and cause.outcome is not None:
            self._causes.remove(cause)
            self.exits.follow_cause(cause, cause.outcome, day)
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
            for cause in self._causes:
                if cause.closed_on is None or act.begins_on < cause.closed_on:
                    self._open(cause, act.begins_on)
        elif self._queued is None and self.exits.first_due() is not None:
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
        if notice.is_void:
            self.exits.add(premature_exit(fact, notice))
            return
        if is_partial(fact):
            self.exits.add(exit_of(fact, notice))
            return
        effective = self._completed_day(fact, notice)
        conflict = None if effective is None else held_by_conflict(effective, clause, self._conflicts)
        self.exits.open(PendingExit.open(fact, notice, effective_on=effective, conflict=conflict))
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
        pending = self.exits.latest_notice()
        if pending is None or not isinstance(fact.data, WithdrawalExtended):
            self._flag(Reason.NO_NOTICE_TO_EXTEND, fact)
            return
        pending.move(day, first_day(fact.data.effective_on), fact.basis)

    def _suspend(self, day: dt.date, fact: Fact) -> None:
        """A suspension of the notice itself is disputed: no day is computed, and nothing ends."""
        if not self.exits.suspend(day, fact.basis):
            self._flag(Reason.NO_NOTICE_TO_SUSPEND, fact)

    def _revoke(self, day: dt.date, fact: Fact) -> None:
        """Art. 68: a notice may be taken back until it takes effect."""
        if self.exits.revoke(day, fact.basis):
            self.borders.append(day)
            self._drop_queued()
        elif self.exits.has_ended_a_membership:
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
        fate = self.exits.fate_of(self._spoken_about.get(fact.position))
        if fate is Stage.REVOKED:
            self._flag(Reason.COMPLETED_AFTER_REVOCATION, fact)
        elif fate is not None:
            return
        elif self.book.consent is None:
            self._flag(Reason.NOT_A_PARTY, fact)
        else:
            self._flag(Reason.COMPLETED_WITHOUT_NOTICE, fact)
            self.exits.add(exit_by_decision(fact, day))
            self._end(day, fact.basis)

    def _cease(self, day: dt.date, fact: Fact) -> None:
        """Participation can end by decision, extinction or merger: whatever was open ends that day."""
        if self.book.is_empty:
            self._flag(Reason.NOT_A_PARTY, fact)
            return
        if self.book.consent is not None:
            self.exits.add(exit_by_decision(fact, day))
        self._overtake(day)
        if isinstance(fact.data, ParticipationCeased) and fact.data.reason in {"extinction", "merger"}:
            self.book.erase(day, fact.basis)
        self._end(day, fact.basis)

    def _flag(self, reason: Reason, fact: Fact, *, more: str = "") -> None:
        self.anomalies.append(anomaly(reason, fact.position, self._participant, more=more))
