"""Walk the acts of one participant in legal order: what falls due by an act's day happens before it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby
from operator import itemgetter

from treaty_contracts import events
from treaty_projector.law.anomalies import Reason
from treaty_projector.law.causes import CauseEnded, Happening, happenings, in_order
from treaty_projector.law.consent import ConsentAct, consent_act, signature_binds
from treaty_projector.law.course import Course
from treaty_projector.law.days import ENDS_BEFORE_BEGINS, first_possible_day, is_imprecise, legal_day, stated_day
from treaty_projector.law.exits import (
    PendingExit,
    conditional,
    exit_by_decision,
    is_word_of_depositary,
    premature_exit,
)
from treaty_projector.law.state import Exit, Fact
from treaty_projector.law.withdrawal import Membership, assess, counted_day, held_by_conflict


class Walk(Course):
    """Take the acts of one participant one by one, in legal order."""

    def take(self, acts: Iterable[Fact], causes: Iterable[Exit] = ()) -> None:
        """Take acts in legal order: by day, then what ends before what begins, then by content."""
        everything: list[Happening] = [
            *((counted_day(fact, self.rules), ENDS_BEFORE_BEGINS[fact.type], fact.key, fact) for fact in acts),
            *happenings(causes),
        ]
        everything.sort(key=itemgetter(0, 1, 2))
        self._acts += [(day, act) for day, _, _, act in everything if isinstance(act, Fact)]
        for day, of_one_day in groupby(everything, key=itemgetter(0)):
            self._settle(day)
            first, *others = in_order(of_one_day, of_a_party=self.book.is_party(day))
            self._meet(day, first)
            for happening in others:
                self._settle(day)
                self._meet(day, happening)
            self.stands_on = day

    def goes_on_with(self, acts: Iterable[Fact]) -> bool:
        """Tell whether these acts all come after those taken, and say nothing of what was concluded from them."""
        return all(
            legal_day(fact) > self.stands_on and not (self._awaits_word and is_word_of_depositary(fact))
            for fact in acts
        )

    def _meet(self, day: dt.date, happening: Fact | Exit | CauseEnded) -> None:
        match happening:
            case Fact():
                self._step(day, happening)
            case CauseEnded(cause=cause):
                self._leave(day, cause)
            case _:
                self._follow(day, happening)

    def _step(self, day: dt.date, fact: Fact) -> None:
        match fact.data:
            case events.SignatureAffixed() if not signature_binds(fact, self.rules):
                self._sign(day, fact)
            case events.SignatureAffixed() | events.InstrumentDeposited():
                self._express_consent(day, fact)
            case events.ConsentWithdrawn():
                self._take_consent_back(day, fact)
            case events.WithdrawalNotified():
                self._notify(day, fact)
            case events.WithdrawalExtended() as data:
                self._extend(day, fact, data)
            case events.WithdrawalSuspended():
                self._suspend(day, fact)
            case events.WithdrawalRevoked():
                self._revoke(day, fact)
            case events.WithdrawalCompleted():
                self._complete(day, fact)
            case _:
                self._cease(day, fact)

    def _follow(self, day: dt.date, cause: Exit) -> None:
        """An exit from a treaty with which this one falls is an exit from this one."""
        if cause.via[0] not in self.rules.clauses(day).falls_with:
            return
        self.causes.append(cause)
        if self.book.consent is not None:
            self._open(cause, day)

    def _leave(self, day: dt.date, cause: Exit) -> None:
        """What was an exit only by its cause shares the cause's fate: revoked, or overtaken."""
        if cause in self.causes and cause.outcome is not None:
            self.causes.remove(cause)
            self.exits.follow_cause(cause, cause.outcome, day)
            self._go_on(day)

    def _sign(self, day: dt.date, fact: Fact) -> None:
        """Art. 18: a signatory is not bound by the treaty; a former party stays one."""
        if self._treaty_is_over:
            self._flag(Reason.TREATY_ENDED, fact)
        elif self.book.consent is not None or self.book.is_former:
            self._flag(Reason.SIGNED_AFTER_CONSENT, fact)
        elif self.book.is_signatory:
            if not self.book.confirm_signature(fact):
                self._flag(Reason.SIGNED_ALREADY, fact)
        else:
            self.book.sign(day, fact)

    def _express_consent(self, day: dt.date, fact: Fact) -> None:
        """Art. 11 to 16: consent begins with its receipt; one given while an exit is pending begins with the exit."""
        act = consent_act(fact, self.rules, participant=self._participant, successions=self._successions)
        self.consents_since = min(self.consents_since, act.begins_on)
        if self._treaty_is_over and not self._looks_back(act):
            self._flag(Reason.TREATY_ENDED, fact)
            return
        if self.book.consent is None:
            if isinstance(fact.data, events.SignatureAffixed):
                self.book.sign(day, fact)
            self._begin(fact, act)
        elif self._queued is None and self.exits.pending:
            self._queued = (fact, act)
        else:
            self._flag(Reason.ALREADY_BOUND, fact)
            return
        self._note(*act.anomalies)

    def _looks_back(self, act: ConsentAct) -> bool:
        """Tell whether a succession takes effect before the end of a treaty that is over."""
        ends_on = self.rules.ends_on
        return ends_on is not None and act.not_before(self.book.free_from).begins_on < ends_on

    def _take_consent_back(self, day: dt.date, fact: Fact) -> None:
        """Before entry into force a consent can be taken back; afterwards only a withdrawal ends it (Art. 54)."""
        if self.book.consent is None:
            self._flag(Reason.NO_CONSENT_TO_WITHDRAW, fact)
        elif self.book.is_party(day):
            self._flag(Reason.CONSENT_WITHDRAWN_AFTER_ENTRY_INTO_FORCE, fact)
        else:
            self._drop_queued(Reason.ALREADY_BOUND)
            self._overtake(day)
            self.book.end(day, fact.basis)

    def _notify(self, day: dt.date, fact: Fact) -> None:
        """Art. 67: a notice starts the clock of a party; what it says of a part only leaves the membership alone."""
        consent = self.book.consent
        if consent is None or consent.party_from is None or consent.party_from > day:
            self._flag(Reason.NOT_A_PARTY, fact)
            return
        clause = self.rules.clauses(day).withdrawal
        membership = Membership(consent.party_from, self.rules.in_force_from)
        notice = assess(fact, clause, membership, received=day, participant=self._participant)
        self._note(*notice.anomalies)
        if notice.is_void:
            self.exits.add(premature_exit(fact, notice))
            return
        effective = notice.effective_on
        conflict = None if effective is None else held_by_conflict(effective, clause, self._conflicts)
        pending = PendingExit.open(fact, notice, conflict=conflict)
        self.exits.open(pending)
        if pending.template.scope is None:
            self.borders.append(day)

    def _extend(self, day: dt.date, fact: Fact, data: events.WithdrawalExtended) -> None:
        """TEU Art. 50(3) and its like: a negotiated period is prolonged, while the notice runs."""
        effective = first_possible_day(data.effective_on, agreeing_with=day)
        if effective < day:
            self._flag(Reason.EFFECT_BEFORE_RECEIPT, fact)
        elif not self.exits.move(day, effective, fact.basis, conditional(data.alternatives)):
            self._flag(Reason.NO_NOTICE_TO_EXTEND, fact)

    def _suspend(self, day: dt.date, fact: Fact) -> None:
        """A suspension of the notice itself is disputed: no day is computed, and nothing ends."""
        if not self.exits.suspend(day, fact.basis):
            self._flag(Reason.NO_NOTICE_TO_SUSPEND, fact)

    def _revoke(self, day: dt.date, fact: Fact) -> None:
        """Art. 68: a notice may be taken back until it takes effect."""
        if self.exits.revoke(day, fact.basis):
            self._go_on(day)
        elif self.exits.has_ended_by_notice():
            self._flag(Reason.REVOKED_TOO_LATE, fact)
        else:
            self._flag(Reason.NO_NOTICE_TO_REVOKE, fact)

    def _go_on(self, day: dt.date) -> None:
        """Note that a notice was taken back: unless another is pending, no consent has anything left to wait for."""
        self.borders.append(day)
        if not self.exits.pending:
            self._drop_queued(Reason.ALREADY_BOUND)

    def _complete(self, day: dt.date, fact: Fact) -> None:
        """Art. 70: effect needs no statement; one that rests on no notice is taken at its word, and flagged."""
        if self.exits.pending:
            self._complete_pending(day, fact)
        elif self.exits.is_left_in_part() or self.exits.confirm(day, fact.basis):
            self.book.confirm(fact.basis)
        elif self.book.consent is None or (self.exits.has_ended() and not self.book.is_party(day)):
            over = Reason.TREATY_ENDED if self._treaty_is_over else Reason.NOT_A_PARTY
            self._flag(Reason.COMPLETION_DIFFERS if self.exits.has_ended() else over, fact)
        elif self.exits.was_revoked_since(self.book.consent.begins_on):
            self._flag(Reason.COMPLETED_AFTER_REVOCATION, fact)
        else:
            self._flag(Reason.COMPLETED_WITHOUT_NOTICE, fact)
            self.exits.add(exit_by_decision(fact, day))
            self._end(day, fact.basis, approximate=is_imprecise(fact))

    def _complete_pending(self, day: dt.date, fact: Fact) -> None:
        """Only the depositary's word moves the day that a clause gives; where there is none, anybody's word counts."""
        due = self.exits.first_due()
        pending = self.exits.pending[0] if due is None else due[1]
        if pending.confirms(stated_day(fact) or ""):
            pending.basis += fact.basis
        elif due is None or fact.data.asserted_by == "depositary":
            pending.correct(day, fact.basis)
            self._take_effect(day, pending)
        else:
            self._flag(Reason.COMPLETION_DIFFERS, fact, more=f"Expected: {due[0].isoformat()}.")

    def _cease(self, day: dt.date, fact: Fact) -> None:
        """Participation can end by decision, extinction or merger: whatever was open ends that day."""
        gone = isinstance(fact.data, events.ParticipationCeased) and fact.data.reason in {"extinction", "merger"}
        if self.book.consent is None and not (gone and self.book.is_signatory):
            self._flag(Reason.NOT_A_PARTY, fact)
            return
        if self.book.consent is not None:
            self.exits.add(exit_by_decision(fact, day))
        self._drop_queued(Reason.ALREADY_BOUND)
        self._overtake(day)
        end = self.book.erase if gone else self.book.end
        end(day, fact.basis, approximate=is_imprecise(fact))
