"""GET /v1/pending-exits.ics: pending exits as a calendar that people subscribe to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from hashlib import sha256
from typing import Annotated, TypeAlias, cast

import orjson
from fastapi import APIRouter, Query, Request, Response

from treaty_contracts.canonical import JSON, JsonObject
from treaty_door.conditions import is_known
from treaty_projector.http.addresses import base_of
from treaty_projector.http.bodies import ReadWhileSent
from treaty_projector.http.openapi import CALENDAR
from treaty_projector.http.parameters import CalendarParameters
from treaty_projector.http.state import state_of
from treaty_projector.publishing.exit_calendar import REVISION, event, head, tail
from treaty_projector.publishing.shapes import NoticeDocument, StalenessDocument
from treaty_projector.queries.edition import Edition
from treaty_projector.queries.questions import ListAsked

_MEDIA_TYPE = "text/calendar; charset=utf-8"
_PARTICIPANTS_AT_ONCE = 2_000
_EVENTS_AT_ONCE = 50
"""Events are written in a thread, a few at a time, so that others are answered meanwhile."""

router = APIRouter(prefix="/v1")

_Read: TypeAlias = Callable[[str | None], Awaitable[JsonObject]]


@router.get("/pending-exits.ics", response_class=Response, responses=CALENDAR)
async def get_exit_calendar(request: Request, asked: Annotated[CalendarParameters, Query()]) -> Response:
    """Give pending exits as a calendar: one event of a whole day each, cancelled when the notice is taken back."""
    state, clocks, edition = state_of(request.app), asked.asked(), Edition()

    async def read(cursor: str | None) -> JsonObject:
        return await state.questions.exit_notices(
            clocks,
            ListAsked(_PARTICIPANTS_AT_ONCE, cursor, edition),
            treaty_id=asked.treaty,
            participant=asked.participant,
            before=asked.before,
            effective_from=asked.effective_from,
        )

    first, base = await read(None), base_of(request)
    tag = await _tag(first, read, base)
    headers = {"ETag": tag, "Treaty-Log-Size": str(first["known_size"]), "Cache-Control": "no-cache"}
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return ReadWhileSent(_calendar(first, read, base, state.writing), media_type=_MEDIA_TYPE, headers=headers)


async def _tag(first: JsonObject, read: _Read, base: str | None) -> str:
    """Return a strong tag over everything that will be written, found before a byte of it is."""
    about: JSON = [REVISION, base, *(first[name] for name in ("title", "name", "stale_since", "stale_reason"))]
    digest = sha256(orjson.dumps(about))
    async for page in _pages(first, read):
        digest.update(orjson.dumps(page["notices"]))
    return f'"{digest.hexdigest()[:32]}"'


async def _calendar(
    first: JsonObject, read: _Read, base: str | None, writing: asyncio.Semaphore
) -> AsyncIterator[bytes]:
    """Give the calendar page by page, so that neither a long one nor a slow client takes more memory than a page."""
    has_events = False
    about = [str(part) for part in (first["title"], first["name"]) if part is not None]
    yield head(about, cast("StalenessDocument", first))
    async for page in _pages(first, read):
        notices = cast("list[NoticeDocument]", page["notices"])
        has_events = has_events or bool(notices)
        for start in range(0, len(notices), _EVENTS_AT_ONCE):
            async with writing:
                written = await asyncio.to_thread(_events, notices[start : start + _EVENTS_AT_ONCE], base)
            yield written
    yield tail(has_events=has_events)


def _events(notices: Sequence[NoticeDocument], base: str | None) -> bytes:
    return b"".join(event(notice, base=base) for notice in notices)


async def _pages(first: JsonObject, read: _Read) -> AsyncIterator[JsonObject]:
    """Give the first page, and read those that follow it at the same clocks."""
    page = first
    yield page
    while isinstance(cursor := page["next"], str):
        page = await read(cursor)
        yield page
