"""GET /v1/changes.atom: what changed last in the record, for readers of news."""

from __future__ import annotations

from hashlib import sha256
from typing import Annotated, cast

from fastapi import APIRouter, Query, Request, Response

from treaty_door.conditions import is_known
from treaty_projector.http.addresses import base_of, next_page
from treaty_projector.http.openapi import NEWS
from treaty_projector.http.parameters import ChangesParameters
from treaty_projector.http.state import state_of
from treaty_projector.publishing.news_feed import news_feed
from treaty_projector.publishing.shapes import ChangeDocument, StalenessDocument

_MEDIA_TYPE = "application/atom+xml; charset=utf-8"

router = APIRouter(prefix="/v1")


@router.get("/changes.atom", response_class=Response, responses=NEWS)
async def get_news_feed(request: Request, asked: Annotated[ChangesParameters, Query()]) -> Response:
    """Give what membership changed in the record as an Atom feed, the newest first; `next` leads to older ones."""
    answer = await state_of(request.app).questions.latest_changes(
        asked.asked(),
        asked.page(),
        from_size=asked.from_size,
        treaty_id=asked.treaty,
        participant=asked.participant,
    )
    following = answer["next"]
    links = {"self": str(request.url.replace(scheme="", netloc=""))}
    headers = {"Treaty-Log-Size": str(answer["known_size"]), "Cache-Control": "no-cache"}
    if isinstance(following, str):
        links["next"] = next_page(request, following)
        headers["Link"] = f'<{links["next"]}>; rel="next"'
    body = news_feed(
        cast("list[ChangeDocument]", answer["changes"]),
        staleness=cast("StalenessDocument", answer),
        begun_at=cast("str | None", answer["begun_at"]),
        about=cast("list[str]", answer["about"]),
        chosen={name: value for name in ("treaty", "participant") if (value := getattr(asked, name)) is not None},
        links=links,
        base=base_of(request),
    )
    headers["ETag"] = tag = f'"{sha256(body).hexdigest()[:32]}"'
    if is_known(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=_MEDIA_TYPE, headers=headers)
