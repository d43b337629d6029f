"""Keep the spells of one participant: signatory, contracting, party, former, and again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from treaty_projector.law.consent import ConsentAct
from treaty_projector.law.days import is_imprecise
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Consent, Fact, Spell


@dataclass(slots=True)
class SpellBook:
    """Gather the spells while time passes: one stay at a time is open, each closed one keeps its period for ever."""

    closed: list[Spell] = field(default_factory=list)
    consent: ConsentAct | None = None
    _signature: tuple[dt.date, Fact] | None = None
    _former: tuple[dt.date, tuple[int, ...]] | None = None
    _free_from: dt.date = dt.date.min
    """The day on which the last consent ended: a retroactive one cannot reach back beyond it."""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is open that could end."""
        return self.consent is None and self._signature is None

    @property
    def is_former(self) -> bool:
        """Tell whether the participant was a party and is none now."""
        return self._former is not None

    def is_party(self, day: dt.date) -> bool:
        """Tell whether the treaty is in force for the participant on that day."""
        return self.consent is not None and self.consent.party_from is not None and self.consent.party_from <= day

    def sign(self, day: dt.date, fact: Fact) -> None:
        """Open a stay as signatory, unless one signed before or was a party: an exit makes no signatory."""
        if self._signature is None and self._former is None:
            self._signature = (day, fact)

    def begin(self, act: ConsentAct) -> None:
        """Open a stay as contracting, then party; whatever was open before ends with it."""
        self.consent = act.not_before(self._free_from)
        self._close_until(self.consent.begins_on)

    def take_back(self, day: dt.date, basis: tuple[int, ...]) -> None:
        """End a consent before it made a party: a signatory is signatory again, never former."""
        self._close_consent(day, basis)
        if self._signature is not None:
            self._signature = (day, self._signature[1])

    def end(self, day: dt.date, basis: tuple[int, ...]) -> None:
        """End the consent: a party becomes former (VCLT Art. 70(2)); one that was not yet a party merely ends."""
        act = self.consent
        if act is None:
            return
        was_party = self.is_party(day) and act.party_from != day
        self._close_consent(day, basis)
        self._signature = None
        if was_party:
            self._former = (day, tuple(sorted({*act.basis, *basis})))

    def erase(self, day: dt.date, basis: tuple[int, ...]) -> None:
        """End everything that is open: the participant or the treaty is no more."""
        self.end(day, basis)
        if self._signature is not None:
            self._close_until(day)
            self._signature = None

    def spells(self) -> tuple[Spell, ...]:
        """Return every spell in order, the last one without an end where none is known."""
        still_open: list[Spell] = []
        if self.consent is not None:
            still_open = _stay(self.consent, None, ())
        elif self._former is not None:
            still_open = [Spell(Consent.FORMER, Period(self._former[0]), "exit", self._former[1])]
        elif self._signature is not None:
            still_open = [_signatory(self._signature, None)]
        return tuple(spell for spell in (*self.closed, *still_open) if not spell.period.is_empty)

    def _close_until(self, day: dt.date) -> None:
        """Close the stay as signatory or former; a retroactive consent takes the days back that it covers."""
        if self._former is not None:
            since, basis = self._former
            self.closed.append(Spell(Consent.FORMER, Period(since, max(day, since)), "exit", basis))
            self._former = None
        elif self._signature is not None:
            self.closed.append(_signatory(self._signature, max(day, self._signature[0])))

    def _close_consent(self, day: dt.date, basis: tuple[int, ...]) -> None:
        if self.consent is not None:
            self.closed += _stay(self.consent, day, basis)
            self.consent = None
            self._free_from = day


def _stay(act: ConsentAct, until: dt.date | None, end_basis: tuple[int, ...]) -> list[Spell]:
    """Split a consent into its time as contracting and its time as party: VCLT Art. 2(1)(f), (g)."""
    basis = tuple(sorted({*act.basis, *end_basis}))
    begins, party_from = act.begins_on, act.party_from
    if until is not None and party_from is not None and party_from >= until:
        party_from = None
    spells = [Spell(Consent.CONTRACTING, Period(begins, party_from or until), act.mode, basis, act.approximate)]
    if party_from is not None:
        spells.append(Spell(Consent.PARTY, Period(party_from, until), act.mode, basis, act.approximate))
    return [spell for spell in spells if not spell.period.is_empty]


def _signatory(signature: tuple[dt.date, Fact], until: dt.date | None) -> Spell:
    day, fact = signature
    return Spell(Consent.SIGNATORY, Period(day, until), "signature", fact.basis, is_imprecise(fact))
