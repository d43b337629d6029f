"""Hold the facts of one participant in one treaty as the law reads them, and conclude what no rule of it moves."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from treaty_projector.law import operation
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.claims import CLAIMED, Claims
from treaty_projector.law.consent import signature_binds
from treaty_projector.law.days import ENDS_BEFORE_BEGINS, legal_day
from treaty_projector.law.entry_into_force import ConsentStay
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Dispute, Fact, Interval, Note, Spell, Standing, TreatyRules
from treaty_projector.law.without_effect import Endings, renouncing_nothing, suspending_nothing

_MAY_END_CONSENT = ("consent.withdrawn", "participation.ceased", "withdrawal.completed")
"""The acts that a threshold of deposits reads as the end of a consent."""

MOVES_STAYS = frozenset({"instrument.deposited", "signature.affixed", *_MAY_END_CONSENT})
"""The acts that a threshold of deposits counts."""


class Participation:
    """Gather the facts of one participant: one more fact costs no more than the axis that it concerns."""

    def __init__(self, participant: str, facts: Iterable[Fact] = ()) -> None:
        self.participant = participant
        self.facts: list[Fact] = []
        """As recorded."""
        self.acts: list[Fact] = []
        """What moves the participant, the strongest report of each act."""
        self.changes = 0
        """How often something came that changes what was read of acts before it; else further acts stand last."""
        self.conflicts: tuple[Period, ...] = ()
        self.signs: list[Fact] = []
        self._claims: defaultdict[str, Claims] = defaultdict(Claims)
        self._of_kind: defaultdict[str, list[Fact]] = defaultdict(list)
        self._notes: defaultdict[str, list[Note]] = defaultdict(list)
        self._breaches: list[Dispute] = []
        self._operation: tuple[Interval, ...] | None = ()
        self._contests: tuple[Dispute, ...] | None = ()
        self._listed: Standing | None = None
        self._stays: tuple[ConsentStay, ...] | None = None
        self._endings = Endings()
        for fact in facts:
            self.add(fact)

    def add(self, fact: Fact) -> None:
        """Take one more fact."""
        self.facts.append(fact)
        is_further_act = fact.type not in CLAIMED or self._claims[fact.type].add(fact)
        if fact.type in MOVES_STAYS:
            self._stays = None
        if fact.type in ENDS_BEFORE_BEGINS:
            self._add_act(fact, is_further=is_further_act)
        elif fact.type in operation.SIGNALLED:
            self.signs.append(fact)
        else:
            self._listed = None
            self._endings.add(fact)
            self._list(fact)

    @property
    def listed(self) -> Standing:
        """Return the axes on which facts are only listed, the others empty; the same value until one changes."""
        if self._operation is None:
            of_kind = self._of_kind
            self._operation = operation.suspensions(of_kind["operation"]) + operation.provisional_applications(
                of_kind["provisional_application"]
            )
        if self._contests is None:
            self._contests = operation.contests(self._of_kind["contest"])
        if self._listed is None:
            renounced = map(operation.note, self._renounced)
            self._listed = Standing(
                self.participant,
                operation=tuple(sorted(self._operation, key=_legal_order)),
                disputes=tuple(sorted((*self._contests, *self._breaches), key=_legal_order)),
                reservations=_in_order(self._notes["reservations"]),
                territories=_in_order(self._notes["territories"]),
                remarks=_in_order((*self._notes["remarks"], *renounced)),
                anomalies=tuple(self._odd(Reason.NOTHING_TO_END, self._endings.of_nothing())),
            )
        return self._listed

    def anomalies(self, spells: Sequence[Spell]) -> tuple[Anomaly, ...]:
        """Return which facts beside membership have nothing to act upon, for one with these spells."""
        listed = self.listed
        suspended = [fact for fact in self._of_kind["operation"] if fact.type == "operation.suspended"]
        idle = suspending_nothing(suspended, self._operation or (), spells)
        return (
            *listed.anomalies,
            *self._odd(Reason.NOT_A_SIGNATORY, renouncing_nothing(self._renounced, spells)),
            *self._odd(Reason.NOT_IN_OPERATION, idle),
        )

    def _odd(self, reason: Reason, facts: Iterable[Fact]) -> Iterator[Anomaly]:
        return (anomaly(reason, fact.position, self.participant) for fact in facts)

    @property
    def _renounced(self) -> Sequence[Fact]:
        return self._claims["intention.renounced"].strongest

    def stays(self, rules: TreatyRules) -> tuple[ConsentStay, ...]:
        """Return the consents as a threshold of deposits counts them: each until something ended it."""
        signatures = self._claims["signature.affixed"].strongest
        if self._stays is None or signatures:  # whether a signature is a consent, the rules say
            consents = [fact for fact in signatures if signature_binds(fact, rules)]
            consents += self._claims["instrument.deposited"].strongest
            ended = sorted(legal_day(fact) for type_ in _MAY_END_CONSENT for fact in self._claims[type_].strongest)
            self._stays = tuple(
                ConsentStay(self.participant, day, next(islice(ended, bisect_right(ended, day), None), None))
                for day in sorted(map(legal_day, consents))
            )
        return self._stays

    def _add_act(self, fact: Fact, *, is_further: bool) -> None:
        """Put a further act last; where a report changed what is known of another act, read all of them again."""
        if is_further:
            self.acts.append(fact)
            return
        others = [act for act in self.acts if act.type != fact.type]
        self.acts = others + self._claims[fact.type].strongest
        self.changes += 1

    def _list(self, fact: Fact) -> None:
        kind, _ = fact.type.split(".")
        match kind:
            case "operation" | "provisional_application":
                self._of_kind[kind].append(fact)
                self._operation = None
            case "contest":
                self._of_kind[kind].append(fact)
                self._contests = None
            case "breach":
                self._breaches.append(operation.breach(fact))
            case "armed_conflict":
                self._of_kind[kind].append(fact)
                self.conflicts = operation.armed_conflicts(self._of_kind[kind])
                self.changes += 1
            case _ if fact.type in operation.LISTED and fact.type not in CLAIMED:
                self._notes[operation.LISTED[fact.type]].append(operation.note(fact))
            case _:
                pass


def _legal_order(listed: Interval | Dispute) -> tuple[dt.date, dt.date, tuple[int, ...]]:
    """Put what lasts in order by its first day; what begins on one day by its last, and then as recorded."""
    basis = listed.basis if isinstance(listed, Interval) else (listed.position,)
    return listed.period.from_, listed.period.until or dt.date.max, basis


def _in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    """Put notes in order by the day they name; those of one day as recorded."""
    return tuple(sorted(notes, key=lambda note: (note.on or "", note.position)))
