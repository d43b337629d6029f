"""GET /problems/{name}: a page that explains a problem."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from treaty_contracts.problems import PROBLEMS
from treaty_ledger.errors import NotFound
from treaty_ledger.http.openapi import problems
from treaty_ledger.http.parameters import NoQuery

router = APIRouter(tags=["problems"])


@router.get("/problems/{name}", response_class=HTMLResponse, responses=problems(400, 404))
async def explain_problem(name: str, _query: Annotated[NoQuery, Query()]) -> HTMLResponse:
    """Explain a problem to a person."""
    kind = PROBLEMS.get(name)
    if kind is None:
        raise NotFound("such problem")
    title = escape(kind.title)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{escape(kind.meaning)}</p>"
        f"<p>Status {kind.status}, type <code>{kind.uri}</code>.</p></html>"
    )
