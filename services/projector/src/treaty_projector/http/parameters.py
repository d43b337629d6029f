"""Read and check the parameters of questions."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Annotated, Literal

from fastapi import Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from treaty_contracts.envelope import parse_instant
from treaty_projector.errors import MalformedParameter
from treaty_projector.queries.clocks import Asked
from treaty_projector.queries.questions import ListAsked

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_FIRST, _LAST = dt.date(1000, 1, 1), dt.date(2999, 12, 31)


def _legal_day(value: object) -> object:
    """Accept a whole calendar day only: membership is a matter of days, never of instants."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("write the day as YYYY-MM-DD")
    day = dt.date.fromisoformat(value)
    if not _FIRST <= day <= _LAST:
        raise ValueError("give a day between 1000-01-01 and 2999-12-31")
    return day


def _instant(value: object) -> object:
    """Accept RFC 3339; a plus sign that a URL turned into a space is a plus sign."""
    if not isinstance(value, str):
        raise ValueError("write the instant with its offset, like 2026-11-23T07:15:00Z")  # noqa: TRY004 - for pydantic
    return parse_instant(value.replace(" ", "+"))


def _digits(value: object) -> object:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 18:  # noqa: PLR2004
        raise ValueError("write a whole number, without sign or spaces")
    return int(value)


LegalDayParameter = Annotated[
    dt.date, BeforeValidator(_legal_day), WithJsonSchema({"type": "string", "format": "date"})
]
InstantParameter = Annotated[
    dt.datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
SizeParameter = Annotated[int, BeforeValidator(_digits), Field(ge=0, le=2**53 - 1)]
TreatyPath = Annotated[str, Path(pattern="^[a-z0-9][a-z0-9-]{0,126}$", description="The treaty's id.")]
ParticipantPath = Annotated[str, Path(pattern="^[A-Z0-9][A-Z0-9-]{1,39}$", description="The participant's code.")]
TreatyParameter = Annotated[str, Field(pattern="^[a-z0-9][a-z0-9-]{0,126}$")]
ParticipantParameter = Annotated[str, Field(pattern="^[A-Z0-9][A-Z0-9-]{1,39}$")]
TextParameter = Annotated[str, Field(max_length=200, pattern="^[^\\x00-\\x1f\\x7f]*$")]
ConsentParameter = Literal["party", "signatory", "contracting", "bound", "former", "all"]
FormParameter = Literal["json", "csv", "jsonl", "parquet"]
StageParameter = Literal["pending", "signals", "announced", "domestic", "notified", "held", "contested"]


class ClockParameters(BaseModel):
    """Name the day and the state of the record that a question is about."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    as_of: LegalDayParameter | None = Field(default=None, description="The legal day; today (UTC) if left out.")
    known_at: InstantParameter | None = Field(
        default=None, description="According to what was recorded by this instant; now if left out."
    )
    known_size: SizeParameter | None = Field(
        default=None, description="Instead of known_at: according to the first N entries of the log."
    )
    min_size: SizeParameter | None = Field(
        default=None, description="Wait, at most 2 s, until N entries are applied: position + 1 of one's own write."
    )

    def asked(self) -> Asked:
        """Return the clocks, today where no day was given."""
        if self.known_at is not None and self.known_size is not None:
            raise MalformedParameter("known_size", "give known_at or known_size, not both")
        as_of = self.as_of or dt.datetime.now(dt.UTC).date()
        return Asked(as_of, self.known_at, self.known_size, self.min_size)


class NoParameters(BaseModel):
    """Take no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProjectionParameters(BaseModel):
    """Name how far the projection should have come before it answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_size: SizeParameter | None = Field(default=None, description="Wait, at most 2 s, until N entries are applied.")


class ListParameters(ClockParameters):
    """Name a page of a list."""

    limit: Annotated[int, BeforeValidator(_digits), Field(ge=1, le=500)] = Field(default=100, description="Most items.")
    cursor: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None, description="`next` of the page before; it keeps the clocks of the first page."
    )
    format: FormParameter | None = Field(
        default=None,
        description="`csv`, `jsonl` and `parquet` give the whole list, without limit and cursor; else Accept decides.",
    )

    def page(self) -> ListAsked:
        """Return what was said about the page."""
        return ListAsked(self.limit, self.cursor)


class TreatiesParameters(ListParameters):
    """Search treaties."""

    q: TextParameter | None = Field(default=None, description="Sought in id, title and short title.")
    subject: TextParameter | None = Field(default=None, description="One of the treaty's subjects.")


class MembersParameters(ListParameters):
    """Choose members."""

    consent: ConsentParameter = Field(default="party", description="`bound` is contracting or party.")


class AllMembersParameters(ListParameters):
    """Choose members of all treaties."""

    consent: ConsentParameter = Field(default="all", description="`bound` is contracting or party.")


class MembershipsParameters(ListParameters):
    """Choose memberships."""

    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")


class TreatiesOfParameters(ListParameters):
    """Choose treaties of one participant."""

    consent: ConsentParameter = Field(default="all", description="`bound` is contracting or party.")


class ExitsParameters(ListParameters):
    """Choose pending exits."""

    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")
    participant: ParticipantParameter | None = Field(default=None, description="Only this participant.")
    before: LegalDayParameter | None = Field(default=None, description="Only those that take effect before this day.")
    stage: StageParameter = Field(default="pending", description="`signals`: announced and domestic ones instead.")


class CalendarParameters(ClockParameters):
    """Choose exits for a calendar, in which only what has a day of effect can stand."""

    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")
    participant: ParticipantParameter | None = Field(default=None, description="Only this participant.")
    before: LegalDayParameter | None = Field(default=None, description="Only those that take effect before this day.")
    effective_from: LegalDayParameter | None = Field(
        default=None, description="Also those that took effect on this day or later, for a calendar that remembers."
    )


class AnomaliesParameters(ListParameters):
    """Choose anomalies."""

    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")


class ChangesParameters(ListParameters):
    """Choose changes between two sizes of the log; the day decides what participants are called."""

    from_size: SizeParameter = Field(default=0, description="What changed after the first M entries.")
    to_size: SizeParameter | None = Field(
        default=None, description="Up to the first N entries, as known_size says too; all if neither is given."
    )
    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")
    participant: ParticipantParameter | None = Field(default=None, description="Only this participant.")

    def asked(self) -> Asked:
        """Return the clocks: the question ends at the size they name."""
        if self.to_size is None:
            return super().asked()
        if self.known_at is not None or self.known_size is not None:
            raise MalformedParameter("to_size", "give one of to_size, known_size and known_at: each says where it ends")
        return replace(super().asked(), known_size=self.to_size)


class LiveParameters(BaseModel):
    """Choose whose changes to follow, and from where on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_size: SizeParameter | None = Field(
        default=None, description="What changed after the first M entries; if left out, what changes from now on."
    )
    treaty: TreatyParameter | None = Field(default=None, description="Only this treaty.")
    participant: ParticipantParameter | None = Field(default=None, description="Only this participant.")


Clock = Annotated[ClockParameters, Query()]
Page = Annotated[ListParameters, Query()]
Nothing = Annotated[NoParameters, Query()]
