"""/log/*: the log as C2SP tlog-tiles, which other people's programs read and verify."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from treaty_contracts.tlog.tiles import parse_tile
from treaty_ledger.errors import NotFound
from treaty_ledger.http.openapi import Responses, problems
from treaty_ledger.http.parameters import NoQuery
from treaty_ledger.http.resources import FromLog

PLAIN_TEXT = "text/plain; charset=utf-8"
"""The media type of signed notes."""

OCTETS = "application/octet-stream"
"""The media type of tiles and bundles."""

FOR_A_MOMENT = "public, max-age=1"
FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(prefix="/log", tags=["log"])

_TEXT: Responses = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
_OCTETS: Responses = {200: {"content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/checkpoint", response_class=Response, responses={**_TEXT, **problems(400, 503)})
async def show_checkpoint(log: FromLog, _query: Annotated[NoQuery, Query()]) -> Response:
    """Show the newest signed checkpoint: what the log commits to."""
    return Response(log.published.signed.note, headers={"Cache-Control": FOR_A_MOMENT, "Content-Type": PLAIN_TEXT})


@router.get("/vkey", response_class=Response, responses={**_TEXT, **problems(400)})
async def show_vkey(log: FromLog, _query: Annotated[NoQuery, Query()]) -> Response:
    """Show the keys that verify checkpoints, one a line, the newest first. Compare them with what you got elsewhere."""
    lines = "".join(f"{verifier.vkey}\n" for verifier in log.verifiers)
    return Response(lines, headers={"Cache-Control": FOR_A_MOMENT, "Content-Type": PLAIN_TEXT})


@router.get("/tile/{path:path}", response_class=Response, responses={**_OCTETS, **problems(400, 404, 503)})
async def show_tile(path: str, log: FromLog, _query: Annotated[NoQuery, Query()]) -> Response:
    """Show a tile of hashes (`{level}/{number}`) or a bundle of entries (`entries/{number}`); `.p/{width}` cuts it."""
    tile = parse_tile(path)
    if tile is None:
        raise NotFound("such tile: a number is written as x001/x234/067")
    content = await log.tree.tile(tile)
    return Response(content, headers={"Cache-Control": FOR_EVER, "Content-Type": OCTETS})
