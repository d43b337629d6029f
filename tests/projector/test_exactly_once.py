"""Every entry is applied exactly once, however the log is cut, whoever else applies it, and whenever it is killed."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

import httpx
import pytest
from database import RunningService, fresh_database
from projector.published import cursor_of, facts, follow, follower, leaves, publish, rows_of
from register import running_projector

from treaty_projector.errors import CursorMoved

SIZE = 700
LOG = leaves(facts(SIZE))


@pytest.fixture(scope="module")
async def whole(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """Return what a projector that was never disturbed knows of the log: digest and every row."""
    folder = Path(tmp_path_factory.mktemp("whole")) / "log"
    publish(folder, LOG)
    assert await follow(module_database_url, folder) == SIZE
    return await known(module_database_url)


async def known(database_url: str) -> list[object]:
    """Return what a projector knows: root, digest and every row."""
    cursor = await cursor_of(database_url)
    return [cursor.size, cursor.log.root(), cursor.digest_sum, await rows_of(database_url)]


@pytest.mark.parametrize("batch", [1, 7])
async def test_in_pieces_of_any_size_the_same_is_known(
    batch: int, whole: list[object], database_url: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)
    assert await follow(database_url, tmp_path / "log", batch=batch) == SIZE
    assert await known(database_url) == whole


async def test_a_log_that_grows_by_odd_portions_ends_in_the_same(
    whole: list[object], database_url: str, tmp_path: Path
) -> None:
    chance = Random(5)  # noqa: S311 - the same cuts in every run
    sizes = [0, *sorted(chance.sample(range(1, SIZE), 15)), SIZE]
    async with follower(database_url, tmp_path / "log") as live:
        for size in sizes:
            publish(tmp_path / "log", LOG[:size])
            assert await live.catch_up() == size
    assert await known(database_url) == whole


async def test_whatever_is_delivered_twice_is_applied_once(
    whole: list[object], database_url: str, tmp_path: Path
) -> None:
    refused = 0
    async with AsyncExitStack() as stack:
        publish(tmp_path / "log", LOG[:0])
        both = [await stack.enter_async_context(follower(database_url, tmp_path / "log", batch=100)) for _ in range(2)]
        for one in both:
            await one.catch_up()
        for size in range(100, SIZE + 1, 100):
            publish(tmp_path / "log", LOG[:size])
            assert await both[0].catch_up() == size
            with pytest.raises(CursorMoved):
                await both[1].catch_up()
            refused += 1
            both[1].forget()
            assert await both[1].catch_up() == size
    assert refused == SIZE // 100
    assert await known(database_url) == whole


async def test_two_that_race_apply_every_entry_once(whole: list[object], database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", LOG)

    async def insist(batch: int) -> None:
        async with follower(database_url, tmp_path / "log", batch=batch) as one:
            while True:
                try:
                    assert await one.catch_up() == SIZE
                except CursorMoved:
                    one.forget()
                else:
                    return

    async with asyncio.TaskGroup() as tasks:
        for batch in (30, 50, 70):
            tasks.create_task(insist(batch))
    assert await known(database_url) == whole


async def test_killed_again_and_again_it_goes_on_where_it_stood(
    whole: list[object], postgres: str, template: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)
    chance, kills, size = Random(7), 0, 0  # noqa: S311 - the same kills in every run
    async with fresh_database(postgres, template=template) as url:
        while size < SIZE:
            with running_projector(
                url, str(tmp_path / "log"), log=tmp_path / "projector.log", env={"TREATY_PROJECTOR_BATCH": "20"}
            ) as projector:
                size = reach(projector, min(SIZE, size + chance.randrange(100, 250)))
                projector.kill()
                kills += 1
        assert kills > 2
        assert await known(url) == whole


def reach(projector: RunningService, wanted: int) -> int:
    """Wait until a projector has applied so many entries; return how many it says it has."""
    while True:
        size = int(httpx.get(f"{projector.base_url}/v1/projection").json()["size"])
        if size >= wanted:
            return size
