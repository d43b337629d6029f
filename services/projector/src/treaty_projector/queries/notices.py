"""Answer what a calendar of exits shows: what is pending, what was taken back, and how often a day was moved."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.errors import NotOnRecord
from treaty_projector.law.membership import PENDING
from treaty_projector.law.periods import add_days
from treaty_projector.publishing.notices import Notice, Version, notices
from treaty_projector.publishing.shapes import ExitDocument
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.members import require_treaty
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.staleness import staleness, staleness_of_list
from treaty_projector.reading import Reader, Row

_STAGES = sorted(stage.value for stage in PENDING)
_CANCELLED_FOR_DAYS = 366
"""How long after its former day a cancelled exit is still shown, so that every calendar learns of it."""

_AT_ONCE = 200
"""Of so many participants everything that was ever known is in memory at once."""


async def exit_notices(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    treaty: str | None,
    participant: str | None,
    before: dt.date | None,
    effective_from: dt.date | None,
    limit: int,
    after: tuple[str, ...] | None,
) -> tuple[JsonObject, tuple[str, ...] | None]:
    """Return the notices of a page of participants: pending ones, cancelled ones, and those in effect since a day."""
    title = None if treaty is None else (await require_treaty(reader, treaty, clocks))["title"]
    names = await names_known.at(reader, clocks)
    if participant is not None and not names.knows(participant):
        raise NotOnRecord(f"{participant} is no participant's code")
    wanted = _Wanted(before, effective_from, add_days(clocks.as_of, -_CANCELLED_FOR_DAYS))
    place = after or ("", "")
    found = await reader.rows(
        "pairs_with_exits",
        stages=_STAGES,
        size=clocks.size,
        since=min(wanted.cancelled_since, effective_from or dt.date.max),
        treaty=treaty,
        participant=participant,
        after_treaty=place[0],
        after_participant=place[1],
        limit=limit + 1,
    )
    pairs = [(row["treaty"], row["participant"]) for row in found]
    listed: list[JSON] = []
    for start in range(0, min(limit, len(pairs)), _AT_ONCE):
        some = pairs[start : min(limit, start + _AT_ONCE)]
        listed += [shown for shown in await _notices(reader, some, clocks, names) if wanted.holds(shown)]
    name = None if participant is None else names.of(participant).name
    head: JsonObject = {**clocks.head(), "title": title, "name": name}
    head |= staleness_of_list(clocks, *(() if treaty is None else (treaty,)))
    return {**head, "notices": listed}, (pairs[limit - 1] if len(pairs) > limit else None)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Hold between which days a calendar shows what."""

    before: dt.date | None
    effective_from: dt.date | None
    cancelled_since: dt.date

    def holds(self, shown: JsonObject) -> bool:
        """Tell whether the calendar shows a notice."""
        day = dt.date.fromisoformat(str(shown["day"]))
        if self.before is not None and day >= self.before:
            return False
        match shown["status"]:
            case "effective":
                return self.effective_from is not None and day >= self.effective_from
            case "cancelled":
                return day >= self.cancelled_since
            case _:
                return True


async def _notices(reader: Reader, pairs: Sequence[tuple[str, str]], clocks: Clocks, names: Names) -> list[JsonObject]:
    """Return every notice of some participants of which there is something to show."""
    treaties, participants = [treaty for treaty, _ in pairs], [participant for _, participant in pairs]
    given = {"treaties": treaties, "participants": participants, "size": clocks.size}
    versions = _versions(await reader.rows("standings_of_pairs", **given))
    exits = await reader.rows("exits_of_pairs", **given, stages=_STAGES, as_of=clocks.as_of)
    listed: list[JsonObject] = []
    for row in exits:
        about: JsonObject = {
            "treaty": row["treaty"],
            "title": row["title"] or row["treaty"],
            "participant": row["participant"],
            "name": names.of(row["participant"]).name,
            **staleness(row["treaty"], clocks),
        }
        pending = None if row["document"] is None else orjson.loads(row["document"])["exit"]
        for notice in notices(versions[row["treaty"], row["participant"]]):
            shown = _shown(notice, pending, clocks.as_of)
            if shown is not None:
                listed.append({**about, **shown})
    return listed


def _versions(rows: Iterable[Row]) -> dict[tuple[str, str], list[Version]]:
    """Return the versions of each standing; one that ended without a successor is followed by an empty one."""
    versions: defaultdict[tuple[str, str], list[Version]] = defaultdict(list)
    endings: dict[tuple[str, str], Version] = {}
    for row in rows:
        about = (row["treaty"], row["participant"])
        ending = endings.pop(about, None)
        if ending is not None and ending.known_from < row["known_from"]:
            versions[about].append(ending)
        content = orjson.loads(row["document"])
        versions[about].append(
            Version(row["known_from"], row["recorded_at"], row["type"], content["exits"], content["disputes"])
        )
        if row["ended_at"] is not None:
            endings[about] = Version(row["known_to"], row["ended_at"], row["ended_by"], (), None)
    for about, ending in endings.items():
        versions[about].append(ending)
    return versions


def _shown(notice: Notice, pending: ExitDocument | None, as_of: dt.date) -> JsonObject | None:
    """Return what a calendar says of a notice on a day; None when it never had a day of effect to show."""
    step = notice.on(as_of)
    if step is None:
        return None
    is_pending = pending is not None and notice.is_the(pending) and step.day is not None
    if is_pending or step.stage == "effective":
        status, day = "pending" if is_pending else "effective", step.day
    else:
        status, day = "cancelled", notice.last_day(as_of)
    if day is None:
        return None
    return {
        "position": notice.position,
        "sequence": notice.sequence(as_of),
        "status": status,
        "stage": step.stage,
        "day": day.isoformat(),
        "contested": bool(is_pending and pending and pending.get("contested")),
        "recorded_at": format_instant(notice.recorded_at),
        "changed_at": format_instant(notice.changed_at),
        "exit": cast("JsonObject", notice.exit),
    }
