"""Record with message-db: a schema and functions for PostgreSQL, called with asyncpg.

Its SQL comes from its npm package and is kept in .cache; it is not part of this repository.
"""

import asyncio
import shutil
import subprocess
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from uuid import NAMESPACE_URL, uuid5

import asyncpg
from figures import Run, timed
from machine import ROOT
from peer import Fact
from raw_database import Row, connected

VERSION = "1.3.1"
"""Which message-db is measured."""

_PACKAGE = f"@eventide/message-db@{VERSION}"
_PLACE = ROOT / ".cache" / "message-db" / VERSION
_SQL = _PLACE / "package" / "database"
# In the order of its install.sh. What it grants to a role, and pgcrypto, whose one function PostgreSQL has itself by
# now, make no difference to what is measured.
_INSTALLED = (
    "schema/message-store",
    "tables/messages",
    "types/message",
    *(
        f"functions/{name}"
        for name in ("hash-64", "category", "is-category", "id", "cardinal-id", "acquire-lock", "stream-version")
    ),
    "functions/write-message",
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
)
_PATH = "message_store, public"
_WRITE = "SELECT write_message($1, $2, $3, $4)"


async def install(url: str) -> None:
    """Install message-db in a database."""
    if not _SQL.exists():
        await asyncio.to_thread(_get)
    async with connected(url, 1) as (connection,):
        for name in _INSTALLED:
            await connection.execute((_SQL / f"{name}.sql").read_text(encoding="utf-8"))
            await connection.execute(f"SET search_path TO {_PATH}")
        await connection.execute(
            f"ALTER DATABASE {await connection.fetchval('SELECT current_database()')} SET search_path TO {_PATH}"
        )


async def write_messages(url: str, facts: Sequence[Fact], *, at_once: int, clients: int) -> Run:
    """Record facts, so many a transaction, on so many connections; return events a second."""
    rows = [_row(fact) for fact in facts]
    portions, durations = iter([rows[at : at + at_once] for at in range(0, len(rows), at_once)]), list[float]()
    async with connected(url, clients) as pool:
        await pool[0].execute("TRUNCATE messages")
        began = perf_counter()
        async with asyncio.TaskGroup() as tasks:
            for connection in pool:
                tasks.create_task(_write(connection, portions, durations))
        elapsed = perf_counter() - began
        assert await pool[0].fetchval("SELECT count(*) FROM messages") == len(facts)
    return replace(timed(durations), value=len(facts) / elapsed)


async def _write(
    connection: "asyncpg.Connection[asyncpg.Record]", portions: Iterator[list[Row]], durations: list[float]
) -> None:
    single = await connection.prepare(_WRITE)
    for rows in portions:
        began = perf_counter()
        if len(rows) == 1:
            await single.fetchval(*rows[0])
        else:
            await connection.executemany(_WRITE, rows)  # in one transaction, without waiting for each answer
        durations.append(perf_counter() - began)


def _row(fact: Fact) -> Row:
    return (str(uuid5(NAMESPACE_URL, fact.id)), f"treaty-{fact.treaty}", fact.type, fact.content.decode())


def _get() -> None:
    npm = shutil.which("npm")
    assert npm, "message-db comes from npm, which is not installed"
    _PLACE.mkdir(parents=True, exist_ok=True)
    subprocess.run([npm, "pack", "--silent", _PACKAGE], cwd=_PLACE, check=True, capture_output=True)
    (package,) = _PLACE.glob("*.tgz")
    with tarfile.open(package) as content:
        content.extractall(_PLACE, filter="data")
