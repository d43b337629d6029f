"""Put questions to the read model: one connection, one size of the log and one day for each."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

from treaty_contracts.canonical import JsonObject
from treaty_projector.applied import Applied
from treaty_projector.errors import ProjectionBehind, ProjectorError
from treaty_projector.queries.anomalies import anomalies, projection
from treaty_projector.queries.changes import changes
from treaty_projector.queries.clocks import Asked, Clocks, settle
from treaty_projector.queries.deliveries import Deliveries, deliveries
from treaty_projector.queries.edition import Edition
from treaty_projector.queries.exits import pending_exits
from treaty_projector.queries.explanation import explanation
from treaty_projector.queries.history import history
from treaty_projector.queries.latest import latest_changes
from treaty_projector.queries.members import MembersPage, member, members
from treaty_projector.queries.memberships import all_members, memberships
from treaty_projector.queries.names import NameBook
from treaty_projector.queries.newest import Newest
from treaty_projector.queries.notices import exit_notices
from treaty_projector.queries.paging import read_cursor, write_cursor
from treaty_projector.queries.treaties import treaties, treaties_of, treaty
from treaty_projector.reading import Reader, Reads

_WAIT_SECONDS = 2.0

_T = TypeVar("_T")
_Question: TypeAlias = Callable[[Reader, Clocks], Awaitable[JsonObject]]
_After: TypeAlias = tuple[str, ...] | None


class _Find(Protocol):
    """Return one page of a list, and the place after it if more follow."""

    async def __call__(
        self, reader: Reader, clocks: Clocks, *, limit: int, after: _After
    ) -> tuple[JsonObject, _After]: ...


@dataclass(frozen=True, slots=True)
class ListAsked:
    """Hold what the client said about the page of a list."""

    limit: int
    cursor: str | None
    edition: Edition | None = None
    """What the pages of a list that is read to its end are of."""

    def hold(self, reader: Reader, clocks: Clocks) -> None:
        """Raise EditionReplaced when the pages before were of another state of the read model."""
        if self.edition is not None:
            self.edition.hold(reader, clocks)


class Questions:
    """Answer from one read model."""

    def __init__(self, reads: Reads, applied: Applied) -> None:
        self._reads = reads
        self._applied = applied
        self._names = NameBook()
        self.newest = Newest(reads, applied)

    async def members(
        self, treaty_id: str, asked: Asked, page: ListAsked, *, consent: str
    ) -> tuple[MembersPage, Clocks]:
        """Return who stands where in one treaty, and the clocks of the answer."""
        asked, after = _placed(asked, page, parts=1)

        async def ask(reader: Reader) -> tuple[MembersPage, Clocks]:
            found, clocks = await members(
                reader, self._names, treaty_id, asked, consent=consent, limit=page.limit, after=after
            )
            page.hold(reader, clocks)
            return found, clocks

        found, clocks = await self._patiently(ask)
        self._applied.advance(clocks.size)
        return found, clocks

    async def member(self, treaty_id: str, participant: str, asked: Asked) -> JsonObject:
        """Return everything about one participant in one treaty."""
        return await self._ask(
            asked, lambda reader, clocks: member(reader, self._names, treaty_id, participant, clocks)
        )

    async def explanation(self, treaty_id: str, participant: str, asked: Asked) -> JsonObject:
        """Return the conclusion about one participant, and every step that leads to it."""
        return await self._ask(
            asked, lambda reader, clocks: explanation(reader, self._names, treaty_id, participant, clocks)
        )

    async def treaty(self, treaty_id: str, asked: Asked) -> JsonObject:
        """Return what is known of one treaty."""
        return await self._ask(asked, lambda reader, clocks: treaty(reader, treaty_id, clocks))

    async def treaties(self, asked: Asked, page: ListAsked, *, q: str | None, subject: str | None) -> JsonObject:
        """Return the treaties on record."""
        return await self._list(asked, page, partial(treaties, q=q, subject=subject))

    async def treaties_of(self, participant: str, asked: Asked, page: ListAsked, *, consent: str) -> JsonObject:
        """Return where one participant stands, treaty by treaty."""
        find = partial(treaties_of, names_known=self._names, participant=participant, consent=consent)
        return await self._list(asked, page, find)

    async def history(self, treaty_id: str, asked: Asked, page: ListAsked) -> JsonObject:
        """Return everything that happened under one treaty, in legal order."""
        return await self._list(asked, page, partial(history, names_known=self._names, treaty=treaty_id))

    async def pending_exits(
        self,
        asked: Asked,
        page: ListAsked,
        *,
        treaty_id: str | None,
        participant: str | None,
        before: dt.date | None,
        stage: str,
    ) -> JsonObject:
        """Return exits in the stages asked for."""
        find = partial(
            pending_exits,
            names_known=self._names,
            treaty=treaty_id,
            participant=participant,
            before=before,
            stage=stage,
        )
        return await self._list(asked, page, find, parts=3)

    async def changes(
        self, asked: Asked, page: ListAsked, *, from_size: int, treaty_id: str | None, participant: str | None
    ) -> JsonObject:
        """Return what membership changed in the record up to the size asked for."""
        find = partial(
            changes,
            names_known=self._names,
            from_size=from_size,
            treaties=None if treaty_id is None else [treaty_id],
            participants=None if participant is None else [participant],
        )
        return await self._list(asked, page, find, parts=3)

    async def latest_changes(
        self, asked: Asked, page: ListAsked, *, from_size: int, treaty_id: str | None, participant: str | None
    ) -> JsonObject:
        """Return what membership changed last in the record, the newest first."""
        find = partial(
            latest_changes,
            names_known=self._names,
            from_size=from_size,
            treaty=treaty_id,
            participant=participant,
        )
        return await self._list(asked, page, find, parts=3)

    async def exit_notices(
        self,
        asked: Asked,
        page: ListAsked,
        *,
        treaty_id: str | None,
        participant: str | None,
        before: dt.date | None,
        effective_from: dt.date | None,
    ) -> JsonObject:
        """Return what a calendar shows of the notices of a page of participants."""
        find = partial(
            exit_notices,
            names_known=self._names,
            treaty=treaty_id,
            participant=participant,
            before=before,
            effective_from=effective_from,
        )
        return await self._list(asked, page, find, parts=2)

    async def anomalies(self, asked: Asked, page: ListAsked, *, treaty_id: str | None) -> JsonObject:
        """Return the facts that have not the effect one might expect."""
        return await self._list(asked, page, partial(anomalies, treaty=treaty_id), parts=4)

    async def all_members(self, asked: Asked, page: ListAsked, *, consent: str) -> JsonObject:
        """Return who stands where, in every treaty."""
        return await self._list(asked, page, partial(all_members, names_known=self._names, consent=consent), parts=2)

    async def memberships(self, asked: Asked, page: ListAsked, *, treaty_id: str | None) -> JsonObject:
        """Return every membership on every day and at every size of the log up to the one asked for."""
        find = partial(memberships, names_known=self._names, treaty=treaty_id)
        return await self._list(asked, page, find, parts=4)

    async def projection(
        self, *, now: dt.datetime, trouble: ProjectorError | None, min_size: int | None = None
    ) -> JsonObject:
        """Return how far the projection has come, once it has come as far as is asked."""

        async def ask(reader: Reader, _clocks: Clocks) -> JsonObject:
            return await projection(reader, now=now, trouble=trouble)

        return await self._ask(Asked(now.date(), min_size=min_size), ask)

    async def deliveries(self) -> Deliveries:
        """Return how the webhooks are doing."""
        return await self._patiently(deliveries)

    async def _list(self, asked: Asked, page: ListAsked, find: _Find, *, parts: int = 1) -> JsonObject:
        """Answer one page; the pages that follow keep the clocks of the first."""
        asked, after = _placed(asked, page, parts=parts)

        async def one_page(reader: Reader, clocks: Clocks) -> JsonObject:
            page.hold(reader, clocks)
            answer, following = await find(reader, clocks, limit=page.limit, after=after)
            return {**answer, "next": None if following is None else write_cursor(following, clocks)}

        return await self._ask(asked, one_page)

    async def _ask(self, asked: Asked, ask: _Question) -> JsonObject:
        """Ask about one day and one size of the log; what was shown once is never taken back by a later answer."""

        async def settled_first(reader: Reader) -> JsonObject:
            clocks = await settle(reader, asked)
            self._applied.advance(clocks.size)
            return await ask(reader, clocks)

        return await self._patiently(settled_first)

    async def _patiently(self, ask: Callable[[Reader], Awaitable[_T]]) -> _T:
        """Ask on one connection; wait a little, without one, for entries that are not applied yet."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _WAIT_SECONDS
        while True:
            try:
                async with self._reads.lent() as reader:
                    return await ask(reader)
            except ProjectionBehind as behind:
                left = deadline - loop.time()
                if left <= 0 or self._applied.closed:
                    raise
                self._applied.advance(behind.size)
                await self._applied.beyond(max(behind.size, behind.wanted - 1), patience=left)


def _placed(asked: Asked, page: ListAsked, *, parts: int) -> tuple[Asked, _After]:
    """Return the clocks and the place of a page: those that follow the first keep its clocks, and its generation.

    A list that is read to its end is held to its generation by its edition.
    """
    if page.cursor is None:
        return asked, None
    place = read_cursor(page.cursor, parts=parts)
    generation = place.generation if page.edition is None else None
    asked = replace(asked, as_of=place.as_of, known_at=None, known_size=place.size, generation=generation)
    return asked, place.after
