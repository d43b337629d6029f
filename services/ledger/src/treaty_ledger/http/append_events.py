"""POST /v1/events: record one event, a batch, or line after line."""

from collections.abc import Callable
from typing import assert_never

import orjson
from starlette.requests import Request
from starlette.responses import Response

from treaty_ledger.append.appender import Appender
from treaty_ledger.append.outcomes import Appended, Replayed
from treaty_ledger.append.outcomes import Request as AppendRequest
from treaty_ledger.errors import MalformedParameter, Refusal
from treaty_ledger.http.append_lines import LinesExchange
from treaty_ledger.http.bodies import BATCH_BYTES, EVENT_BYTES, read_body
from treaty_ledger.http.conditions import expected_version
from treaty_ledger.http.intake import batch, one_event
from treaty_ledger.http.media_types import CLOUDEVENTS_BATCH, JSON_LINES, JSON_TYPE, posted_form
from treaty_ledger.http.problems import Endpoint
from treaty_ledger.http.receipts import receipt_fields
from treaty_ledger.http.resources import Resources
from treaty_ledger.http.writers import Writer, admitted


def append_events(resources: Resources) -> Endpoint:
    """Return the endpoint that records posted events, of those who may record."""
    appender = resources.appender

    async def endpoint(request: Request) -> Response:
        writer = await admitted(request, resources.access)
        # Read once: Starlette's Headers would search its list for each name.
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}
        form = posted_form(headers)
        stops_at_refusal = _stop_on_error(request, form)
        expected = expected_version(headers)
        if form == JSON_LINES:
            if expected is not None:
                raise MalformedParameter("If-Match", "a condition is for one event or a batch, not for lines")
            return LinesExchange(request, appender, writer=writer, stops_at_refusal=stops_at_refusal)
        if form == CLOUDEVENTS_BATCH:
            body = await read_body(request, headers, what="A batch", limit=BATCH_BYTES)
            asked = writer.permitted_batch(batch(body, recorded_by=writer.name, expected=expected))
            return await _record(appender, asked, writer=writer, write=_batch)
        body = await read_body(request, headers, what="An event", limit=EVENT_BYTES)
        asked = writer.permitted(one_event(body, recorded_by=writer.name, expected=expected))
        return await _record(appender, asked, writer=writer, write=_one)

    return endpoint


def _stop_on_error(request: Request, form: str) -> bool:
    if not request.scope["query_string"]:
        return False
    for name, value in request.query_params.multi_items():
        if name != "stop_on_error" or form != JSON_LINES:
            raise MalformedParameter(name, "there is no such parameter here")
        if value not in {"true", "false"}:
            raise MalformedParameter(name, "use true or false")
    return request.query_params.get("stop_on_error") == "true"


async def _record(
    appender: Appender,
    asked: AppendRequest,
    *,
    writer: Writer,
    write: Callable[[Appended | Replayed], tuple[bytes, dict[str, str]]],
) -> Response:
    outcome = await appender.append(asked)
    match outcome:
        case Refusal():
            raise outcome
        case Appended():
            content, headers = write(outcome)
            return Response(content, status_code=201, headers=headers | writer.headers, media_type=JSON_TYPE)
        case Replayed():
            content, headers = write(outcome)
            headers["Idempotent-Replayed"] = "true"
            return Response(content, headers=headers | writer.headers, media_type=JSON_TYPE)
        case _:
            assert_never(outcome)


def _one(outcome: Appended | Replayed) -> tuple[bytes, dict[str, str]]:
    receipt = outcome.receipts[0]
    headers = {"Location": f"/v1/events/{receipt.position}", "ETag": f'"{receipt.version}"'}
    return orjson.dumps(receipt_fields(receipt)), headers


def _batch(outcome: Appended | Replayed) -> tuple[bytes, dict[str, str]]:
    return orjson.dumps({"receipts": [receipt_fields(receipt) for receipt in outcome.receipts]}), {}
