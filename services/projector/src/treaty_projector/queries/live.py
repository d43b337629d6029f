"""Follow what changes in the record of who is bound, as it is applied."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import orjson

from treaty_contracts.canonical import JsonObject
from treaty_projector.applied import Applied
from treaty_projector.errors import DatabaseUnavailable, ProjectionBehind, TooManyQuestions, TooManyStreams
from treaty_projector.queries.clocks import Asked, Clocks
from treaty_projector.queries.edition import Edition, Quarantined
from treaty_projector.queries.paging import read_cursor, write_cursor
from treaty_projector.queries.questions import ListAsked, Questions
from treaty_projector.queries.staleness import staleness_by

_CHANGES_AT_ONCE = 100
_SIZES_AT_ONCE = 1_000
_NEAR = 100
"""How many sizes behind a follower may be to be given what all are given; one further behind is looked for alone."""

_LOOKS_AT_ONCE = 2
"""Followers leave the other connections to those who ask."""


class Told(NamedTuple):
    """Name how far a follower was told: everything of a size of the log, or up to one change at that size."""

    size: int
    treaty: str = ""
    participant: str = ""

    @property
    def whole(self) -> int:
        """Return the largest size of which everything was told."""
        return self.size if not self.treaty else self.size - 1


class Chosen(NamedTuple):
    """Name whose changes are meant; nobody named means everybody's."""

    treaty: str | None
    participant: str | None

    def holds(self, told: Told) -> bool:
        """Tell whether a change is meant."""
        return self.treaty in {None, told.treaty} and self.participant in {None, told.participant}


_EVERYBODY = Chosen(None, None)


@dataclass(frozen=True, slots=True)
class Portion:
    """Hold changes in the order of recording, as JSON, and how far one who has them was told."""

    changes: tuple[tuple[Told, bytes], ...]
    told: Told
    quarantined: Quarantined = field(default_factory=dict)
    turned: tuple[bytes, ...] = ()
    """What a follower has to hear beside them, as JSON: of whom not everything is told from here on, or again."""


class LiveChanges:
    """Give each follower what changes, in order and without a gap; nothing is buffered for slow ones."""

    def __init__(self, questions: Questions, applied: Applied, *, streams: int, heartbeat_seconds: float) -> None:
        self._questions = questions
        self._applied = applied
        self._streams = streams
        self._heartbeat_seconds = heartbeat_seconds
        self._open = 0
        self._looks = asyncio.Semaphore(_LOOKS_AT_ONCE)
        self._looking: dict[tuple[Told, int, Chosen], asyncio.Task[Portion]] = {}

    def require_place(self) -> None:
        """Raise TooManyStreams when as many streams are open as may be."""
        if self._open >= self._streams:
            raise TooManyStreams(self._streams)

    @contextmanager
    def place(self) -> Iterator[None]:
        """Count as an open stream while the block runs."""
        self._open += 1
        try:
            yield
        finally:
            self._open -= 1

    async def now(self) -> Told:
        """Return what a follower has been told who wants only what comes next."""
        answer = await self._questions.projection(now=dt.datetime.now(dt.UTC), trouble=None)
        size = answer["size"]
        return Told(size if isinstance(size, int) else 0)

    async def follow(self, told: Told, chosen: Chosen) -> AsyncIterator[Portion]:
        """Yield what changes after `told`, in portions; an empty one is a sign of life. End when all is closed."""
        quarantined: Quarantined = {}
        clock = asyncio.get_running_loop().time
        silent_until = clock() + self._heartbeat_seconds
        while not self._applied.closed:
            size = self._applied.size
            if told.whole < size:
                portion = await self._next(told, min(size, told.whole + _SIZES_AT_ONCE), chosen)
            elif await self._applied.beyond(told.whole, patience=silent_until - clock()):
                continue
            elif self._applied.closed:
                return
            else:
                portion = await self._at_rest(told, chosen, quarantined)
            told = portion.told
            turned = _turned(quarantined, portion.quarantined)
            portion, quarantined = replace(portion, turned=turned), portion.quarantined
            if not portion.changes and not turned and clock() < silent_until:
                continue
            yield portion
            silent_until = clock() + self._heartbeat_seconds

    async def _at_rest(self, told: Told, chosen: Chosen, quarantined: Quarantined) -> Portion:
        """Return a sign of life: while nothing is recorded a treaty may be healed, unless nobody can say so now."""
        if told.whole:
            with suppress(DatabaseUnavailable, TooManyQuestions, ProjectionBehind):
                return await self._next(told, told.whole, chosen)
        return Portion((), told, quarantined)

    async def _next(self, told: Told, size: int, chosen: Chosen) -> Portion:
        """Return the next portion; followers at the same place, as most are, share one look at the database."""
        if size - told.whole <= _NEAR:
            shared = await self._shared(told, size, _EVERYBODY)
            changes = tuple(pair for pair in shared.changes if chosen.holds(pair[0]))
        else:
            shared = await self._shared(told, size, chosen)
            changes = shared.changes
        held = {treaty: why for treaty, why in shared.quarantined.items() if chosen.treaty in {None, treaty}}
        return Portion(changes, shared.told, held)

    async def _shared(self, told: Told, size: int, chosen: Chosen) -> Portion:
        about = (told, size, chosen)
        looking = self._looking.get(about)
        if looking is None:
            looking = asyncio.create_task(self._look(told, size, chosen))
            self._looking[about] = looking
            looking.add_done_callback(lambda done: self._looked(about, done))
        # A follower that leaves must not take the answer from the others.
        return await asyncio.shield(looking)

    def _looked(self, about: tuple[Told, int, Chosen], done: asyncio.Task[Portion]) -> None:
        del self._looking[about]
        if not done.cancelled():
            done.exception()  # each follower gets it; when all have left, nobody needs it

    async def _look(self, told: Told, size: int, chosen: Chosen) -> Portion:
        asked, edition = Asked(dt.datetime.now(dt.UTC).date(), known_size=size), Edition()
        cursor = write_cursor(tuple(map(str, told)), Clocks(asked.as_of, None, size, None)) if told.treaty else None
        async with self._looks:
            answer = await self._questions.changes(
                asked,
                ListAsked(_CHANGES_AT_ONCE, cursor, edition),
                from_size=told.whole,
                treaty_id=chosen.treaty,
                participant=chosen.participant,
            )
        listed, following = answer["changes"], answer["next"]
        found = [change for change in listed if isinstance(change, dict)] if isinstance(listed, list) else []
        return Portion(
            tuple((_told_of(change), orjson.dumps(change)) for change in found),
            _told_by(following) if isinstance(following, str) else Told(size),
            edition.quarantined,
        )


def _turned(before: Quarantined, after: Quarantined) -> tuple[bytes, ...]:
    """Return what there is to hear of those who were quarantined or healed, by name."""
    treaties = sorted(treaty for treaty in {*before, *after} if before.get(treaty) != after.get(treaty))
    return tuple(orjson.dumps({"treaty": treaty, **staleness_by(after.get(treaty))}) for treaty in treaties)


def _told_of(change: JsonObject) -> Told:
    position = change["position"]
    if not isinstance(position, int):
        raise TypeError(type(position).__name__)
    return Told(position + 1, str(change["treaty"]), str(change["participant"]))


def _told_by(cursor: str) -> Told:
    size, treaty, participant = read_cursor(cursor, parts=3).after
    return Told(int(size), treaty, participant)
