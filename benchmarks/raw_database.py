"""Do with asyncpg alone what the services ask of PostgreSQL: the limit that no service in front of it can pass."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from time import perf_counter
from typing import TypeAlias

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from figures import Run, timed

import treaty_ledger.sql
import treaty_projector.sql
from treaty_contracts.intake import parse_event
from treaty_ledger.append.candidates import candidate
from treaty_ledger.store.reads import STREAMED_AT_ONCE
from treaty_projector.law.membership import PENDING, SIGNALS

READ_MODEL = "projector_blue"
"""Where the projector's statements find the read model of a database that was never rebuilt."""

Pool: TypeAlias = "list[asyncpg.Connection[asyncpg.Record]]"
Prepared: TypeAlias = "PreparedStatement[asyncpg.Record]"
Row: TypeAlias = tuple[object, ...]

COLUMNS = {
    "position": "bigint", "stream": "text", "version": "integer", "source": "text", "id": "text", "identity": "bytea",
    "type": "text", "participant": "text", "supersedes": "bigint", "recorded_at": "timestamptz", "recorded_by": "text",
    "event": "bytea", "content_hash": "bytea", "leaf_hash": "bytea",
}  # fmt: skip
"""The columns of the ledger's table of events, with their types."""

_COPY_OF_TABLE = "DROP TABLE IF EXISTS raw_events; CREATE TABLE raw_events (LIKE ledger.events INCLUDING ALL)"
_INSERT = f"INSERT INTO raw_events VALUES ({', '.join(f'${n + 1}' for n in range(len(COLUMNS)))})"  # noqa: S608
_UNNEST = "INSERT INTO raw_events SELECT * FROM unnest({})".format(  # noqa: S608 - column types, not input
    ", ".join(f"CAST(${number} AS {type_}[])" for number, type_ in enumerate(COLUMNS.values(), start=1))
)
_ROWS_AT_ONCE = 1_000


def rows_of(events: Sequence[bytes]) -> list[Row]:
    """Return the rows that a ledger would store for these events."""
    versions: dict[str, int] = {}
    rows: list[Row] = []
    now = datetime.now(UTC)
    for position, event in enumerate(events):
        found = candidate(parse_event(event))
        version = versions[found.stream] = versions.get(found.stream, 0) + 1
        given = (found.source, found.id, found.identity, found.type, found.participant, None, now, "anonymous")
        hashes = (found.content_hash, found.content_hash)
        rows.append((position, found.stream, version, *given, found.content, *hashes))
    return rows


@asynccontextmanager
async def connected(url: str, count: int, **settings: str) -> AsyncIterator[Pool]:
    """Give so many open connections, with these settings of the server."""
    pool: Pool = []
    try:
        for _ in range(count):
            pool.append(await asyncpg.connect(url, server_settings=settings))
        yield pool
    finally:
        for connection in pool:
            await connection.close()


async def insert_single(url: str, rows: Sequence[Row], *, connections: int) -> Run:
    """Insert each row in a transaction of its own; return rows a second."""
    async with connected(url, connections) as pool:
        await pool[0].execute(_COPY_OF_TABLE)
        return await _take_turns(pool, _INSERT, rows)


async def insert_unnest(url: str, rows: Sequence[Row]) -> Run:
    """Insert 1,000 rows a transaction as columns; return rows a second."""
    async with connected(url, 1) as (connection,):
        await connection.execute(_COPY_OF_TABLE)
        began = perf_counter()
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            columns = zip(*rows[start : start + _ROWS_AT_ONCE], strict=True)
            await connection.execute(_UNNEST, *map(list, columns))
        return Run(len(rows) / (perf_counter() - began))


async def insert_batches(url: str, rows: Sequence[Row], *, size: int, connections: int) -> Run:
    """Insert so many rows a transaction as columns, on several connections; return rows a second."""
    portions = [tuple(map(list, zip(*rows[at : at + size], strict=True))) for at in range(0, len(rows), size)]
    async with connected(url, connections) as pool:
        await pool[0].execute(_COPY_OF_TABLE)
        run = await _take_turns(pool, _UNNEST, portions)
    return replace(run, value=run.value * size)


async def insert_copy(url: str, rows: Sequence[Row]) -> Run:
    """Copy all rows in one transaction; return rows a second."""
    async with connected(url, 1) as (connection,):
        await connection.execute(_COPY_OF_TABLE)
        began = perf_counter()
        await connection.copy_records_to_table("raw_events", columns=list(COLUMNS), records=rows)
        return Run(len(rows) / (perf_counter() - began))


async def query_members(
    url: str, questions: Sequence[tuple[str, int, date]], *, connections: int, schema: str = READ_MODEL
) -> Run:
    """Ask the projector's own statement for each (treaty, size, as_of); return questions a second."""
    statement, names = treaty_projector.sql.positional("members_settled")
    fixed = {"consents": ("party",), "pending": tuple(PENDING), "signals": tuple(SIGNALS), "after": ""}
    asked = [{"treaty": treaty, "known_size": size, "as_of": day, **fixed} for treaty, size, day in questions]
    arguments = [tuple(each[name] for name in names) for each in asked]
    settings = {"search_path": schema, "jit": "off", "enable_bitmapscan": "off"}  # as those who answer have them
    async with connected(url, connections, **settings) as pool:
        return await _take_turns(pool, statement, arguments)


async def read_pages(url: str, *, size: int) -> Run:
    """Read all rows of a ledger that it would tell of in its feed, a page after the other; return rows a second."""
    statement, read = treaty_ledger.sql.statement("recorded_events"), 0
    async with connected(url, 1) as (connection,):
        prepared = await connection.prepare(statement)
        began = perf_counter()
        while rows := await prepared.fetch(read, size, STREAMED_AT_ONCE):
            read += len(rows)
        elapsed = perf_counter() - began
    assert read == size, (read, size)
    return Run(size / elapsed)


async def notify_inserts(url: str, rows: Sequence[Row], *, pause: float) -> Run:
    """Insert rows one by one and wait until another connection, told of each, has read it; return milliseconds."""
    told: asyncio.Queue[int] = asyncio.Queue()
    durations = []
    async with connected(url, 2) as (writer, reader):
        await writer.execute(_COPY_OF_TABLE)
        await reader.add_listener("raw_head", lambda *heard: told.put_nowait(int(str(heard[3]))))
        for row in rows:
            began = perf_counter()
            async with writer.transaction():
                await writer.execute(_INSERT, *row)
                await writer.execute("SELECT pg_notify('raw_head', CAST(CAST($1 AS bigint) AS text))", row[0])
            position = await told.get()
            assert await reader.fetchval("SELECT event FROM raw_events WHERE position = $1", position)
            durations.append(perf_counter() - began)
            await asyncio.sleep(pause)
    return timed(durations)


async def _take_turns(pool: Pool, statement: str, arguments: Sequence[Row]) -> Run:
    """Run the statement for all arguments, each connection its next one as soon as the last is done."""
    prepared = [await connection.prepare(statement) for connection in pool]
    waiting, durations = iter(arguments), list[float]()
    began = perf_counter()
    async with asyncio.TaskGroup() as tasks:
        for each in prepared:
            tasks.create_task(_run(each, waiting, durations))
    return timed(durations, value=len(arguments) / (perf_counter() - began))


async def _run(prepared: Prepared, waiting: Iterator[Row], durations: list[float]) -> None:
    for arguments in waiting:
        began = perf_counter()
        await prepared.fetch(*arguments)
        durations.append(perf_counter() - began)
