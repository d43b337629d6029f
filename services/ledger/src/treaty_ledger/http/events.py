"""GET /v1/events: the log, by position."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse

from treaty_contracts.envelope import RecordedEvent
from treaty_door.conditions import is_known
from treaty_ledger.errors import NotFound
from treaty_ledger.http.answered import EventsPage
from treaty_ledger.http.media_types import JSON_LINES, JSON_TYPE, wants_lines
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import MAX_POSITION, EventsQuery, NoQuery, NumberInPath
from treaty_ledger.http.resources import FromReads
from treaty_ledger.store.reads import Reads
from treaty_ledger.store.values import Recorded

router = APIRouter(tags=["events"])


@router.get(
    "/v1/events",
    response_class=Response,
    responses={
        200: {
            "model": EventsPage,
            "description": "A page; or, for Accept: application/jsonl, every match up to the log's end, a line each.",
            "content": {JSON_LINES: {"schema": {"type": "string", "description": "One RecordedEvent a line."}}},
        },
        **problems(400, 503),
    },
)
async def list_events(
    query: Annotated[EventsQuery, Query()], reads: FromReads, accept: Annotated[str | None, Header()] = None
) -> Response:
    """List recorded events by position."""
    size = await reads.size()
    if wants_lines(accept):
        headers = {"Cache-Control": "no-store", "Treaty-Log-Size": str(size), "Vary": "Accept"}
        return StreamingResponse(_lines(reads, query, size), media_type=JSON_LINES, headers=headers)
    events = await reads.events(query.chosen, start=query.from_, end=size, limit=query.limit + 1)
    page, more = events[: query.limit], len(events) > query.limit
    next_ = page[-1].position + 1 if more else None
    return Response(
        events_page(page, next_=next_, end=("size", size)), media_type=JSON_TYPE, headers={"Vary": "Accept"}
    )


@router.get(
    "/v1/events/{position}",
    response_class=Response,
    responses={
        200: {"model": RecordedEvent},
        304: {"description": "What If-None-Match names is still the answer."},
        **problems(400, 404, 503),
    },
)
async def show_event(
    position: NumberInPath,
    reads: FromReads,
    _query: Annotated[NoQuery, Query()],
    if_none_match: Annotated[str | None, Header(description="The ETag of an answer that is known.")] = None,
) -> Response:
    """Show one recorded event."""
    event = await reads.event(position) if 0 <= position <= MAX_POSITION else None
    if event is None:
        raise NotFound(f"event at position {position}")
    tag = f'"{event.leaf_hash.hex()}"'
    if is_known(if_none_match, tag):
        return Response(status_code=304, headers={"ETag": tag})
    return Response(event.json(), media_type=JSON_TYPE, headers={"ETag": tag})


def events_page(events: tuple[Recorded, ...], *, next_: int | None, end: tuple[str, int]) -> bytes:
    """Return a page in JSON, around the bytes that were accepted."""
    name, value = end
    tail = f'],"next":{"null" if next_ is None else next_},"{name}":{value}}}'
    return b'{"events":[' + b",".join(event.json() for event in events) + tail.encode()


async def _lines(reads: Reads, query: EventsQuery, size: int) -> AsyncIterator[bytes]:
    async for events in reads.stream_of_events(query.chosen, start=query.from_, end=size):
        yield b"\n".join([*(event.json() for event in events), b""])
