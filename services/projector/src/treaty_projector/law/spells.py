"""Keep the spells of one participant: signatory, contracting, party, former, and again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from treaty_projector.law.consent import ConsentAct, is_ad_referendum
from treaty_projector.law.days import is_imprecise
from treaty_projector.law.periods import Period
from treaty_projector.law.state import Consent, Fact, Spell


@dataclass(slots=True)
class SpellBook:
    """Gather the spells while time passes: one stay at a time is open, each closed one keeps its period for ever."""

    closed: list[Spell] = field(default_factory=list)
    consent: ConsentAct | None = None
    free_from: dt.date = dt.date.min
    """The day on which the last stay ended: a retroactive consent cannot reach back beyond it."""
    _unbound: Spell | None = None
    """What the participant is without a consent, signatory or former; a consent interrupts it."""
    _is_ad_referendum: bool = False
    """The signature waits to be confirmed."""

    def fork(self) -> SpellBook:
        """Return the same book, to be kept apart from this one."""
        return replace(self, closed=[*self.closed])

    @property
    def is_signatory(self) -> bool:
        """Tell whether the participant has signed and nothing more."""
        return self.consent is None and self._unbound is not None and self._unbound.consent is Consent.SIGNATORY

    @property
    def is_former(self) -> bool:
        """Tell whether the participant was a party and has not consented again."""
        return self.consent is None and self._unbound is not None and self._unbound.consent is Consent.FORMER

    def is_party(self, day: dt.date) -> bool:
        """Tell whether the treaty is in force for the participant on that day."""
        return self.consent is not None and self.consent.party_from is not None and self.consent.party_from <= day

    def sign(self, day: dt.date, fact: Fact) -> None:
        """Open a stay as signatory, unless one signed before or was a party: an exit makes no signatory."""
        if self._unbound is None:
            self._unbound = Spell(Consent.SIGNATORY, Period(day), "signature", fact.basis, is_imprecise(fact))
            self._is_ad_referendum = is_ad_referendum(fact)

    def confirm_signature(self, fact: Fact) -> bool:
        """Art. 12(2)(b): let a signature confirm one ad referendum; tell whether there was one to confirm."""
        confirms = self._is_ad_referendum and not is_ad_referendum(fact)
        self._is_ad_referendum = self._is_ad_referendum and not confirms
        return confirms

    def begin(self, act: ConsentAct) -> ConsentAct:
        """Open a stay as contracting, then party; a retroactive one takes back the days of no other consent.

        Return the act as it begins.
        """
        self.consent = act.not_before(self.free_from)
        if self._unbound is not None:
            self._close(self._unbound, self.consent.begins_on)
        return self.consent

    def end(self, day: dt.date, basis: Iterable[int], *, approximate: bool = False) -> None:
        """End the consent: a party becomes former (VCLT Art. 70(2)), another is again what it was before."""
        act = self.consent
        if act is None:
            return
        self.closed += _stay(act, day, basis, approximate=approximate)
        self.consent, self.free_from = None, day
        if act.party_from is not None and act.party_from < day:
            self._unbound = Spell(Consent.FORMER, Period(day), "exit", _merged(act.basis, basis), approximate)
        elif self._unbound is not None:
            self._unbound = replace(self._unbound, period=Period(day), basis=_merged(self._unbound.basis, basis))

    def erase(self, day: dt.date, basis: Iterable[int], *, approximate: bool = False) -> None:
        """End everything that is open: the participant or the treaty is no more."""
        self.end(day, basis, approximate=approximate)
        if self._unbound is not None and self._unbound.consent is Consent.SIGNATORY:
            ended = replace(self._unbound, basis=_merged(self._unbound.basis, basis))
            self._close(ended, day)
            self._unbound, self.free_from = None, day

    def confirm(self, basis: Iterable[int]) -> None:
        """Let what the participant is now rest on these positions too."""
        if self.consent is None and self._unbound is not None:
            self._unbound = replace(self._unbound, basis=_merged(self._unbound.basis, basis))

    def spells(self) -> tuple[Spell, ...]:
        """Return every spell in order, the last one without an end where none is known."""
        still_open: list[Spell] = []
        if self.consent is not None:
            still_open = _stay(self.consent, None, ())
        elif self._unbound is not None:
            still_open = [self._unbound]
        return (*self.closed, *still_open)

    def _close(self, spell: Spell, day: dt.date) -> None:
        """End a spell on that day; one that begins no earlier is taken back altogether."""
        if spell.period.from_ < day:
            self.closed.append(replace(spell, period=Period(spell.period.from_, day)))


def _stay(
    act: ConsentAct, until: dt.date | None, end_basis: Iterable[int], *, approximate: bool = False
) -> list[Spell]:
    """Split a consent into its time as contracting and its time as party: VCLT Art. 2(1)(f), (g)."""
    basis, approximate = _merged(act.basis, end_basis), act.approximate or approximate
    begins, party_from = act.begins_on, act.party_from
    if until is not None and party_from is not None and party_from >= until:
        party_from = None
    spells = [Spell(Consent.CONTRACTING, Period(begins, party_from or until), act.mode, basis, approximate)]
    if party_from is not None:
        spells.append(Spell(Consent.PARTY, Period(party_from, until), act.mode, basis, approximate))
    return [spell for spell in spells if not spell.period.is_empty]


def _merged(*bases: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted({position for basis in bases for position in basis}))
