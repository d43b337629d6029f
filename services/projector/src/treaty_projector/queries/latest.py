"""Answer what changed last in the record of who is bound, the newest first."""

from __future__ import annotations

from collections.abc import Mapping

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import format_instant
from treaty_projector.errors import MalformedParameter
from treaty_projector.queries.changes import change_of, changes_at
from treaty_projector.queries.clocks import Clocks
from treaty_projector.queries.names import NameBook, Names
from treaty_projector.queries.paging import number_in
from treaty_projector.queries.staleness import staleness_of_list
from treaty_projector.reading import Reader

_LOOKS = 4
"""How often one looks on for a page to be full: most of what changes is membership, and a short page has a next one."""

_Place = tuple[str, ...]


async def latest_changes(  # noqa: PLR0913 - the filters of the endpoint
    reader: Reader,
    clocks: Clocks,
    names_known: NameBook,
    *,
    from_size: int,
    treaty: str | None,
    participant: str | None,
    limit: int,
    after: _Place | None,
) -> tuple[JsonObject, _Place | None]:
    """Return the changes that `changes` lists, each with the title that its treaty had then, the newest first."""
    if from_size > clocks.size:
        raise MalformedParameter("from_size", f"give a size up to {clocks.size}, where the question ends")
    names = await names_known.at(reader, clocks)
    place: _Place | None = after or (str(clocks.size + 1), "", "")
    listed: list[JSON] = []
    for _ in range(_LOOKS):
        if place is None or len(listed) >= limit:
            break
        given = {"from_size": from_size, "treaty": treaty, "participant": participant, "limit": limit - len(listed)}
        found, place = await _look(reader, place, names, clocks, given)
        listed += found
    first = await reader.row("first_entry")
    begun_at = None if first is None else first["recorded_at"]
    about: list[JSON] = []
    if treaty is not None:
        row = await reader.row("treaty_known", treaty=treaty, size=clocks.size)
        about.append(treaty if row is None else row["title"])
    if participant is not None:
        about.append(names.of(participant).name)
    instant = None if begun_at is None else format_instant(begun_at)
    head: JsonObject = {**clocks.head(), "begun_at": instant, "about": about}
    head |= staleness_of_list(clocks, *(() if treaty is None else (treaty,)))
    return {**head, "changes": listed}, place


async def _look(
    reader: Reader, place: _Place, names: Names, clocks: Clocks, given: Mapping[str, object]
) -> tuple[list[JSON], _Place | None]:
    """Return some changes below a place, and the place where they end unless nothing follows."""
    name = "latest_changes"
    if given["treaty"] is not None:
        name = "latest_changes_of_treaty"
    elif given["participant"] is not None:
        name = "latest_changes_of_participant"
    below = {"before_at": number_in(place[0]), "before_treaty": place[1], "before_participant": place[2]}
    rows = await reader.rows(name, **given, **below)
    found: list[JSON] = []
    for row in await changes_at(reader, rows):
        change = change_of(row, names, clocks)
        if change is not None:
            found.append({**change, "title": row["title"] or row["treaty"]})
    last = rows[-1] if len(rows) == given["limit"] else None
    return found, None if last is None else (str(last["at"]), last["treaty"], last["participant"])
