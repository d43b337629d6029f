"""Describe what questions are answered with, beside the answers themselves."""

from __future__ import annotations

from treaty_contracts.canonical import JsonObject
from treaty_door.documents import problems


def _header(description: str, example: str) -> JsonObject:
    return {"description": description, "schema": {"type": "string"}, "example": example}


_SIZE = {"Treaty-Log-Size": _header("The size of the log that the answer rests on.", "212")}
_VALIDATORS: JsonObject = {**_SIZE, "ETag": _header("A hash of the answer.", '"0123456789abcdef0123456789abcdef"')}
_NEXT: JsonObject = {"Link": _header("Where a list goes on.", '</v1/treaties?cursor=W10>; rel="next"')}

ANSWER: dict[int | str, dict[str, object]] = {
    200: {"headers": _VALIDATORS},
    304: {"description": "What If-None-Match names is still the answer.", "headers": _VALIDATORS},
    **problems(400, 404, 503),
}
"""How a question about one thing is answered."""

_TABLES: JsonObject = {
    "text/csv": {"schema": {"type": "string", "description": "RFC 4180, with a header."}},
    "application/jsonl": {"schema": {"type": "string", "description": "One object a line."}},
    "application/x-ndjson": {"schema": {"type": "string", "description": "The same, for those who call it so."}},
    "application/vnd.apache.parquet": {"schema": {"type": "string", "format": "binary"}},
}

LISTING: dict[int | str, dict[str, object]] = {
    **ANSWER,
    200: {"headers": {**_VALIDATORS, **_NEXT}, "content": _TABLES},
}
"""How a question for a list is answered: a page as JSON, or the whole list as a table."""

FIGURES: dict[int | str, dict[str, object]] = {200: {"headers": _SIZE}, **problems(400, 503)}
"""How a question about the projection itself is answered."""

CALENDAR: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The calendar.",
        "headers": _VALIDATORS,
        "content": {"text/calendar": {"schema": {"type": "string"}}},
    },
    304: ANSWER[304],
    **problems(400, 404, 503),
}
"""How a calendar is answered."""

NEWS: dict[int | str, dict[str, object]] = {
    200: {
        "description": "The feed, the newest change first.",
        "headers": {**_VALIDATORS, **_NEXT},
        "content": {"application/atom+xml": {"schema": {"type": "string"}}},
    },
    304: ANSWER[304],
    **problems(400, 404, 503),
}
"""How a reader of news is answered."""

EVENTS: dict[int | str, dict[str, object]] = {
    200: {
        "description": "Each message has `changed` as its event, a ChangeAnswer as data, an id after which to resume; "
        "or `stale`, and as data a treaty with what is stated of it.",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **problems(400, 503),
}
"""How a follower is answered."""

METRICS: dict[int | str, dict[str, object]] = {
    200: {"description": "The figures.", "content": {"text/plain": {"schema": {"type": "string"}}}},
    **problems(400),
}
"""How Prometheus is answered."""

PAGE: dict[int | str, dict[str, object]] = {
    200: {"description": "The page.", "content": {"text/html": {"schema": {"type": "string"}}}},
    **problems(400, 404),
}
"""How a person is answered."""
