"""Read the parameters of reading requests; one that is not known is an error, so that a typing error is seen."""

import re
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from treaty_contracts.events import CATALOGUE
from treaty_contracts.names import ParticipantCode, TreatyId
from treaty_ledger.store.values import Filter

PAGE = 500
"""The most events on one page."""

MAX_POSITION = 2**53 - 1
"""The largest position a client may name: the largest integer every JSON reader holds exactly."""


_DIGITS = re.compile(r"-?[0-9]{1,40}")


def _check_type(name: str) -> str:
    if name not in CATALOGUE:
        raise ValueError("use a type of the catalogue, see /v1/schemas")
    return name


def _whole_number(value: object) -> object:
    """Read digits and nothing else: 1.0, +1 and 1_0 are numbers to Python, and typing errors to a person."""
    if isinstance(value, str) and _DIGITS.fullmatch(value) is None:
        raise ValueError("write a whole number in digits")
    return value


Digits = Annotated[int, BeforeValidator(_whole_number)]
Position = Annotated[Digits, Field(ge=0, le=MAX_POSITION)]
Limit = Annotated[Digits, Field(ge=1, le=PAGE)]
NumberInPath = Annotated[Digits, Path()]


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

    from_: Annotated[Digits, Field(alias="from", ge=1, le=2**31 - 1)] = 1
    """The first version."""

    limit: Limit = PAGE
    """The most events on the page."""


class LiveQuery(BaseModel):
    """Choose where a live stream begins."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_: Annotated[Position | None, Field(alias="from")] = None
    """The first position; without it, and without Last-Event-ID, the stream begins with what is recorded next."""


class CheckpointsQuery(BaseModel):
    """Choose which checkpoints a live stream tells of."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    from_size: Position | None = None
    """The size of the largest checkpoint known already; without it, the newest one is told at once."""


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
