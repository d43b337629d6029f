"""Write versions as records of the tables they belong in."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypeAlias

from treaty_projector.bitemporal.rows import AnomalyRow, MembershipRow, StandingRow, TreatyRow
from treaty_projector.bitemporal.versions import Version

_STILL_KNOWN = 2**63 - 1
_FOREVER = dt.date.max
"""What the driver writes as PostgreSQL's infinity; so does an exit without a day come last."""

Record: TypeAlias = tuple[object, ...]
"""The values of one row, in the order of its table's `COLUMNS`."""

KEYS: Final = {
    "treaty": "",
    "membership": "participant valid_from",
    "standing": "participant",
    "anomaly": "position reason participant",
}
"""The columns that tell a row of each table within its treaty, among those that are still known."""


def key_of(version: Version) -> tuple[str, Record]:
    """Return the table of a version, with what tells its row there within its treaty."""
    match version.row:
        case TreatyRow():
            return "treaty", ()
        case MembershipRow() as row:
            return "membership", (row.participant, row.valid_from)
        case StandingRow() as row:
            return "standing", (row.participant,)
        case AnomalyRow() as row:
            return "anomaly", (row.position, row.reason, row.participant)


COLUMNS: Final = {
    "treaty": "treaty known_from known_to title short_title kind in_force_from terminated_on document",
    "membership": "treaty participant valid_from valid_to known_from known_to consent exit_stage exit_day document",
    "standing": "treaty participant known_from known_to document",
    "anomaly": "treaty position reason participant detail known_from known_to",
    "entry": "position recorded_at stream participant type source schema_version data",
}


def record_of(version: Version) -> tuple[str, Record]:
    """Return the table of a version, and its row there."""
    treaty, since, until = version.treaty, version.known_from, version.known_to or _STILL_KNOWN
    match version.row:
        case TreatyRow() as row:
            days = (row.in_force_from, row.terminated_on)
            return "treaty", (treaty, since, until, row.title, row.short_title, row.kind, *days, row.document)
        case MembershipRow() as row:
            period = (row.valid_from, row.valid_to or _FOREVER)
            says = (row.consent, row.exit_stage, row.exit_day, row.document)
            return "membership", (treaty, row.participant, *period, since, until, *says)
        case StandingRow() as row:
            return "standing", (treaty, row.participant, since, until, row.document)
        case AnomalyRow() as row:
            return "anomaly", (treaty, row.position, row.reason, row.participant, row.detail, since, until)
