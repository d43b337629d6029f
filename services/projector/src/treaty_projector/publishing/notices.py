"""Follow each notice of one participant through everything that was known of it.

A calendar needs what no single version of a standing tells: which notice is the one it showed before, how often its day
was moved, and that it was taken back. All of it follows from the versions, so every projector finds the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, count
from typing import NamedTuple

from treaty_projector.publishing.shapes import ExitDocument

GONE = "gone"
"""The stage of a notice whose record counts no longer."""

_SUPERSEDING = "record.superseded"


class Version(NamedTuple):
    """Hold what was known from a size of the log on, and by which record."""

    known_from: int
    recorded_at: dt.datetime
    type: str
    exits: Sequence[ExitDocument]
    disputes: object


class Step(NamedTuple):
    """Hold what could be said of a notice from a day on."""

    from_: dt.date
    stage: str
    day: dt.date | None


@dataclass(slots=True)
class Notice:
    """Gather what was known of one notice, version by version."""

    position: int
    """Where the record of the notice stands; it names the notice for ever."""
    recorded_at: dt.datetime
    changed_at: dt.datetime
    exit: ExitDocument
    """What was known of it last."""
    is_gone: bool = False
    _disputes: object = None
    _stories: list[tuple[Step, ...]] = field(default_factory=list)

    def tell(self, version: Version, exit_: ExitDocument | None) -> None:
        """Note what a version says of the notice; None when its record counts no longer."""
        story = (Step(dt.date.min, GONE, None),) if exit_ is None else _story(exit_)
        if not self._stories or story != self._stories[-1]:
            self._stories.append(story)
            self.changed_at = version.recorded_at
        if exit_ is not None and (exit_ != self.exit or version.disputes != self._disputes):
            self.changed_at = version.recorded_at
        self.is_gone = exit_ is None
        self.exit = self.exit if exit_ is None else exit_
        self._disputes = version.disputes

    def on(self, as_of: dt.date) -> Step | None:
        """Return what can be said of it on a day; None while nothing could ever be said of it."""
        begun = [step for step in self._stories[-1] if step.from_ <= as_of]
        if begun:
            return begun[-1]
        was_told = any(step.from_ <= as_of for story in self._stories for step in story)
        return Step(dt.date.min, GONE, None) if was_told else None

    def is_the(self, pending: ExitDocument) -> bool:
        """Tell whether an exit, as members are shown with it, is this one."""
        return not self.is_gone and all(pending[name] == self.exit[name] for name in ("basis", "notified_on"))

    def last_day(self, as_of: dt.date) -> dt.date | None:
        """Return the last day of effect that could be named by then."""
        steps = [step for story in self._stories for step in story if step.from_ <= as_of and step.day is not None]
        return steps[-1].day if steps else None

    def sequence(self, as_of: dt.date) -> int:
        """Return a number that grows whenever another day or another stage begins or is recorded, and never falls.

        Each earlier version counts with all its steps, the present one with those that have begun.
        """
        begun = sum(step.from_ <= as_of for step in self._stories[-1])
        return sum(map(len, self._stories[:-1])) + max(begun, 1) - 1


def notices(versions: Iterable[Version]) -> list[Notice]:
    """Return the notices of withdrawal from the whole treaty, followed through the versions of one standing."""
    found: list[Notice] = []
    for version in versions:
        exits = [exit_ for exit_ in version.exits if exit_["steps"] and exit_["scope"] is None]
        left = [*found]
        new: list[ExitDocument] = []
        for exit_ in exits:
            known = _same(exit_, left)
            if known is None:
                new.append(exit_)
            else:
                left.remove(known)
                known.tell(version, exit_)
        left = [notice for notice in left if not notice.is_gone]
        if version.type == _SUPERSEDING:  # a corrected record of a notice is about the same notice
            for notice, exit_ in zip([*left], [*new], strict=False):
                left.remove(notice)
                new.remove(exit_)
                notice.tell(version, exit_)
        for notice in left:
            notice.tell(version, None)
        for exit_ in new:
            found.append(_begin(version, exit_, taken={notice.position for notice in found}))
    return found


def _begin(version: Version, exit_: ExitDocument, *, taken: set[int]) -> Notice:
    """Begin to follow a notice; it is named after the record that brought it, else after the first it rests on."""
    by = version.known_from - 1
    names = chain([by] if by in exit_["basis"] else [], exit_["basis"], count(by))
    position = next(name for name in names if name not in taken)
    notice = Notice(position, version.recorded_at, version.recorded_at, exit_, _disputes=version.disputes)
    notice.tell(version, exit_)
    return notice


def _same(exit_: ExitDocument, known: Iterable[Notice]) -> Notice | None:
    """Return the notice that an exit is: the one that rests on the same records."""
    basis = set(exit_["basis"])
    candidates = [notice for notice in known if basis.intersection(notice.exit["basis"])]
    if not candidates:
        return None
    return max(
        candidates,
        key=lambda notice: (
            not notice.is_gone,
            len(basis.intersection(notice.exit["basis"])),
            notice.exit["notified_on"] == exit_["notified_on"],
            -notice.position,
        ),
    )


def _story(exit_: ExitDocument) -> tuple[Step, ...]:
    steps = [Step(_day(step["from"]), step["stage"], _day_or_none(step["effective_on"])) for step in exit_["steps"]]
    if exit_["closed_on"] is not None:
        steps.append(Step(_day(exit_["closed_on"]), exit_["stage"], _day_or_none(exit_["effective_on"])))
    return tuple(steps)


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _day_or_none(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
