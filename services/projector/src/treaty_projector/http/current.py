"""Keep answers about who belongs to a treaty now in memory, as long as they are true."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from dataclasses import dataclass, replace

from treaty_projector.http.answered import Answered, Said
from treaty_projector.http.parameters import MembersParameters
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import MembersPage
from treaty_projector.queries.newest import Head
from treaty_projector.queries.questions import Questions

_Key = tuple[int, str, str, int, dt.date]
_OVERHEAD = 1_000
"""Bytes that an answer takes beside its text."""


class Members:
    """Answer who belongs to a treaty; what is asked of today, by everything known, is kept.

    What an answer says of members stays true until the treaty moves or the day ends: the day is part of the key. What
    it says of the log changes with every entry, and is written anew around the rest.
    """

    def __init__(self, questions: Questions, *, most_bytes: int) -> None:
        self._questions = questions
        self._most_bytes = most_bytes
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._bytes = 0

    async def answer(self, treaty: str, parameters: MembersParameters) -> Said:
        """Return the answer, from memory where that is true."""
        asked, page = parameters.asked(), parameters.page()
        is_current = asked.known_at is None and asked.known_size is None and page.cursor is None
        generation = self._questions.newest.generation
        key = (generation, treaty, parameters.consent, page.limit, asked.as_of)
        if is_current and (kept := await self._true(key, at_least=asked.min_size or 0)) is not None:
            return kept.answered, kept.following
        found, clocks = await self._questions.members(treaty, asked, page, consent=parameters.consent)
        answered, following = Answered(found.body(clocks), size=clocks.size), found.following(clocks)
        is_of_one_generation = generation == self._questions.newest.generation
        # A quarantined treaty may be healed while the log does not grow: what is kept would not notice.
        may_be_kept = is_current and is_of_one_generation and treaty not in clocks.quarantined
        if may_be_kept and asked.as_of == dt.datetime.now(dt.UTC).date():
            self._keep(key, _Kept(found, clocks, answered, Head(clocks.size, clocks.known_at), following))
        return answered, following

    async def _true(self, key: _Key, *, at_least: int) -> _Kept | None:
        """Return what is kept if it is true at the newest size, saying so."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        newest = self._questions.newest
        head = await newest.head()
        if head is None or head.size < at_least or not newest.is_unmoved(key[1], since=kept.clocks.size):
            return None
        if kept.answered_at != head:
            kept = kept.at(head)
            self._keep(key, kept)
        elif key in self._kept:
            self._kept.move_to_end(key)
        return kept

    def _keep(self, key: _Key, kept: _Kept) -> None:
        """Keep an answer, and put away those that were not asked for longest."""
        before = self._kept.pop(key, None)
        self._bytes += kept.bytes - (before.bytes if before else 0)
        self._kept[key] = kept
        while self._bytes > self._most_bytes:
            _, gone = self._kept.popitem(last=False)
            self._bytes -= gone.bytes


@dataclass(frozen=True, slots=True)
class _Kept:
    """Hold a page as it was found, and the answer that tells of it at one size of the log."""

    found: MembersPage
    clocks: Clocks
    answered: Answered
    answered_at: Head
    following: str | None

    def at(self, head: Head) -> _Kept:
        """Answer with the same page at a later size, at which it is still what is known."""
        clocks = replace(self.clocks, known_at=head.recorded_at, size=head.size)
        answered = Answered(self.found.body(clocks), size=head.size)
        return replace(self, answered=answered, answered_at=head, following=self.found.following(clocks))

    @property
    def bytes(self) -> int:
        """Return about how much memory this takes, with the answer in every coding."""
        return _OVERHEAD + len(self.found.members) + 2 * len(self.answered.body)
