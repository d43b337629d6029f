"""Wrap facts for the wire (CloudEvents 1.0) and for the log."""

import re
from base64 import b64encode
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from treaty_contracts.canonical import JSON, JsonObject, canonical_bytes
from treaty_contracts.names import Given, Line, TreatyId, check_line

PARTICIPANTS_SUBJECT = "participants"
"""The subject of the one stream that is no treaty's."""

MAX_EXTENSIONS = 10
"""The most CloudEvents extension attributes an event may carry."""

MAX_EXTENSION_TEXT = 500
"""The most characters an extension attribute's value may have."""

SET_BY_THE_LEDGER = frozenset({"position", "version", "recorded_at", "recorded_by", "leaf_hash"})
"""What a recorded event adds to a proposed one, and no client may set."""

_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d+)?(?:([Zz])|([+-](?:[01]\d|2[0-3]):[0-5]\d))", re.ASCII
)
_INSTANT_LENGTH = len("2026-11-23T07:15:00.123456")
_EXTENSION_NAME = re.compile(r"[a-z0-9]{1,20}")
_INT32 = 2**31


def format_instant(instant: datetime) -> str:
    """Return an aware instant as the ledger writes it: UTC with six digits, 2026-11-23T07:15:00.123456Z."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset names no instant")
    return instant.astimezone(UTC).isoformat("T", "microseconds")[:_INSTANT_LENGTH] + "Z"


def parse_instant(text: str) -> datetime:
    """Return the UTC instant an RFC 3339 text names, cut to microseconds; raise ValueError otherwise."""
    match = _INSTANT.fullmatch(text)
    if match is None:
        raise ValueError("an instant is written with its offset, like 2026-11-23T07:15:00Z")
    day, time, fraction, _, offset = match.groups()
    try:
        return datetime.fromisoformat(f"{day}T{time}{(fraction or '.0')[:7]}{offset or '+00:00'}").astimezone(UTC)
    except OverflowError:
        raise ValueError("the instant is outside the calendar") from None


def leaf(event_bytes: bytes, recorded_at: str, recorded_by: str) -> bytes:
    """Return the leaf the log commits to: the canonical bytes of the event, when and by whom it was recorded.

    `event_bytes` are canonical already, and an instant is its own canonical form; the leaf's keys stand in order.
    """
    return b'{"event":%b,"recorded_at":"%b","recorded_by":%b,"v":1}' % (
        event_bytes,
        recorded_at.encode(),
        _canonical_name(recorded_by),
    )


@lru_cache(maxsize=1_024)
def _canonical_name(recorded_by: str) -> bytes:
    return canonical_bytes(recorded_by)


def recorded_json(
    event_bytes: bytes, *, position: int, version: int, recorded_at: str, recorded_by: str, leaf_hash: bytes
) -> bytes:
    """Return the JSON of a recorded event around the bytes that were accepted."""
    head = (
        f'{{"position":{position},"version":{version},"recorded_at":"{recorded_at}",'
        f'"recorded_by":{canonical_bytes(recorded_by).decode()},"leaf_hash":"{b64encode(leaf_hash).decode()}","event":'
    )
    return b"".join((head.encode(), event_bytes, b"}"))


def _check_source(source: str) -> str:
    if re.search(r"\s", source):
        raise PydanticCustomError("uri_reference", "write a URI reference without spaces, such as urn:ministry:xyz")
    return source


def _check_instant(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError:
        raise PydanticCustomError(
            "instant", "write a real instant with its offset, such as 2020-05-22T14:00:00Z"
        ) from None
    return text


def _check_extension_name(name: str) -> str:
    if name in SET_BY_THE_LEDGER:
        raise PydanticCustomError("set_by_the_ledger", "leave {name} out: the ledger sets it", {"name": name})
    if name == "data_base64":
        raise PydanticCustomError("binary_data", "give data as a JSON object; data_base64 is not accepted")
    if _EXTENSION_NAME.fullmatch(name) is None:
        raise PydanticCustomError(
            "unknown_attribute",
            "remove this unknown attribute (an extension attribute has 1 to 20 lower-case letters or digits)",
        )
    return name


def _check_extension_value(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int) and -_INT32 <= value < _INT32):
        return value
    if isinstance(value, str) and len(value) <= MAX_EXTENSION_TEXT:
        return check_line(value) if value else value
    raise PydanticCustomError(
        "extension_value", "give a text of at most 500 characters, a boolean or an integer of 32 bits"
    )


ExtensionName = Annotated[str, AfterValidator(_check_extension_name)]
"""The name of a CloudEvents extension attribute."""

ExtensionValue = Annotated[
    str | int | bool,
    BeforeValidator(_check_extension_value),
    WithJsonSchema({"type": ["string", "integer", "boolean"], "maxLength": MAX_EXTENSION_TEXT}),
]
"""The value of a CloudEvents extension attribute."""

Instant = Annotated[str, AfterValidator(_check_instant), WithJsonSchema({"type": "string", "format": "date-time"})]
"""An instant as RFC 3339 writes it, kept as it was written."""

Source = Annotated[Line, AfterValidator(_check_source)]
"""Who posts, as a URI reference."""

_Data = Annotated[
    dict[str, JSON],
    GetPydanticSchema(lambda _source, _handler: core_schema.dict_schema(keys_schema=core_schema.str_schema())),
]


class ProposedEvent(BaseModel):
    """Carry one fact as another system posts it: a CloudEvent in structured JSON."""

    model_config = ConfigDict(strict=True, extra="allow", frozen=True)
    __pydantic_extra__: dict[ExtensionName, ExtensionValue]

    specversion: Literal["1.0"]
    id: Line
    source: Source
    type: Line
    subject: TreatyId
    time: Given[Instant] = None
    datacontenttype: Given[Literal["application/json"]] = None
    dataschema: Given[Line] = None
    data: _Data

    def as_posted(self) -> JsonObject:
        """Return the event as it was posted: nothing added, nothing left out."""
        fields = self.__dict__
        return {name: fields[name] for name in self.model_fields_set if name in fields} | self.__pydantic_extra__

    @model_validator(mode="after")
    def _consistent(self) -> "ProposedEvent":
        about_participants = self.type.startswith("participant.")
        if about_participants and self.subject != PARTICIPANTS_SUBJECT:
            raise PydanticCustomError(
                "subject_of_participants", "give participant.* events the subject participants", {"field": "subject"}
            )
        if self.subject == PARTICIPANTS_SUBJECT and not about_participants and self.type != "record.superseded":
            raise PydanticCustomError(
                "subject_of_treaties",
                "name the treaty: participants is the subject of participant.*",
                {"field": "subject"},
            )
        if len(self.__pydantic_extra__) > MAX_EXTENSIONS:
            raise PydanticCustomError("too_many_extensions", "carry at most 10 extension attributes")
        return self


class RecordedEvent(BaseModel):
    """Carry one fact as the ledger recorded it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    position: Annotated[int, Field(ge=0)]
    version: Annotated[int, Field(ge=1)]
    recorded_at: Instant
    recorded_by: Line
    leaf_hash: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9+/]{43}=$")]
    event: ProposedEvent
