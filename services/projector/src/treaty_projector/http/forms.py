"""Tell in which form a list is wanted: a page of JSON, or the whole list as a table."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl

from starlette.types import Scope

from treaty_door.preferences import quality


class Form(Enum):
    """Name the forms of tables; the value is what `format` says, and how the name of a file ends."""

    CSV = "csv"
    LINES = "jsonl"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hold the form that is wanted, and by which media type it was asked for."""

    form: Form
    media_type: str


_FORMS = {
    "text/csv": Form.CSV,
    "application/jsonl": Form.LINES,
    "application/x-ndjson": Form.LINES,
    "application/vnd.apache.parquet": Form.PARQUET,
}
_MEDIA_TYPES = {form: media_type for media_type, form in reversed(_FORMS.items())}
_DOCUMENTS = ("application/json", "application/*", "*/*")
"""What lets JSON through, the most specific first: that one decides (RFC 9110, 12.5.1)."""


def wanted_table(scope: Scope) -> Wanted | None:
    """Return how a request wants a table; None when it wants a page of JSON, or asks for what there is not.

    `format` wins over Accept. A client that accepts anything, or likes JSON better, gets JSON.
    """
    query: bytes = scope["query_string"]
    if b"format" in query or b"%" in query:
        said = dict(parse_qsl(query.decode("latin-1"))).get("format")
        if said is not None:
            form = next((form for form in Form if form.value == said), None)
            return None if form is None else Wanted(form, _MEDIA_TYPES[form])
    accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
    return _by_accept(accept.decode("latin-1").lower())


def _by_accept(accept: str) -> Wanted | None:
    if not any(media_type in accept for media_type in _FORMS):
        return None
    best, wanted = 0.0, None
    documents: dict[str, float] = {}
    for part in accept.split(","):
        media_type, _, parameters = part.partition(";")
        media_type, liked = media_type.strip(), quality(parameters)
        if media_type in _DOCUMENTS:
            documents[media_type] = liked
        elif media_type in _FORMS and liked > best:
            best, wanted = liked, Wanted(_FORMS[media_type], media_type)
    document = next((documents[media_type] for media_type in _DOCUMENTS if media_type in documents), 0.0)
    return wanted if best >= document else None
