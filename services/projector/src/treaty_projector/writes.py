"""Write what one transaction of a store consists of, on its connection."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from treaty_projector import sql
from treaty_projector.bitemporal.versions import Version
from treaty_projector.entries import Entry
from treaty_projector.quarantine import Ruling
from treaty_projector.records import CLOSINGS, COLUMNS, closing_of, record_of


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


async def insert(connection: AsyncConnection, entries: Sequence[Entry], versions: Sequence[Version]) -> None:
    """Copy all new rows in, inside the transaction that moved the cursor."""
    records: dict[str, list[tuple[object, ...]]] = {name: [] for name in COLUMNS}
    records["entry"] = [
        (e.position, e.recorded_at, e.stream, e.participant, e.type, e.source, e.schema_version, e.data)
        for e in entries
    ]
    for version in versions:
        table, record = record_of(version)
        records[table].append(record)
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
