"""Publish logs of real facts in a folder, right ones and wrong ones, and follow them without a process."""

import itertools
import shutil
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
from builders import SIMPLE_CLAUSES, deposited, notified, registered
from contracts.written_logs import VERIFIER, WrittenLog, written_log
from database import as_part
from register import event

from treaty_contracts.canonical import JsonObject, canonical_bytes
from treaty_contracts.envelope import format_instant, leaf
from treaty_contracts.participants import KNOWN
from treaty_contracts.tlog.notes import Verifier
from treaty_door.pulse import Loop
from treaty_projector.applying import ApplyAlone
from treaty_projector.checkpoints import OLDER_SECONDS, Checkpoints
from treaty_projector.connections import connect
from treaty_projector.desk import Desk
from treaty_projector.feed.log import LogFeed
from treaty_projector.feed.sources import open_source
from treaty_projector.generations import Place
from treaty_projector.progress import Progress
from treaty_projector.runner import Pace, Runner
from treaty_projector.store import Cursor, Store

CODES = sorted(code for code, participant in KNOWN.items() if participant.kind == "state")[:40]


def facts(count: int) -> list[JsonObject]:
    """Return facts of treaties with forty parties each, of whom ten leave; every second falls with the one before.

    After every fourth treaty one participant succeeds to another, which may move all treaties before.
    """
    made: list[JsonObject] = []
    for number in itertools.count():
        treaty = f"published-{number}"
        clauses: JsonObject = {**SIMPLE_CLAUSES, "falls_with": [f"published-{number - 1}"] if number % 2 else []}
        told = [registered(clauses), *(deposited(code, "2001-01-01") for code in CODES)]
        told += [notified(code, "2010-06-30") for code in CODES[:10]]
        made += [event(*one, subject=treaty, id_=f"{treaty}/{place}") for place, one in enumerate(told)]
        if number % 4 == 3:
            data = {
                "from": CODES[number % 40],
                "to": CODES[-1 - number % 40],
                "relation": "succeeds",
                "on": "2005-06-03",
            }
            made.append(event("participant.related", data, subject="participants", id_=f"related/{number}"))
        if len(made) >= count:
            return made[:count]
    raise AssertionError


def leaves(told: Iterable[JsonObject], *, by: str = "tests") -> list[bytes]:
    """Return the entries a ledger would write for events, recorded second by second."""
    start = datetime(2026, 1, 1, tzinfo=UTC)
    return [
        leaf(canonical_bytes(one), format_instant(start + timedelta(seconds=number)), by)
        for number, one in enumerate(told)
    ]


def publish(folder: Path, written: Sequence[bytes] | WrittenLog, *, vkeys: Sequence[Verifier] = (VERIFIER,)) -> None:
    """Put a log into a folder in place of whatever is there, as `treaty export` would."""
    log = written if isinstance(written, WrittenLog) else written_log(list(written))
    shutil.rmtree(folder, ignore_errors=True)
    for path, content in log.files.items():
        file = folder / "tile" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    folder.mkdir(exist_ok=True)
    (folder / "vkey").write_text("".join(f"{key.vkey}\n" for key in vkeys))
    (folder / "checkpoint").write_text(log.note)


@asynccontextmanager
async def follower(
    database_url: str,
    log: Path | str,
    *,
    batch: int = 1000,
    keys: Sequence[Verifier] = (),
    patience: float = OLDER_SECONDS,
    capacity: int = 60_000,
) -> AsyncIterator[Runner]:
    """Give what follows a log into a database; it catches up when it is told to."""
    place = Place()
    engine = connect(
        as_part(database_url, "projector"), place=place, size=2, statement_timeout_ms=60_000, only_reads=False
    )
    feed, store = LogFeed(open_source(str(log)), batch=batch), Store(engine, place)
    checkpoints = Checkpoints(store, feed, keys=keys, patience=patience)
    try:
        progress = Progress(Loop("worker", tracing=None))
        alone = ApplyAlone(store, Desk(store, capacity=capacity))
        yield Runner(store, feed, alone, checkpoints, pace=Pace(batch, 1.0), progress=progress)
    finally:
        await feed.close()
        await engine.dispose()


async def follow(database_url: str, log: Path | str, *, batch: int = 1000, keys: Sequence[Verifier] = ()) -> int:
    """Follow a log as far as it goes; return the size reached."""
    async with follower(database_url, log, batch=batch, keys=keys) as runner:
        return await runner.catch_up()


async def cursor_of(database_url: str, *, schema: str = "projector_blue") -> Cursor:
    """Return how far the projection in a database has come."""
    place = Place(schema)
    engine = connect(
        as_part(database_url, "projector"), place=place, size=1, statement_timeout_ms=60_000, only_reads=True
    )
    try:
        return await Store(engine, place).cursor()
    finally:
        await engine.dispose()


async def rows_of(database_url: str, *, schema: str = "projector_blue") -> list[tuple[object, ...]]:
    """Return every row of a read model."""
    connection = await asyncpg.connect(database_url)
    try:
        tables = ("treaty", "membership", "standing", "anomaly")
        found = [await connection.fetch(f"SELECT * FROM {schema}.{table}") for table in tables]  # noqa: S608 - our names
    finally:
        await connection.close()
    return sorted((tuple(row) for rows in found for row in rows), key=repr)


def projection(base_url: str, *, size: int = 0) -> JsonObject:
    """Return what a projector says of itself once it has applied so many entries."""
    answer = httpx.get(f"{base_url}/v1/projection", params={"min_size": size})
    while answer.status_code == 503:
        answer = httpx.get(f"{base_url}/v1/projection", params={"min_size": size})
    content: JsonObject = answer.json()
    return content
