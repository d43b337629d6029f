"""GET /problems/{name}: a page that explains a problem."""

from collections.abc import Mapping
from html import escape
from types import MappingProxyType

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from treaty_contracts.problems import PROBLEMS
from treaty_ledger.errors import NotFound
from treaty_ledger.http.openapi import problems

router = APIRouter(tags=["problems"])

_ADVICE: Mapping[str, str] = MappingProxyType(
    {
        "malformed-json": "The body is not JSON in UTF-8, or two readers could understand it differently: a key stands"
        " twice, a number is not an integer within ±(2⁵³-1), a text holds a lone surrogate or NUL, or it is nested too"
        " deeply. Send it again corrected.",
        "malformed-parameter": "A parameter or header is not known here, or its value is not. The detail names it.",
        "not-found": "There is nothing at this address: check the position, the treaty or the type.",
        "event-id-conflict": "The pair of source and id names one event for ever. An event with this pair but another"
        " content is recorded already, or a batch repeats some recorded events beside new ones. A retry must be"
        " unchanged; a new fact needs a new id.",
        "treaty-already-registered": "A treaty's stream starts with one treaty.registered. To change what was"
        " registered, record treaty.clauses_amended or record.superseded.",
        "already-superseded": "Another record.superseded names the same position. Supersede that one instead.",
        "version-mismatch": "If-Match or If-None-Match names another version than the stream is at: somebody recorded"
        " something meanwhile. Read the stream, decide again, and send the version you then saw.",
        "too-large": "One event may have 60 KiB; a batch 1,000 events and 5 MiB. JSON Lines have no limit but that of"
        " one event a line.",
        "unsupported-media-type": "Post application/cloudevents+json or application/json (one event),"
        " application/cloudevents-batch+json (a list, all or nothing) or application/jsonl (an event a line); in UTF-8"
        " and not compressed.",
        "invalid-event": "The event does not follow its schema. Each error says where (a JSON Pointer) and what to"
        " change; the schemas are at /v1/schemas.",
        "treaty-not-registered": "Record treaty.registered for this subject first.",
        "unknown-participant": "The code is not one of ISO 3166-1 alpha-3, ISO 3166-3 or the known organisations, and"
        " no participant.registered introduced it.",
        "unknown-event-type": "The type is not in the catalogue at /v1/schemas.",
        "unavailable": "The ledger cannot answer now: it is overloaded, or its database does not answer. Ask again"
        " after Retry-After seconds; a repeated post of the same event is recorded once.",
    }
)


@router.get("/problems/{name}", response_class=HTMLResponse, responses=problems(404))
async def explain_problem(name: str) -> HTMLResponse:
    """Explain a problem to a person."""
    kind = PROBLEMS.get(name)
    if kind is None:
        raise NotFound("such problem")
    advice = _ADVICE.get(name, "The ledger does not report this problem; another service of this register does.")
    title = escape(kind.title)
    return HTMLResponse(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{escape(advice)}</p><p>Status {kind.status}, type <code>{kind.uri}</code>.</p></html>"
    )
