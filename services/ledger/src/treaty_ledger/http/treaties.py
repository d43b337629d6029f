"""GET /v1/treaties/{treaty}/events: one stream, by version."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Response

from treaty_contracts.names import SLUG_PATTERN
from treaty_ledger.errors import NotFound
from treaty_ledger.http.answered import TreatyEventsPage
from treaty_ledger.http.events import events_page
from treaty_ledger.http.media_types import JSON_TYPE
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import TreatyEventsQuery
from treaty_ledger.http.resources import FromReads

router = APIRouter(tags=["treaties"])

_SLUG = re.compile(SLUG_PATTERN.removesuffix("$") + r"\Z")


@router.get(
    "/v1/treaties/{treaty}/events",
    response_class=Response,
    responses={200: {"model": TreatyEventsPage}, **problems(400, 404, 503)},
)
async def list_treaty_events(treaty: str, query: Annotated[TreatyEventsQuery, Query()], reads: FromReads) -> Response:
    """List one treaty's events by version; its ETag is the version, for If-Match."""
    found = None
    if _SLUG.match(treaty):
        found = await reads.of_treaty(treaty, start=query.from_, limit=query.limit)
    if found is None:
        raise NotFound(f"treaty {treaty[:127]!r} in the record")
    last = found.events[-1].version if found.events else found.version
    next_ = last + 1 if last < found.version else None
    return Response(
        events_page(found.events, next_=next_, end=("version", found.version)),
        media_type=JSON_TYPE,
        headers={"ETag": f'"{found.version}"'},
    )
