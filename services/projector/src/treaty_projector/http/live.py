"""GET /v1/changes/live: what changes in the record, as it changes (Server-Sent Events)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from treaty_projector.errors import DatabaseUnavailable, MalformedParameter, Refused
from treaty_projector.http.openapi import EVENTS
from treaty_projector.http.parameters import LiveParameters
from treaty_projector.http.state import state_of
from treaty_projector.queries.live import Chosen, LiveChanges, Portion, Told

EVENT_STREAM = "text/event-stream"
"""The media type of Server-Sent Events."""

_ID = re.compile(r"([0-9]{1,16})(?:/([a-z0-9][a-z0-9-]{0,126})/([A-Z0-9][A-Z0-9-]{1,39}))?", re.ASCII)
_AT_ONCE = 65_536
"""How many bytes are handed over before it is seen whether the client takes them."""

router = APIRouter(prefix="/v1")


@router.get("/changes/live", response_class=Response, responses=EVENTS)
async def follow_changes(
    request: Request,
    asked: Annotated[LiveParameters, Query()],
    last_event_id: Annotated[str | None, Header(description="The id of the last event received.")] = None,
) -> Response:
    """Follow what membership changes in the record; begin after Last-Event-ID, else after `from_size`, else now."""
    live = state_of(request.app).live
    live.require_place()
    if last_event_id is not None:
        told = _told(last_event_id)
    elif asked.from_size is not None:
        told = Told(asked.from_size)
    else:
        told = await live.now()
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    messages = _messages(live, told, Chosen(asked.treaty, asked.participant))
    return StreamingResponse(messages, media_type=EVENT_STREAM, headers=headers)


def _told(last_event_id: str) -> Told:
    found = _ID.fullmatch(last_event_id)
    if found is None or int(found[1]) > 2**53 - 1 or (found[2] is not None and int(found[1]) == 0):
        raise MalformedParameter("Last-Event-ID", "give the id of the last event received, unchanged")
    return Told(int(found[1]), found[2] or "", found[3] or "")


async def _messages(live: LiveChanges, told: Told, chosen: Chosen) -> AsyncIterator[bytes]:
    try:
        with live.place():
            yield b": following\n\n"
            async for portion in live.follow(told, chosen):
                for chunk in _chunks(portion):
                    yield chunk
    except (DatabaseUnavailable, Refused):
        return  # the client comes back with Last-Event-ID and misses nothing


def _chunks(portion: Portion) -> list[bytes]:
    """Return the messages of a portion; without any, a comment, and an id that lets the client resume from here."""
    if not portion.changes and not portion.turned:
        return [b": alive\nid: %b\n\n" % _id(portion.told)]
    chunks: list[bytes] = []
    gathered = b""
    for told, change in portion.changes:
        gathered += _message(told, change)
        if len(gathered) >= _AT_ONCE:
            chunks.append(gathered)
            gathered = b""
    gathered += b"".join(b"event: stale\ndata: %b\n\n" % turned for turned in portion.turned)
    return [*chunks, gathered] if gathered else chunks


def _message(told: Told, change: bytes) -> bytes:
    return b"id: %b\nevent: changed\ndata: %b\n\n" % (_id(told), change)


def _id(told: Told) -> bytes:
    return "/".join((str(told.size), told.treaty, told.participant)).rstrip("/").encode()
