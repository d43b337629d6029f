"""Describe problems and posted events for the OpenAPI document."""

from typing import TypeAlias

from treaty_contracts.canonical import JsonObject
from treaty_door.documents import problems as described
from treaty_ledger.http.media_types import CLOUDEVENT, CLOUDEVENTS_BATCH, JSON_LINES, JSON_TYPE
from treaty_ledger.http.private_reads import OPEN

Responses: TypeAlias = "dict[int | str, dict[str, object]]"
"""What an endpoint may answer, by status."""

BEARER = "bearer"
"""The name under which the document speaks of credentials."""

SECURITY_SCHEMES: JsonObject = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An API key (`trk_…`), or an access token (JWT) of the issuer that the ledger is set to."
        " Recording takes a scope `events:append…` unless the ledger asks nobody; reading takes `events:read` or"
        " `admin` where reads are not public.",
    }
}
"""How a client says who it is."""

OPEN_TO_ALL = (*OPEN, "/problems/{name}")
"""What takes no credential, whatever the ledger is set to."""

_SCHEMAS = "#/components/schemas/"
_EVENT: JsonObject = {"$ref": _SCHEMAS + "ProposedEvent"}
_LINES: JsonObject = {"schema": {"type": "string", "description": "One event a line, of any number of lines."}}


def problems(*statuses: int) -> Responses:
    """Return how an endpoint describes the problems of some statuses."""
    return described(*statuses)


def describe_access(path: str, method: str, operation: dict[str, object]) -> None:
    """Say of an operation whether it takes a credential, and what it answers without a good one."""
    if path in OPEN_TO_ALL:
        operation["security"] = []
        return
    writes = method == "post"
    operation["security"] = [{BEARER: []}] if writes else [{}, {BEARER: []}]
    answers = operation["responses"]
    if isinstance(answers, dict):
        answers |= {str(status): described for status, described in problems(401, 403).items()}
        operation["responses"] = dict(sorted(answers.items()))


def header(description: str, example: str) -> JsonObject:
    """Return how an answer describes one of its headers."""
    return {"description": description, "schema": {"type": "string"}, "example": example}


RECEIPT_HEADERS: JsonObject = {
    "Location": header("Where a single event is found.", "/v1/events/7"),
    "ETag": header("The version that a single event made its stream.", '"3"'),
}
"""What stands in the head of an answer with one receipt."""

REPLAY_HEADER: JsonObject = {"Idempotent-Replayed": header("Nothing was recorded anew.", "true")}
"""What stands in the head of an answer to what was recorded before."""


def _parameter(name: str, place: str, description: str, example: str) -> JsonObject:
    return {
        "name": name,
        "in": place,
        "required": False,
        "description": description,
        "schema": {"type": "string"},
        "example": example,
    }


POSTED_EVENTS: JsonObject = {
    "requestBody": {
        "required": True,
        "description": "One event, a batch that is recorded as a whole or not at all, or an event a line.",
        "content": {
            CLOUDEVENT: {"schema": _EVENT},
            JSON_TYPE: {"schema": _EVENT},
            CLOUDEVENTS_BATCH: {"schema": {"type": "array", "items": _EVENT, "minItems": 1, "maxItems": 1_000}},
            JSON_LINES: _LINES,
        },
    },
    "parameters": [
        _parameter("If-Match", "header", "The version at which the stream is believed to be.", '"7"'),
        _parameter("If-None-Match", "header", "The stream is believed not to exist.", "*"),
        _parameter("stop_on_error", "query", "For JSON Lines: stop after the first refused line.", "true"),
    ],
}
"""What POST /v1/events takes."""
