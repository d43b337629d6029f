"""Read the parameters of reading requests; one that is not known is an error, so that a typing error is seen."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from treaty_contracts.events import CATALOGUE
from treaty_contracts.names import ParticipantCode, TreatyId
from treaty_ledger.store.values import Filter

PAGE = 500
"""The most events on one page."""

MAX_POSITION = 2**53 - 1
"""The largest position a client may name: the largest integer every JSON reader holds exactly."""


def _check_type(name: str) -> str:
    if name not in CATALOGUE:
        raise ValueError("use a type of the catalogue, see /v1/schemas")
    return name


Position = Annotated[int, Field(ge=0, le=MAX_POSITION)]
Limit = Annotated[int, Field(ge=1, le=PAGE)]


class EventsQuery(BaseModel):
    """Choose events of the whole log."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_: Annotated[Position, Field(alias="from")] = 0
    """The first position."""

    limit: Limit = PAGE
    """The most events on the page; a stream of JSON Lines has no page."""

    treaty: TreatyId | None = None
    """Only this treaty's stream (or `participants`)."""

    participant: ParticipantCode | None = None
    """Only events about this participant."""

    type: Annotated[str, AfterValidator(_check_type)] | None = None
    """Only events of this type."""

    @property
    def chosen(self) -> Filter:
        """Return which events are meant."""
        return Filter(treaty=self.treaty, participant=self.participant, type=self.type)


class TreatyEventsQuery(BaseModel):
    """Choose events of one stream."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_: Annotated[int, Field(alias="from", ge=1, le=2**31 - 1)] = 1
    """The first version."""

    limit: Limit = PAGE
    """The most events on the page."""


class LiveQuery(BaseModel):
    """Choose where a live stream begins."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_: Annotated[Position | None, Field(alias="from")] = None
    """The first position; without it, and without Last-Event-ID, the stream begins with what is recorded next."""


class ProofQuery(BaseModel):
    """Choose the size of the log that a proof leads to."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    size: Position | None = None
    """The size; without it, that of the newest checkpoint."""


class ConsistencyQuery(BaseModel):
    """Choose two sizes of the log."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_: Annotated[Position, Field(alias="from")]
    """The earlier size."""

    to: Position | None = None
    """The later size; without it, that of the newest checkpoint."""


class NoQuery(BaseModel):
    """Take no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)
