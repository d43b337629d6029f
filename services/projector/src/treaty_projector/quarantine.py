"""Know which treaties are not folded from a position on, and why: the last good rows of each go on being served.

What falls with a quarantined treaty is uncertain too, and quarantined with it; what it falls with is not.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from treaty_projector.errors import WINDOW, TooManyQuarantined

Ties = AbstractSet[tuple[str, str]]
"""Which treaty falls with which: (treaty, parent)."""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """Say that the entries of a treaty from a position on are not folded, and why."""

    treaty: str
    since: int
    reason: str
    via: str | None = None
    """The treaty with which it falls, where that is the reason."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """Hold what one write changes: who is quarantined from now on, or since another position, and who is no more."""

    held: tuple[Quarantined, ...] = ()
    released: tuple[str, ...] = ()
    healed: tuple[Quarantined, ...] = ()
    """Of whom more is known now than before, as they were quarantined then."""


NO_RULING = Ruling()


def falling_with(parent: str) -> str:
    """Return the reason for which what falls with a quarantined treaty is quarantined."""
    return f"it falls with {parent}, which is quarantined"


def healed_between(before: Iterable[Quarantined], after: Iterable[Quarantined]) -> list[Quarantined]:
    """Return those of whom more is known after, as they were quarantined before."""
    since = {each.treaty: each.since for each in after}
    return [each for each in before if since.get(each.treaty, sys.maxsize) > each.since]


def check_few(held: Iterable[Quarantined], *, most: int) -> None:
    """Raise TooManyQuarantined where a quarantine would have when it met these in order of position.

    Those that only fall with another are not counted: they are no failures of their own.
    """
    failing = sorted((each for each in held if each.via is None), key=lambda each: each.since)
    for earlier, each in zip(failing, failing[most:], strict=False):
        if earlier.since > each.since - WINDOW:
            raise TooManyQuarantined(each.since, most, f"{each.treaty}: {each.reason}")


class Quarantine:
    """Hold the quarantined treaties of one projection, with those that the next write is to store."""

    def __init__(self, *, most: int = sys.maxsize) -> None:
        self._most = most
        self._held: dict[str, Quarantined] = {}
        self._new: list[Quarantined] = []

    def __contains__(self, treaty: object) -> bool:
        return treaty in self._held

    def begin(self, held: Iterable[Quarantined]) -> None:
        """Begin with what is stored."""
        self._held = {each.treaty: each for each in held}
        self._new = []

    def learn(self, held: Iterable[Quarantined]) -> set[str]:
        """Take over what another worker stored; return who is quarantined anew."""
        anew = {each.treaty: each for each in held if each.treaty not in self._held}
        self._held |= anew
        return set(anew)

    def held(self) -> list[Quarantined]:
        """Return everybody who is quarantined, by treaty."""
        return [self._held[treaty] for treaty in sorted(self._held)]

    def hold(self, wanted: Quarantined, *, ties: Ties) -> set[str]:
        """Quarantine a treaty and what falls with it; return who is quarantined anew.

        Raise TooManyQuarantined where it is no matter of single treaties. Those that only fall with another are not
        counted: they are no failures of their own.
        """
        if wanted.treaty in self._held:
            return set()
        recent = [each for each in self._held.values() if each.via is None and each.since > wanted.since - WINDOW]
        if wanted.via is None and len(recent) >= self._most:
            raise TooManyQuarantined(wanted.since, self._most, f"{wanted.treaty}: {wanted.reason}")
        self._add(wanted)
        return {wanted.treaty, *self._hold_what_falls_with(wanted, ties)}

    def new(self) -> tuple[Quarantined, ...]:
        """Return who was quarantined since the last write."""
        return tuple(self._new)

    def written(self) -> None:
        """Note that everything is stored."""
        self._new = []

    def _hold_what_falls_with(self, held: Quarantined, ties: Ties) -> set[str]:
        anew: set[str] = set()
        waiting = [held.treaty]
        while waiting:
            parent = waiting.pop()
            for child in sorted(child for child, tied_to in ties if tied_to == parent and child not in self._held):
                self._add(Quarantined(child, held.since, falling_with(parent), via=parent))
                anew.add(child)
                waiting.append(child)
        return anew

    def _add(self, quarantined: Quarantined) -> None:
        self._held[quarantined.treaty] = quarantined
        self._new.append(quarantined)
