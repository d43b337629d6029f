"""Compare what a projector answers about one size of the log with what follows from the log."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from itertools import zip_longest
from typing import Final
from urllib.parse import quote

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.bitemporal.rows import MembershipRow, Row, StandingRow, TreatyRow
from treaty_projector.refolding import Refolding
from treaty_standalone.client import Parameters, Service
from treaty_standalone.errors import ProjectorDiffers, Refused

_LISTED: Final = frozenset({"party", "contracting", "signatory", "former"})
_AT_LAST: Final = "2999-12-31"
"""The last day that may be asked about, when every exit is over: a standing tells all it knows."""

_SHOWN: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Count what was compared."""

    treaties: int
    standings: int


def compare_answers(
    projector: Service, model: Refolding, *, size: int, as_of: date, progress: Callable[[int, int], None]
) -> Compared:
    """Compare every treaty, its members on a day, and the whole standing of each, as known at that size.

    Raises ProjectorDiffers at the first (treaty, participant) whose answer does not follow from the log.
    """
    asking = _Asking(projector, size, as_of)
    told, known, standings = asking.treaties(), list(model.treaties()), 0
    for done, (expected, answered) in enumerate(zip_longest(known, told.items()), 1):
        treaty = min(found[0] for found in (expected, answered) if found is not None)
        if expected is None or expected[0] != treaty:
            raise ProjectorDiffers("a treaty that the log does not have is answered", treaty=treaty)
        if answered is None or answered[0] != treaty:
            raise ProjectorDiffers("a treaty is not answered", treaty=treaty)
        standings += _compare_treaty(asking, treaty, expected[1], answered[1])
        progress(done, max(len(known), len(told)))
    return Compared(treaties=len(known), standings=standings)


@dataclass(frozen=True, slots=True)
class _Asking:
    projector: Service
    size: int
    as_of: date

    def treaties(self) -> dict[str, JsonObject]:
        return self._by("/v1/treaties", "treaties", "treaty", {})

    def members(self, treaty: str) -> dict[str, JsonObject]:
        return self._by(f"{_path(treaty)}/members", "members", "participant", {"consent": "all"})

    def standing(self, treaty: str, participant: str) -> JsonObject:
        path = f"{_path(treaty)}/members/{quote(participant, safe='')}"
        return self.projector.ask(path, {"known_size": self.size, "as_of": _AT_LAST})

    def _by(self, path: str, rows: str, name: str, parameters: Parameters) -> dict[str, JsonObject]:
        asked = {**parameters, "known_size": self.size, "as_of": self.as_of.isoformat()}
        found = self.projector.ask_all(path, rows, asked)[rows]
        listed = [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
        return {str(row[name]): row for row in sorted(listed, key=lambda row: str(row[name]))}


def _compare_treaty(asking: _Asking, treaty: str, rows: Iterable[Row], answered: JsonObject) -> int:
    """Compare all that is answered about one treaty; return how many standings that were."""
    memberships: dict[str, bytes] = {}
    standings: dict[str, bytes] = {}
    for row in rows:
        if isinstance(row, TreatyRow):
            _compare(_summary(row), answered, treaty=treaty)
        elif isinstance(row, StandingRow):
            standings[row.participant] = row.document
        elif isinstance(row, MembershipRow) and row.consent in _LISTED and _contains(row, asking.as_of):
            memberships[row.participant] = row.document
    members = asking.members(treaty)
    for participant in sorted({*memberships, *members, *standings}):
        if (participant in memberships) != (participant in members):
            reason = (
                "a member is answered that the log does not have"
                if participant in members
                else "a member is not answered"
            )
            raise ProjectorDiffers(reason, treaty=treaty, participant=participant)
        if participant in members:
            told = members[participant]
            _compare(orjson.loads(memberships[participant]), told, treaty=treaty, participant=participant)
        _compare(
            orjson.loads(standings[participant]),
            _told(asking, treaty, participant),
            treaty=treaty,
            participant=participant,
        )
    return len(standings)


def _told(asking: _Asking, treaty: str, participant: str) -> JsonObject:
    try:
        return asking.standing(treaty, participant)
    except Refused as error:
        if error.problem.status != HTTPStatus.NOT_FOUND:
            raise
        raise ProjectorDiffers(
            f"a standing is not answered ({error})", treaty=treaty, participant=participant
        ) from error


def _compare(
    expected: Mapping[str, JSON], told: Mapping[str, JSON], *, treaty: str, participant: str | None = None
) -> None:
    """Raise ProjectorDiffers with the first value that is answered otherwise; answers may hold more."""
    for name, value in expected.items():
        said = told.get(name)
        if isinstance(said, dict) and isinstance(value, dict):
            said = {each: said[each] for each in said if each in value}  # days left are counted for the answer
        if said != value:
            reason = f"{name} is answered as {_short(said)}, and {_short(value)} follows from the log"
            raise ProjectorDiffers(reason, treaty=treaty, participant=participant)


def _summary(row: TreatyRow) -> JsonObject:
    return {
        "title": row.title,
        "short_title": row.short_title,
        "kind": row.kind,
        "in_force_from": row.in_force_from.isoformat() if row.in_force_from else None,
        "terminated_on": row.terminated_on.isoformat() if row.terminated_on else None,
    }


def _contains(row: MembershipRow, day: date) -> bool:
    return row.valid_from <= day and (row.valid_to is None or day < row.valid_to)


def _short(value: JSON) -> str:
    text = orjson.dumps(value).decode()
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _path(treaty: str) -> str:
    return f"/v1/treaties/{quote(treaty, safe='')}"
