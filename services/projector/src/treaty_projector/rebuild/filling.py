"""Fill a new generation from the first entry to the size of the one that answers, on several processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeAlias

import orjson

from treaty_projector import sql
from treaty_projector.bitemporal.versions import add_terms
from treaty_projector.errors import GenerationRefused
from treaty_projector.quarantine import Quarantined, check_few
from treaty_projector.rebuild.portions import Portion, groups_of, named_parents, portions_of
from treaty_projector.rebuild.process import Task, begin, fold_portion, open_driver

Progress: TypeAlias = Callable[[int, int], None]
"""Hears how many entries of how many are folded."""


async def fill(task: Task, *, processes: int, progress: Progress) -> tuple[bytes, list[Quarantined]]:
    """Fold all that is stored up to the task's size, and write it; return the digest's sum and who is quarantined.

    Raise GenerationRefused where a worker that follows the log would stop.
    """
    portions = await _plan(task, processes=processes)
    total = sum(portion.entries for portion in portions)
    done, digest_sum = 0, bytes(32)
    held: list[Quarantined] = []
    progress(done, total)
    if not portions:
        return digest_sum, held
    loop = asyncio.get_running_loop()
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=begin, initargs=(task,)) as pool:
        folding = [loop.run_in_executor(pool, fold_portion, portion) for portion in portions]
        try:
            for folded in asyncio.as_completed(folding):
                filled = await folded
                done += filled.entries
                digest_sum = add_terms(digest_sum, filled.terms)
                held += filled.held
                check_few(held, most=task.quarantine_most)
                progress(done, total)
        except BrokenProcessPool as error:
            raise GenerationRefused(
                "a process that folded was killed, perhaps for want of memory: try again, with fewer --processes"
            ) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            await asyncio.gather(*folding, return_exceptions=True)
    return digest_sum, held


async def _plan(task: Task, *, processes: int) -> list[Portion]:
    driver = await open_driver(task.url, schema=task.schema)
    try:
        counted = await driver.fetch(sql.read("streams_to_fold"), task.size)
        sizes: dict[str, int] = {row["stream"]: row["entries"] for row in counted}
        named = await driver.fetch(sql.read("ties_to_fold"), task.size)
    finally:
        await driver.close()
    ties = [(stream, parent) for stream, data in named for parent in named_parents(orjson.loads(data))]
    return portions_of(groups_of(sizes, ties), sizes, processes=processes)
