"""Decide when a consent begins and from which day it makes a party: VCLT Art. 11 to 16 and 24."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from treaty_contracts.events import InstrumentDeposited, SignatureAffixed
from treaty_contracts.final_clauses import OnSignature
from treaty_contracts.names import first_day, is_approximate
from treaty_projector.law.anomalies import Anomaly, Reason, anomaly
from treaty_projector.law.days import first_possible_day, is_imprecise, legal_day
from treaty_projector.law.delays import Due, effect_of
from treaty_projector.law.state import Fact, TreatyRules


@dataclass(frozen=True, slots=True, order=True)
class Succession:
    """Hold one edge of the participant graph as one of its two ends sees it."""

    on: dt.date
    other: str


Successions = Mapping[str, tuple[Succession, ...]]
"""What the participant graph knows of each participant, the earliest first."""


@dataclass(frozen=True, slots=True)
class ConsentAct:
    """Hold one expression of consent: when it counts, and from when it makes a party, if that is known."""

    begins_on: dt.date
    party_from: dt.date | None
    mode: str
    basis: tuple[int, ...]
    approximate: bool
    anomalies: tuple[Anomaly, ...] = ()

    def not_before(self, day: dt.date) -> ConsentAct:
        """Return the same act for one who is still bound by an earlier consent until that day."""
        if self.begins_on >= day:
            return self
        party_from = None if self.party_from is None else max(self.party_from, day)
        return replace(self, begins_on=max(self.begins_on, day), party_from=party_from)


def signature_binds(fact: Fact, rules: TreatyRules) -> bool:
    """Tell whether a signature expresses consent: where it is definitive, or where the treaty says so (Art. 12)."""
    if isinstance(fact.data, SignatureAffixed) and fact.data.definitive:
        return True
    binds = isinstance(rules.clauses(legal_day(fact)).entry_into_force, OnSignature)
    return binds and not is_ad_referendum(fact)


def is_ad_referendum(fact: Fact) -> bool:
    """Tell whether a signature waits to be confirmed before it is more than a sign of intention (Art. 12(2)(b))."""
    return isinstance(fact.data, SignatureAffixed) and bool(fact.data.ad_referendum)


def consent_act(fact: Fact, rules: TreatyRules, *, participant: str, successions: Successions) -> ConsentAct:
    """Return what one expression of consent does: it counts from its receipt (Art. 16(b)) and binds by Art. 24."""
    if isinstance(fact.data, InstrumentDeposited):
        if fact.data.instrument == "succession":
            return _succession(fact, fact.data, rules, participant=participant, successions=successions)
        return _deposit(fact, fact.data, rules, participant=participant)
    return ConsentAct(
        begins_on=legal_day(fact),
        party_from=_computed_entry(fact, rules),
        mode="definitive_signature",
        basis=fact.basis,
        approximate=is_imprecise(fact),
    )


def _deposit(fact: Fact, data: InstrumentDeposited, rules: TreatyRules, *, participant: str) -> ConsentAct:
    """Art. 24(3): a later consent binds from its own day of effect; a stated day overrides the computed one."""
    received, party_from = legal_day(fact), _computed_entry(fact, rules)
    found: tuple[Anomaly, ...] = ()
    if data.states_effective_on is not None:
        stated = first_possible_day(data.states_effective_on, agreeing_with=received)
        if stated < received:
            found = (anomaly(Reason.EFFECT_BEFORE_RECEIPT, fact.position, participant, more=_stated(data)),)
            party_from = received if _is_open(fact, rules) else party_from  # it says that the treaty is in force
        else:
            party_from, found = _not_before_the_treaty(stated, fact, rules, participant=participant)
    return ConsentAct(received, party_from, data.instrument, fact.basis, _approximate(fact, data), found)


def _succession(
    fact: Fact, data: InstrumentDeposited, rules: TreatyRules, *, participant: str, successions: Successions
) -> ConsentAct:
    """Vienna Convention 1978 Art. 22, 23: a succession may take effect on its own day, before its receipt."""
    received = legal_day(fact)
    stated = None if data.states_effective_on is None else first_day(data.states_effective_on)
    succeeded_on = stated or _day_of_succession(data.succeeds, successions.get(participant, ()))
    if succeeded_on is None:
        return ConsentAct(received, _computed_entry(fact, rules), data.instrument, fact.basis, is_imprecise(fact))
    in_force = rules.in_force_from
    modelled = rules.clauses(received).entry_into_force is not None
    party_from = max(succeeded_on, in_force) if in_force else (None if modelled else succeeded_on)
    return ConsentAct(min(received, succeeded_on), party_from, data.instrument, fact.basis, _approximate(fact, data))


def _day_of_succession(predecessor: str | None, known: Sequence[Succession]) -> dt.date | None:
    """Return the day in the graph: of the first succession to the predecessor that is named, else of the first."""
    return min((each.on for each in known if predecessor in {None, each.other}), default=None)


def _computed_entry(fact: Fact, rules: TreatyRules) -> dt.date | None:
    """Return the later of the treaty's entry into force and consent with the joining delay."""
    received = legal_day(fact)
    if rules.in_force_from is None:
        return None
    joining = rules.clauses(received).joining
    if joining is None:
        return max(received, rules.in_force_from)
    outcome = effect_of(joining.delay, received)
    return max(outcome.on, rules.in_force_from) if isinstance(outcome, Due) else None


def _not_before_the_treaty(
    stated: dt.date, fact: Fact, rules: TreatyRules, *, participant: str
) -> tuple[dt.date | None, tuple[Anomaly, ...]]:
    """Keep the stated day, unless the treaty's own entry into force is modelled and comes later."""
    modelled = rules.clauses(legal_day(fact)).entry_into_force is not None
    in_force = rules.in_force_from
    if in_force is None and not modelled:
        return stated, ()
    if in_force is not None and stated >= in_force:
        return stated, ()
    more = f"Stated: {stated.isoformat()}."
    return in_force, (anomaly(Reason.EFFECT_BEFORE_ENTRY_INTO_FORCE, fact.position, participant, more=more),)


def _is_open(fact: Fact, rules: TreatyRules) -> bool:
    """Tell whether nothing is known of the treaty's own entry into force: neither a clause nor a day."""
    return rules.in_force_from is None and rules.clauses(legal_day(fact)).entry_into_force is None


def _approximate(fact: Fact, data: InstrumentDeposited) -> bool:
    stated = data.states_effective_on
    return is_imprecise(fact) or (stated is not None and is_approximate(stated))


def _stated(data: InstrumentDeposited) -> str:
    return f"Stated: {data.states_effective_on}."
