"""Fill a ledger's database as a ledger would have, without one: positions, versions and hashes are right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice

import asyncpg
import orjson
from raw_database import COLUMNS, Row, connected
from synthetic import tell
from workload import EVENTS_PER_TREATY, make_workload

from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.intake import parse_event
from treaty_contracts.merkle import leaf_hash
from treaty_ledger.append.candidates import Candidate, candidate

_ROWS_AT_ONCE = 20_000
_PATTERNS = 50
_RECORDED_BY = "anonymous"
_AGO = timedelta(days=1)
_TICK = timedelta(microseconds=1)


async def fill(url: str, *, size: int, seed: int | None = None) -> None:
    """Record so many events by COPY, then let PostgreSQL tidy up as it would have meanwhile.

    They are alike but for the names of their treaties; with a seed they are those of a synthetic ledger.
    """
    rows = islice(_rows(), size) if seed is None else _synthetic_rows(size, seed)
    async with connected(url, 1) as (connection,):
        while portion := list(islice(rows, _ROWS_AT_ONCE)):
            await connection.copy_records_to_table(
                "events", schema_name="ledger", columns=list(COLUMNS), records=portion
            )
        await _tidy_up(connection)


async def _tidy_up(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    await connection.execute("VACUUM (ANALYZE) ledger.events")
    await connection.execute("CHECKPOINT")


def _rows() -> Iterator[Row]:
    """Yield rows without end: treaty after treaty, each like one of a few patterns but for its name."""
    patterns = _patterns()
    position, at, treaty = 0, datetime.now(UTC) - _AGO, 0
    while True:
        pattern = patterns[treaty % _PATTERNS]
        name = f"filled-{treaty:07d}"
        for version, event in enumerate(pattern, start=1):
            yield _row(event, name, position, version, at)
            position, at = position + 1, at + _TICK
        treaty += 1


def _synthetic_rows(size: int, seed: int) -> Iterator[Row]:
    at = datetime.now(UTC) - _AGO
    for told in tell(size, seed=seed):
        proposed = {
            "specversion": "1.0",
            "id": f"{told.stream}/{told.place}",
            "source": "urn:example:depositary",
            "type": told.type,
            "subject": told.stream,
            "data": told.data,
        }
        event = candidate(parse_event(orjson.dumps(proposed)))
        at += _TICK
        hashed = leaf_hash(leaf(event.content, format_instant(at), _RECORDED_BY))
        given = (event.source, event.id, event.identity, event.type, event.participant, event.supersedes, at)
        yield (
            *(told.position, told.stream, told.place, *given, _RECORDED_BY, event.content),
            *(event.content_hash, hashed),
        )


def _patterns() -> list[list[Candidate]]:
    made = make_workload("pattern", treaties=_PATTERNS)
    events = [candidate(parse_event(event)) for event in (*made.registrations, *made.acts)]
    patterns = [[event for event in events if event.stream == treaty] for treaty in made.treaties]
    assert all(len(pattern) == EVENTS_PER_TREATY for pattern in patterns)
    return patterns


def _row(event: Candidate, name: str, position: int, version: int, at: datetime) -> Row:
    content = event.content.replace(event.stream.encode(), name.encode())
    id_ = event.id.replace(event.stream, name)
    identity = sha256(b"\x00".join((event.source.encode(), id_.encode()))).digest()
    hashed = leaf_hash(leaf(content, format_instant(at), _RECORDED_BY))
    given = (event.source, id_, identity, event.type, event.participant, None, at, _RECORDED_BY)
    return (position, name, version, *given, content, sha256(content).digest(), hashed)
