"""Pages of changes and anomalies put together are the whole list, however long the log and whoever is asked about."""

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from itertools import pairwise
from typing import NamedTuple

import asyncpg
import orjson
import pytest
from database import as_part

from treaty_contracts.canonical import JsonObject
from treaty_projector.applied import Applied
from treaty_projector.generations import Place
from treaty_projector.queries.clocks import Asked
from treaty_projector.queries.questions import ListAsked, Questions
from treaty_projector.reading import Reads

TODAY = dt.date(2026, 1, 1)
SIZE = 40_000
AT_ONCE = 25_000
TREATIES, PARTICIPANTS = [f"t{number}" for number in range(8)], ["AUT", "BEL", "CHE", "DNK", "FIN"]


class Standing(NamedTuple):
    """Hold one version of a standing."""

    treaty: str
    participant: str
    known_from: int
    known_to: int
    document: bytes


def standings() -> list[Standing]:
    """Return standings that change now and then, all of them at one size, and one that ends for good."""
    found: list[Standing] = []
    for number, (treaty, who) in enumerate((treaty, who) for treaty in TREATIES for who in PARTICIPANTS):
        sizes = sorted({*range(1 + 37 * number, SIZE, 900 + 500 * number), AT_ONCE, 2**63 - 1})
        sizes = sizes[:-1] if number == 0 else sizes
        for turn, (begin, end) in enumerate(pairwise(sizes)):
            found.append(Standing(treaty, who, begin, end, orjson.dumps({"spells": [turn], "exits": []})))
    return found


EXPECTED = sorted(
    {(size, row.treaty, row.participant) for row in standings() for size in row[2:4] if size <= SIZE},
)


@pytest.fixture(scope="module")
async def questions(module_database_url: str) -> AsyncIterator[Questions]:
    """Put questions to a read model that was filled by hand."""
    owner = await asyncpg.connect(module_database_url, server_settings={"search_path": "projector_blue"})
    await owner.execute(
        "INSERT INTO projector.entry (position, recorded_at, stream, type, source, schema_version, data)"
        " SELECT n, TIMESTAMPTZ '2026-01-01' + n * INTERVAL '1 second', 'stream', 'type', '', 1, '{}'"
        " FROM generate_series(0, $1 - 1) AS n",
        SIZE,
    )
    await owner.execute("UPDATE cursor SET size = $1, ledger_size = $1", SIZE)
    await owner.copy_records_to_table("standing", records=standings())
    await owner.execute(
        "INSERT INTO membership (treaty, participant, valid_from, known_from, consent, document)"
        " SELECT DISTINCT treaty, participant, DATE '2001-01-01', 1, 'party', ''::bytea FROM standing"
    )
    await owner.execute(
        "INSERT INTO anomaly (treaty, position, reason, participant, detail, known_from)"
        " SELECT 't' || n, 7, 'not_a_party', 'AUT', '', 8 FROM generate_series(0, 4) AS n"
    )
    await owner.close()
    reads = Reads(as_part(module_database_url, "projector"), place=Place(), size=2, statement_timeout_ms=5_000)
    await reads.check()
    yield Questions(reads, Applied())
    await reads.close()


async def whole(ask: Callable[[ListAsked], Awaitable[JsonObject]], *, name: str, limit: int) -> list[JsonObject]:
    """Return a list, page by page."""
    found: list[JsonObject] = []
    cursor: str | None = None
    while True:
        page = await ask(ListAsked(limit, cursor))
        listed = page[name]
        assert isinstance(listed, list)
        assert len(listed) <= limit
        found += [item for item in listed if isinstance(item, dict)]
        if page["next"] is None:
            return found
        cursor = str(page["next"])


@pytest.mark.parametrize("limit", [7, 100])
@pytest.mark.parametrize(("begin", "end"), [(0, SIZE), (900, SIZE - 1), (AT_ONCE - 1, AT_ONCE), (SIZE, SIZE)])
@pytest.mark.parametrize(
    ("treaty", "participant"), [(None, None), ("t3", None), (None, "CHE"), ("t3", "CHE"), ("t9", None), (None, "XXX")]
)
async def test_pages_of_changes_put_together_are_all_that_changed(
    questions: Questions, treaty: str | None, participant: str | None, begin: int, end: int, limit: int
) -> None:
    asked = Asked(TODAY, known_size=end)

    found = await whole(
        lambda page: questions.changes(asked, page, from_size=begin, treaty_id=treaty, participant=participant),
        name="changes",
        limit=limit,
    )

    assert [(change["position"], change["treaty"], change["participant"]) for change in found] == [
        (size - 1, of, who)
        for size, of, who in EXPECTED
        if begin < size <= end and treaty in {None, of} and participant in {None, who}
    ]


async def test_anomalies_of_several_treaties_at_one_position_are_all_listed(questions: Questions) -> None:
    asked = Asked(TODAY)

    found = await whole(lambda page: questions.anomalies(asked, page, treaty_id=None), name="anomalies", limit=2)

    assert [anomaly["treaty"] for anomaly in found] == ["t0", "t1", "t2", "t3", "t4"]
