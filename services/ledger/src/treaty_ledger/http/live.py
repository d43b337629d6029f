"""GET /v1/events/live: what is recorded, as it is recorded (Server-Sent Events)."""

import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from treaty_ledger.errors import MalformedParameter, Unavailable
from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import MAX_POSITION, LiveQuery
from treaty_ledger.http.resources import FromLive, FromReads
from treaty_ledger.store.values import Recorded

EVENT_STREAM = "text/event-stream"
"""The media type of Server-Sent Events."""

LIVE_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""What keeps caches and proxies from holding a stream back."""

_NUMBER = re.compile(r"[0-9]{1,16}")

router = APIRouter(tags=["events"])


@router.get(
    "/v1/events/live",
    response_class=Response,
    responses={
        200: {
            "description": "Each message has the position as its id, `recorded` as its event, a RecordedEvent as data.",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
        },
        **problems(400, 503),
    },
)
async def follow_events(
    query: Annotated[LiveQuery, Query()],
    live: FromLive,
    reads: FromReads,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Follow the log; begin after Last-Event-ID, else with `from`, else with what is recorded next."""
    if last_event_id is not None:
        start = read_last_event_id(last_event_id) + 1
    elif query.from_ is not None:
        start = query.from_
    else:
        start = await reads.size()
    live.require_place()
    return StreamingResponse(_messages(live, start), media_type=EVENT_STREAM, headers=LIVE_HEADERS)


def read_last_event_id(last_event_id: str) -> int:
    """Return the number that a stream gave its last message; raise MalformedParameter for another text."""
    if _NUMBER.fullmatch(last_event_id) is None or int(last_event_id) >= MAX_POSITION:
        raise MalformedParameter("Last-Event-ID", "give the id of the last message received, a number")
    return int(last_event_id)


async def _messages(live: LiveFeed, start: int) -> AsyncIterator[bytes]:
    try:
        with live.place():
            yield b": following\n\n"
            async for events in live.follow(start):
                yield b"".join(_message(event) for event in events) or b": alive\n\n"
    except Unavailable:
        return  # the client comes back with Last-Event-ID and misses nothing


def _message(event: Recorded) -> bytes:
    return b"id: %d\nevent: recorded\ndata: %b\n\n" % (event.position, event.json())
