"""Hold the entries that are stored against the signed log, which is read and proven from its first entry on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing
from typing import NamedTuple

import asyncpg

from treaty_contracts.merkle import CompactRange
from treaty_projector import sql
from treaty_projector.checkpoints import Checkpoints
from treaty_projector.entries import Entry
from treaty_projector.errors import GenerationRefused, LedgerUnreachable, LogInconsistent
from treaty_projector.feed.log import LogFeed
from treaty_projector.rebuild.filling import Progress
from treaty_projector.trust import Signed
from treaty_projector.writes import store_entries

_AGAIN_SECONDS = 0.2


async def prove(
    driver: asyncpg.Connection[asyncpg.Record],
    feed: LogFeed,
    checkpoints: Checkpoints,
    *,
    proven: CompactRange,
    progress: Progress,
) -> None:
    """Compare what is stored with the log as it is shown now, up to what was proven of it when it was applied.

    Raise GenerationRefused at the first entry that is stored otherwise, and where the log cannot be read;
    LogInconsistent where it is not the one that was followed.
    """
    log = CompactRange()
    progress(log.size, proven.size)
    if not proven.size:
        return
    try:
        signed = await _newest(checkpoints, proven.size)
        async with aclosing(feed.proved(log, signed.checkpoint)) as windows:
            async for window in windows:
                entries = window[: proven.size - log.size]
                await _compare(driver, entries)
                for entry in entries:
                    log = log.append(entry.leaf_hash)
                progress(log.size, proven.size)
                if log.size == proven.size:
                    break
    except LedgerUnreachable as error:
        raise GenerationRefused(f"{error}; rebuild --unproven folds what is stored without reading the log") from error
    if log.root() != proven.root():
        raise LogInconsistent(None, f"another root was signed for the {proven.size} entries that were proven")


class Stored(NamedTuple):
    """Say how much of a log is stored, and the signed note that proves it."""

    log: CompactRange
    checkpoint: str


async def store_log(
    driver: asyncpg.Connection[asyncpg.Record], feed: LogFeed, checkpoints: Checkpoints, *, progress: Progress
) -> Stored:
    """Store everything that the newest checkpoint covers, as it is proven; return how much that is.

    What was stored before stays, and is held against the log. Raise GenerationRefused and LogInconsistent as `prove`.
    """
    log = CompactRange()
    try:
        signed = await _newest(checkpoints, log.size)
        progress(log.size, signed.checkpoint.size)
        async with aclosing(feed.proved(log, signed.checkpoint)) as windows:
            async for entries in windows:
                await store_entries(driver, entries)
                await _compare(driver, entries)
                for entry in entries:
                    log = log.append(entry.leaf_hash)
                progress(log.size, signed.checkpoint.size)
    except LedgerUnreachable as error:
        raise GenerationRefused(f"{error}; what was stored of the log stays, run the rebuild again") from error
    return Stored(log, signed.note)


async def _newest(checkpoints: Checkpoints, size: int) -> Signed:
    """Return a checkpoint that covers what is applied; a cache may lag for a moment."""
    signed = await checkpoints.newest(size)
    if signed is not None:
        return signed
    await asyncio.sleep(_AGAIN_SECONDS)
    return await _newest(checkpoints, size)


async def _compare(driver: asyncpg.Connection[asyncpg.Record], entries: Sequence[Entry]) -> None:
    """Raise GenerationRefused unless these entries are stored; note whom they name, which is ours to find."""
    start = entries[0].position
    rows = await driver.fetch(sql.read("stored_entries"), start, start + len(entries))
    stored = {row["position"]: row for row in rows}
    named: list[tuple[int, str | None]] = []
    for entry in entries:
        row = stored.get(entry.position)
        if row is None or tuple(row)[1:] != _signed_part(entry):
            raise GenerationRefused(
                f"entry {entry.position} is not stored as the signed log has it: somebody altered the database, or it "
                "is damaged; let the projector begin anew in an empty one"
            )
        if row["participant"] != entry.participant:
            named.append((entry.position, entry.participant))
    if named:
        positions, participants = map(list, zip(*named, strict=True))
        await driver.execute(sql.read("name_participants"), positions, participants)


def _signed_part(entry: Entry) -> tuple[object, ...]:
    return (
        entry.position,
        entry.recorded_at,
        entry.stream,
        entry.type,
        entry.source,
        entry.schema_version,
        entry.data,
    )
