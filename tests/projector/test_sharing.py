"""Several workers that share a projection know at every size what one alone knows, whoever of them stops, and when."""

from contextlib import ExitStack
from pathlib import Path
from random import Random
from signal import SIGKILL

import asyncpg
import pytest
from database import fresh_database
from projector.published import cursor_of, facts, follow, leaves, publish, rows_of
from projector.teams import Site, at_work, doomed, go_on_alone, share, watch

from treaty_projector.connections import connect
from treaty_projector.errors import LeaseLost
from treaty_projector.generations import Place
from treaty_projector.sharing.leases import Leases
from treaty_projector.sharing.portions import Portion
from treaty_projector.sharing.steps import Steps
from treaty_projector.sharing.work import next_work
from treaty_projector.slices import PARTS, READING
from treaty_projector.store import Cursor

SIZE = 700
LOG = leaves(facts(SIZE))


async def known(database_url: str) -> list[object]:
    """Return what a projector knows: size, root, digest and every row."""
    cursor = await cursor_of(database_url)
    return [cursor.size, cursor.log.root(), cursor.digest_sum, await rows_of(database_url)]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = Path(tmp_path_factory.mktemp("shared")) / "log"
    publish(folder, LOG)
    return folder


@pytest.fixture(scope="module")
async def alone(module_database_url: str, log: Path) -> list[object]:
    """Return what one worker alone knows of the log."""
    assert await follow(module_database_url, log) == SIZE
    return await known(module_database_url)


@pytest.mark.parametrize("workers", [1, 3])
async def test_a_team_knows_what_one_alone_knows(
    workers: int, alone: list[object], database_url: str, log: Path
) -> None:
    await share(Site(database_url, log), workers=workers, size=SIZE)
    assert await known(database_url) == alone


async def test_at_every_size_a_team_says_what_one_alone_says_there(
    database_url: str, log: Path, postgres: str, template: str, tmp_path: Path
) -> None:
    seen = await share(Site(database_url, log, batch=100), workers=2, size=SIZE)
    between: list[Cursor] = [cursor for cursor in seen if 0 < cursor.size < SIZE]
    assert between
    cursor = between[len(between) // 2]
    publish(tmp_path / "log", LOG[: cursor.size])
    async with fresh_database(postgres, template=template) as url:
        await follow(url, tmp_path / "log")
        same = await cursor_of(url)
    assert (cursor.size, cursor.log.root(), cursor.digest_sum) == (same.size, same.log.root(), same.digest_sum)


async def test_who_joins_gets_a_share_and_who_leaves_gives_it_back(database_url: str, log: Path) -> None:
    site = Site(database_url, log, batch=10)
    engine = connect(database_url, place=Place(), size=2, statement_timeout_ms=5_000, only_reads=False)
    names = [Leases(engine, name=name, seconds=60.0) for name in ("first", "second")]
    first, second = names
    await first.balance()
    assert len(await first.held()) == PARTS
    await second.balance()
    assert not await second.held()  # until the first one hears of it
    await first.balance()
    await second.balance()
    assert [len(await each.held()) for each in names] == [33, 32]
    assert {part.number for each in names for part in await each.held()} == {*range(PARTS)}
    assert [part.number for part in await first.held()][-1] == READING
    await first.leave()
    await second.balance()
    assert len(await second.held()) == PARTS
    await second.leave()
    await engine.dispose()
    await share(site, workers=1, size=SIZE)


async def test_whoever_lost_its_lease_writes_nothing(alone: list[object], database_url: str, log: Path) -> None:
    site = Site(database_url, log, batch=100)
    engine = connect(database_url, place=Place(), size=2, statement_timeout_ms=5_000, only_reads=False)
    paused = Leases(engine, name="paused", seconds=60.0)
    await paused.balance()
    await expire(database_url, f"number = {READING}")  # others read on, and have no slice to fold
    async with at_work(site):
        await watch(site, until=lambda cursor: cursor.ahead == SIZE)
        work = next_work(await paused.held())
        assert work is not None
        await expire(database_url, "owner = 'paused'")
        await watch(site, until=lambda cursor: cursor.size == SIZE)
    portion = Portion(work.start)
    portion.size = work.end
    with pytest.raises(LeaseLost):
        await Steps(engine).write(portion, work, owner="paused")
    await engine.dispose()
    assert await known(database_url) == alone


async def test_one_that_is_alone_again_finishes_what_a_team_began(
    alone: list[object], database_url: str, log: Path
) -> None:
    site = Site(database_url, log, batch=50)
    engine = connect(database_url, place=Place(), size=1, statement_timeout_ms=5_000, only_reads=False)
    gone = Leases(engine, name="gone", seconds=1.0)
    async with at_work(site) as team:
        await watch(site, until=lambda cursor: cursor.ahead is not None)
        await gone.balance()
        assert team.trouble is None
    await engine.dispose()
    assert (await cursor_of(database_url)).ahead is not None
    assert await go_on_alone(site) == SIZE
    assert await known(database_url) == alone


async def test_a_team_quarantines_whom_one_alone_would(
    database_url: str, log: Path, postgres: str, template: str
) -> None:
    failpoints = "folding:raise:published-2@102"
    async with fresh_database(postgres, template=template) as url:
        assert await go_on_alone(Site(url, log, failpoints=failpoints)) == SIZE
        expected = [await known(url), await quarantined(url)]
    assert expected[1] == [("published-2", 102, None), ("published-3", 153, "published-2")]
    await share(Site(database_url, log, failpoints=failpoints), workers=3, size=SIZE)
    assert [await known(database_url), await quarantined(database_url)] == expected


async def quarantined(database_url: str) -> list[tuple[object, ...]]:
    """Return who is quarantined, since when, and with whom."""
    engine = connect(database_url, place=Place(), size=1, statement_timeout_ms=5_000, only_reads=True)
    async with engine.connect() as connection:
        found = await connection.exec_driver_sql("SELECT treaty, since, via FROM projector_blue.quarantine ORDER BY 1")
        rows = [tuple(row) for row in found]
    await engine.dispose()
    return rows


async def expire(database_url: str, which: str) -> None:
    """Let the leases of some parts end, as the clock would."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(f"UPDATE projector_blue.part SET lease_until = '-infinity' WHERE {which}")  # noqa: S608 - our words
    await connection.execute("DELETE FROM projector_blue.worker WHERE name = 'paused'")
    await connection.close()


async def test_killed_again_and_again_a_team_goes_on_where_it_stood(
    alone: list[object], database_url: str, log: Path, tmp_path: Path
) -> None:
    site = Site(database_url, log, batch=50, lease_seconds=1.0)
    chance, kills, size = Random(11), 0, 0  # noqa: S311 - the same kills in every run
    while size < SIZE:
        with ExitStack() as stack:
            both = [
                stack.enter_context(
                    doomed(site, log=tmp_path / "log", failpoints=f"{place}:kill:{chance.randrange(2, 7)}")
                )
                for place in ("before-commit", "after-commit")
            ]
            while size < SIZE and any(process.poll() is None for process in both):
                size = (await cursor_of(database_url)).size
            kills += sum(process.poll() == -SIGKILL for process in both)
    assert kills > 2
    assert await known(database_url) == alone
