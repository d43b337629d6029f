"""GET /v1/checkpoints/live: each checkpoint as it is signed (Server-Sent Events)."""

from collections.abc import AsyncIterator
from typing import Annotated

import orjson
from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.http.live import EVENT_STREAM, LIVE_HEADERS, read_last_event_id
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import CheckpointsQuery
from treaty_ledger.http.resources import FromLive, FromLog
from treaty_ledger.log.news import News, follow
from treaty_ledger.log.published import Published

router = APIRouter(tags=["log"])


@router.get(
    "/v1/checkpoints/live",
    response_class=Response,
    responses={
        200: {
            "description": "A message `checkpoint` has its size as its id, and as data `size` and `checkpoint`, the"
            " signed note; `recorded` has the `size` that is recorded while nothing so long is signed.",
            "content": {EVENT_STREAM: {"schema": {"type": "string"}}},
        },
        **problems(400, 503),
    },
)
async def follow_checkpoints(
    query: Annotated[CheckpointsQuery, Query()],
    live: FromLive,
    log: FromLog,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Follow what is signed: the newest checkpoint at once, if it is larger than what is known, then each new one."""
    known = query.from_size if last_event_id is None else read_last_event_id(last_event_id)
    live.require_place()
    return StreamingResponse(
        _messages(live, log.published, -1 if known is None else known), media_type=EVENT_STREAM, headers=LIVE_HEADERS
    )


async def _messages(live: LiveFeed, published: Published, known: int) -> AsyncIterator[bytes]:
    with live.place():
        yield b": following\n\n"
        async for news in follow(published, known, heartbeat_seconds=live.heartbeat_seconds):
            yield _message(news)


def _message(news: News | None) -> bytes:
    if news is None:
        return b": alive\n\n"
    if news.note is None:
        return b'event: recorded\ndata: {"size":%d}\n\n' % news.size
    data = orjson.dumps({"size": news.size, "checkpoint": news.note})
    return b"id: %d\nevent: checkpoint\ndata: %b\n\n" % (news.size, data)
