"""Describe the bodies of answers, for the OpenAPI document; they are written from bytes."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from treaty_contracts.envelope import Instant, RecordedEvent


class ReceiptBody(BaseModel):
    """Tell where, when and as what an event was recorded."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    position: Annotated[int, Field(ge=0)]
    """The place in the whole log, from 0 without a gap."""

    treaty: str
    """The stream: the event's subject."""

    version: Annotated[int, Field(ge=1)]
    """The place in the stream, from 1 without a gap."""

    recorded_at: Instant
    """When it was recorded; later positions have later instants."""

    leaf_hash: str
    """The RFC 6962 hash of the log's leaf, in base64."""


class ReceiptsBody(BaseModel):
    """Hold the receipts of a batch, in its order."""

    receipts: list[ReceiptBody]


class EventsPage(BaseModel):
    """Hold some recorded events, by position."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    events: list[RecordedEvent]
    next: int | None
    """Where the next page begins; null when this page reached the log's end."""

    size: int
    """How many events the log held."""


class TreatyEventsPage(BaseModel):
    """Hold some events of one stream, by version."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    events: list[RecordedEvent]
    next: int | None
    """Where the next page begins; null when this page reached the stream's end."""

    version: int
    """The version the stream was at."""


class SchemaEntry(BaseModel):
    """Name a schema and where it is."""

    type: str
    version: int
    href: str


class SchemaList(BaseModel):
    """Name the schemas of all types."""

    envelope: str
    schemas: list[SchemaEntry]


class InclusionProof(BaseModel):
    """Prove that an event is in the log (RFC 6962, 2.1.1); hashes are in base64."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    index: Annotated[int, Field(ge=0)]
    """The event's position."""

    size: Annotated[int, Field(ge=1)]
    """The size of the log that the proof leads to."""

    root: str
    """The root of the log at that size."""

    leaf_hash: str
    """The hash of the log's leaf, which the event, its time and its recorder make."""

    hashes: list[str]
    """The hashes beside the way from the leaf to the root, the lowest first."""


class ConsistencyProof(BaseModel):
    """Prove that the log at one size extends what it was at another (RFC 6962, 2.1.2)."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    hashes: list[str]
    """Hashes in base64, the lowest first."""


class Health(BaseModel):
    """Tell how the service is."""

    status: str
