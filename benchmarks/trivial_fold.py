"""Read a ledger's feed with as little law as possible: count facts by type, and remember how far one came."""

from collections import Counter
from time import perf_counter

import asyncpg
import httpx
import orjson
from figures import Run

_CHECKPOINT_EVERY = 1_000
_TABLE = "DROP TABLE IF EXISTS fold_checkpoint; CREATE TABLE fold_checkpoint (size bigint, counts text)"
_CHECKPOINT = "INSERT INTO fold_checkpoint (size, counts) VALUES ($1, $2)"


async def fold_trivially(ledger_url: str, database: str, *, size: int) -> Run:
    """Fold the whole feed, with a row committed each 1,000 entries; return entries a second."""
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(_TABLE)
        counts, folded, rest = Counter[str](), 0, b""
        began = perf_counter()
        async with (
            httpx.AsyncClient(base_url=ledger_url, timeout=60) as client,
            client.stream("GET", "/v1/events", headers={"Accept": "application/jsonl"}) as answer,
        ):
            async for part in answer.aiter_bytes():
                *lines, rest = (rest + part).split(b"\n")
                for line in lines:
                    counts[orjson.loads(line)["event"]["type"]] += 1
                    folded += 1
                    if folded % _CHECKPOINT_EVERY == 0:
                        await connection.execute(_CHECKPOINT, folded, orjson.dumps(counts).decode())
        elapsed = perf_counter() - began
    finally:
        await connection.close()
    assert folded == size, (folded, size)
    return Run(size / elapsed)
