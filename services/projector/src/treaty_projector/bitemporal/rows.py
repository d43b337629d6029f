"""Write a treaty's state as rows of the read model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

import orjson

from treaty_contracts.canonical import canonical_bytes
from treaty_contracts.events import TreatyRegistered
from treaty_projector.bitemporal.documents import member_document, standing_document, treaty_document
from treaty_projector.law.anomalies import Anomaly
from treaty_projector.law.membership import SIGNALS, ExitView, MemberRow, member_rows
from treaty_projector.law.state import Standing, TreatyState

_AT_HAND = 16_384
"""How many rows are remembered: most rows of a participant stay as they were when one fact is added."""

Key: TypeAlias = tuple[str | int | dt.date, ...]
"""What a row is about: of two rows with one key, at most one is known at a size of the log."""


class TreatyRow(NamedTuple):
    """Hold what lists of treaties show, and the rest as a document."""

    title: str
    short_title: str | None
    kind: str
    in_force_from: dt.date | None
    terminated_on: dt.date | None
    document: bytes

    @property
    def key(self) -> Key:
        """Return what the row is about."""
        return ("treaty",)


class MembershipRow(NamedTuple):
    """Hold the answer about one participant on each day of one period."""

    participant: str
    valid_from: dt.date
    valid_to: dt.date | None
    consent: str
    exit_stage: str | None
    document: bytes
    exit_day: dt.date | None
    """By which day the exit is listed; it follows from the document, and is no part of the digest."""

    @property
    def key(self) -> Key:
        """Return what the row is about."""
        return ("membership", self.participant, self.valid_from)


class StandingRow(NamedTuple):
    """Hold everything concluded of one participant as a document."""

    participant: str
    document: bytes

    @property
    def key(self) -> Key:
        """Return what the row is about."""
        return ("standing", self.participant)


class AnomalyRow(NamedTuple):
    """Hold one fact without the effect one might expect."""

    position: int
    reason: str
    participant: str
    detail: str

    @property
    def key(self) -> Key:
        """Return what the row is about."""
        return ("anomaly", self.position, self.reason, self.participant)


Row: TypeAlias = TreatyRow | MembershipRow | StandingRow | AnomalyRow


def treaty_rows(state: TreatyState) -> Iterator[Row]:
    """Give the rows about the treaty itself; none while it is not on the books."""
    registration = state.registration
    if registration is None or not isinstance(registration.data, TreatyRegistered):
        return
    data = registration.data
    yield TreatyRow(
        title=data.title,
        short_title=data.short_title,
        kind=data.kind,
        in_force_from=state.rules.in_force_from,
        terminated_on=state.terminated_on,
        document=canonical_bytes(treaty_document(state, data)),
    )
    yield from map(_anomaly_row, state.anomalies)


def standing_rows(standing: Standing) -> Iterator[Row]:
    """Give the rows about one participant."""
    yield StandingRow(standing.participant, canonical_bytes(standing_document(standing)))
    yield from map(_membership_row, member_rows(standing))
    yield from map(_anomaly_row, standing.anomalies)


def row_bytes(row: Row) -> bytes:
    """Return the canonical bytes of a row, over which the digest of the read model is taken.

    A document stands in them as it is, since it is canonical itself; so do days, as YYYY-MM-DD.
    """
    fields: dict[str, object] = dict(zip(row._fields, row, strict=True))
    fields.pop("exit_day", None)
    if not isinstance(row, AnomalyRow):
        fields["document"] = orjson.Fragment(row.document)
    fields["row"] = _NAMES[type(row)]
    return orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)


_NAMES: Final[dict[type[Row], str]] = {
    TreatyRow: "treaty",
    MembershipRow: "membership",
    StandingRow: "standing",
    AnomalyRow: "anomaly",
}


@lru_cache(maxsize=_AT_HAND)
def _membership_row(row: MemberRow) -> MembershipRow:
    return MembershipRow(
        participant=row.participant,
        valid_from=row.period.from_,
        valid_to=row.period.until,
        consent=row.consent.value,
        exit_stage=None if row.exit is None else row.exit.stage.value,
        document=canonical_bytes(member_document(row)),
        exit_day=None if row.exit is None else _exit_day(row.exit),
    )


def _exit_day(exit_: ExitView) -> dt.date:
    """Return the day of the effect; a signal has none and is listed by when it began, what has no day comes last."""
    began = exit_.since if exit_.stage in SIGNALS else dt.date.max
    return exit_.effective_on or began


def _anomaly_row(found: Anomaly) -> AnomalyRow:
    return AnomalyRow(found.position, found.reason.value, found.participant or "", found.detail)
