"""Write rows into the ledger's tables as the ledger does."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import asyncpg

from treaty_ledger.sql import statement

NOW = datetime(2026, 11, 23, tzinfo=UTC)


async def insert(
    connection: "asyncpg.Connection[asyncpg.Record]", positions: Sequence[int], *, at: datetime = NOW
) -> None:
    """Append facts at these positions."""
    count = len(positions)
    digests = [position.to_bytes(32, "big") for position in positions]
    columns: list[Sequence[object]] = [
        positions,
        [f"treaty-{position}" for position in positions],
        [1] * count,
        ["urn:test"] * count,
        [str(position) for position in positions],
        digests,
        ["treaty.registered"] * count,
        [None] * count,
        [None] * count,
        [at + timedelta(microseconds=number) for number in range(count)],
        ["somebody"] * count,
        [b"{}"] * count,
        digests,
        digests,
    ]
    await connection.execute(statement("append_events"), *columns, positions[-1] + 1)
