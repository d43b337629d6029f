"""Connect to one log as each role."""

from collections.abc import AsyncIterator, Mapping

import asyncpg
import pytest
from database import as_part
from migrations.attempts import Connection
from migrations.rows import insert


@pytest.fixture(scope="module")
async def connections(module_database_url: str) -> AsyncIterator[Mapping[str, Connection]]:
    """Connect as each, to a log that holds one fact and one row of everything else."""
    urls = {part: as_part(module_database_url, part) for part in ("ledger", "projector", "migrate")}
    opened = {part: await asyncpg.connect(url) for part, url in {**urls, "superuser": module_database_url}.items()}
    await insert(opened["ledger"], [0])
    await opened["ledger"].execute("INSERT INTO ledger.log (origin) VALUES ('test')")
    await opened["ledger"].execute("INSERT INTO ledger.subtrees (level, index, hash) VALUES (1, 0, sha256(''))")
    await opened["ledger"].execute("INSERT INTO ledger.checkpoints (size, root, note) VALUES (1, sha256(''), '')")
    yield opened
    for connection in opened.values():
        await connection.close()
