"""Write what one transaction of a store consists of, on its connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_projector import sql
from treaty_projector.bitemporal.versions import Version
from treaty_projector.entries import Entry
from treaty_projector.quarantine import Ruling
from treaty_projector.records import CLOSINGS, COLUMNS, Record, closing_of, record_of


async def apply_ruling(connection: AsyncConnection, ruling: Ruling) -> None:
    """Let treaties into the quarantine and out of it, in the transaction that moved the cursor."""
    if ruling.released:
        await connection.execute(sql.statement("release"), {"treaties": list(ruling.released)})
    if ruling.held:
        columns = zip(*((each.treaty, each.since, each.reason, each.via) for each in ruling.held), strict=True)
        values = dict(zip(("treaties", "since", "reasons", "via"), map(list, columns), strict=True))
        await connection.execute(sql.statement("hold"), values)


async def close_versions(connection: AsyncConnection, closings: Sequence[Version]) -> None:
    """End the knowledge of earlier versions before their successors are inserted."""
    columns: dict[str, list[tuple[object, ...]]] = {name: [] for name in CLOSINGS}
    for closing in closings:
        name, key = closing_of(closing)
        columns[name].append((closing.treaty, *key, closing.known_to))
    for name, rows in columns.items():
        if rows:
            values = dict(zip(CLOSINGS[name], map(list, zip(*rows, strict=True)), strict=True))
            await connection.execute(sql.statement(name), values)


async def note_falls(connection: AsyncConnection, falls: Sequence[tuple[str, str]]) -> None:
    """Remember which treaties fall with which."""
    if falls:
        treaties, parents = map(list, zip(*falls, strict=True))
        await connection.execute(sql.statement("note_falls"), {"treaties": treaties, "parents": parents})


async def insert_entries(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    """Copy those entries in that are not stored yet: the worker of another generation may have been first."""
    await connection.execute(sql.statement("store_alone"))
    stored = (await connection.execute(sql.statement("stored_size"))).scalar_one()
    records = [
        (e.position, e.recorded_at, e.stream, e.participant, e.type, e.source, e.schema_version, e.data)
        for e in entries
        if e.position >= stored
    ]
    await _copy(connection, {"entry": records})


async def insert(connection: AsyncConnection, versions: Sequence[Version]) -> None:
    """Copy all new versions in, inside the transaction that closed those before."""
    records: dict[str, list[Record]] = {}
    for version in versions:
        table, record = record_of(version)
        records.setdefault(table, []).append(record)
    await _copy(connection, records)


async def _copy(connection: AsyncConnection, records: Mapping[str, Sequence[Record]]) -> None:
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is None:
        raise ConnectionError
    for table, rows in records.items():
        if rows:
            await driver.copy_records_to_table(
                table,
                schema_name="projector" if table == "entry" else None,
                columns=COLUMNS[table].split(),
                records=rows,
            )
