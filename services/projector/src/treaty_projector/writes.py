"""Write what one transaction of a store consists of, on its connection."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import repeat

import asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_projector import sql
from treaty_projector.bitemporal.versions import Batch
from treaty_projector.connections import driver_of
from treaty_projector.entries import Entry
from treaty_projector.quarantine import Quarantined, Ruling
from treaty_projector.records import COLUMNS, KEYS, Record, key_of, record_of


async def apply_ruling(connection: AsyncConnection, ruling: Ruling) -> None:
    """Let treaties into the quarantine and out of it, in the transaction that moved the cursor."""
    if ruling.released:
        await connection.execute(sql.statement("release"), {"treaties": list(ruling.released)})
    if ruling.held:
        columns = zip(*((each.treaty, each.since, each.reason, each.via) for each in ruling.held), strict=True)
        values = dict(zip(("treaties", "since", "reasons", "via"), map(list, columns), strict=True))
        await connection.execute(sql.statement("hold"), values)
    await note_healed(connection, ruling.healed)


async def note_healed(connection: AsyncConnection, healed: Sequence[Quarantined]) -> None:
    """Remember of whom more is known than whoever follows changes was told."""
    if healed:
        values = {"treaties": [each.treaty for each in healed], "since": [each.since for each in healed]}
        await connection.execute(sql.statement("note_healings"), values)


async def note_falls(connection: AsyncConnection, falls: Sequence[tuple[str, str]]) -> None:
    """Remember which treaties fall with which."""
    if falls:
        treaties, parents = map(list, zip(*falls, strict=True))
        await connection.execute(sql.statement("note_falls"), {"treaties": treaties, "parents": parents})


async def insert_entries(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Store those entries that are not stored yet: the worker of another generation may have been first."""
    await store_entries(await _driver_within(connection, "insert_entries"), entries)


async def store_entries(driver: asyncpg.Connection[asyncpg.Record], entries: Sequence[Entry]) -> None:
    """Store those entries that are not stored yet, on the driver's own connection."""
    records = [
        (e.position, e.recorded_at, e.stream, e.participant, e.type, e.source, e.schema_version, e.data)
        for e in entries
    ]
    await _put(driver, "insert_entries", _columns("", COLUMNS["entry"], records))


async def write_rows(connection: AsyncConnection, batch: Batch) -> None:
    """Close the versions that a batch ends, and insert the new ones."""
    closed: dict[str, list[Record]] = {table: [] for table in KEYS}
    for closing in batch.closings:
        table, key = key_of(closing)
        closed[table].append((closing.treaty, *key, closing.known_to))
    opened: dict[str, list[Record]] = {table: [] for table in KEYS}
    for version in batch.inserts.values():
        table, record = record_of(version)
        opened[table].append(record)
    values: dict[str, Sequence[object]] = {}
    for table, key_columns in KEYS.items():
        values |= _columns(f"closed_{table}_", f"treaty {key_columns} known_to", closed[table])
        values |= _columns(f"{table}_", COLUMNS[table], opened[table])
    await _put(await _driver_within(connection, "write_rows"), "write_rows", values)


def _columns(prefix: str, names: str, records: Sequence[Record]) -> dict[str, Sequence[object]]:
    """Turn records into one parameter a column."""
    columns: Iterable[Sequence[object]] = zip(*records, strict=True) if records else repeat(())
    return {f"{prefix}{name}": column for name, column in zip(names.split(), columns, strict=False)}


async def _driver_within(connection: AsyncConnection, name: str) -> asyncpg.Connection[asyncpg.Record]:
    """Return the driver's own connection, which knows arrays, for a statement in the transaction that is under way.

    SQLAlchemy begins one with the first statement that it is given.
    """
    driver = await driver_of(connection)
    if not driver.is_in_transaction():
        raise RuntimeError(name)
    return driver


async def _put(driver: asyncpg.Connection[asyncpg.Record], name: str, values: Mapping[str, Sequence[object]]) -> None:
    text, names = sql.positional(name)
    await driver.execute(text, *(values[each] for each in names))
