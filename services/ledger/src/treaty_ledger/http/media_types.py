"""Tell which form a body has and which form an answer should have."""

from collections.abc import Mapping

from treaty_door.preferences import quality
from treaty_ledger.errors import UnsupportedMediaType

JSON_TYPE = "application/json"
CLOUDEVENT = "application/cloudevents+json"
CLOUDEVENTS_BATCH = "application/cloudevents-batch+json"
JSON_LINES = "application/jsonl"
TEXT = "text/plain"

POSTED = (CLOUDEVENT, JSON_TYPE, CLOUDEVENTS_BATCH, JSON_LINES)
"""The media types that events may be posted in."""

_SHOWN = 100


def posted_form(headers: Mapping[str, str]) -> str:
    """Return which of POSTED a body is; raise UnsupportedMediaType for another one, or another encoding of it."""
    media_type, _, parameters = headers.get("content-type", "").partition(";")
    form = media_type.strip().lower()
    if form not in POSTED:
        raise UnsupportedMediaType("Content-Type", f"is {form[:_SHOWN] or 'missing'}", accepted=POSTED)
    charset = _charset(parameters)
    if charset not in {"utf-8", "utf8"}:
        raise UnsupportedMediaType("Content-Type", f"has the charset {charset[:_SHOWN]}", accepted=POSTED)
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise UnsupportedMediaType("Content-Encoding", f"is {encoding[:_SHOWN]}", accepted=POSTED)
    return form


def wants_lines(accept: str | None) -> bool:
    """Tell whether an answer should be JSON Lines rather than one JSON document."""
    return _is_wanted(accept, JSON_LINES)


def wants_text(accept: str | None) -> bool:
    """Tell whether an answer should be plain text rather than a JSON document."""
    return _is_wanted(accept, TEXT)


def _is_wanted(accept: str | None, form: str) -> bool:
    """Tell whether a client names a form and likes it no less than JSON."""
    wanted, document = 0.0, 0.0
    for part in (accept or "").lower().split(","):
        media_type, _, parameters = part.partition(";")
        if media_type.strip() == form:
            wanted = max(wanted, quality(parameters))
        elif media_type.strip() == JSON_TYPE:
            document = max(document, quality(parameters))
    return wanted > 0 and wanted >= document


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"
