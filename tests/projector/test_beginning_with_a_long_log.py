"""Where nothing is applied yet, a rebuild reads the log itself, proves it, and folds it on several processes."""

import os
import signal
import subprocess
from pathlib import Path

import asyncpg
import pytest
from database import fresh_database
from projector.published import cursor_of, facts, follow, leaves, publish, rows_of
from projector.rebuilds import command, rebuild, run
from projector.test_rebuilding_from_what_is_proven import altered, ready

LOG = leaves(facts(700))
GREEN = "projector_green"
HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF NEW.position = 300 THEN PERFORM pg_advisory_xact_lock_shared(1); END IF; RETURN NEW; END';
CREATE TRIGGER hold BEFORE INSERT ON projector.entry FOR EACH ROW EXECUTE FUNCTION hold();
"""
CUT = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND application_name = 'treaty-projector rebuild'
"""
IS_HELD = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted)"


async def test_a_log_read_by_a_rebuild_leads_to_what_following_it_leads_to(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)

    said = rebuild(database_url, tmp_path / "log", "--switch")

    begun = await cursor_of(database_url, schema=GREEN)
    assert "the log: 700 entries" in said
    assert "generation 2 answers" in said
    assert begun.checkpoint == (tmp_path / "log/checkpoint").read_text()
    async with fresh_database(postgres, template=template) as other:
        await follow(other, tmp_path / "log")
        followed = await cursor_of(other)
        assert (begun.size, begun.log, begun.digest_sum) == (followed.size, followed.log, followed.digest_sum)
        assert await rows_of(database_url, schema=GREEN) == await rows_of(other)


async def test_a_worker_goes_on_with_what_a_rebuild_began(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG[:500])
    rebuild(database_url, tmp_path / "log", "--switch")
    publish(tmp_path / "log", LOG)

    assert await follow(database_url, tmp_path / "log") == 700

    async with fresh_database(postgres, template=template) as other:
        await follow(other, tmp_path / "log")
        begun = await cursor_of(database_url, schema=GREEN)
        assert begun.digest_sum == (await cursor_of(other)).digest_sum


async def held_while_reading(
    owner: "asyncpg.Connection[asyncpg.Record]", database_url: str, log: Path
) -> subprocess.Popen[str]:
    """Begin with a log, and return what reads it once it waits within its second window, until `owner` unlocks."""
    await owner.execute(HOLD)
    await owner.execute("SELECT pg_advisory_lock(1)")
    env = {"TREATY_PROJECTOR_BATCH": "256"}
    reading = command(database_url, log, "rebuild", "--processes", "1", env=env)
    while not await owner.fetchval(IS_HELD):
        assert reading.poll() is None, reading.communicate()
    return reading


async def test_one_that_is_killed_while_it_reads_is_done_again(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", LOG)
    owner = await asyncpg.connect(database_url)
    killed = await held_while_reading(owner, database_url, tmp_path / "log")
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    await owner.execute("SELECT pg_advisory_unlock(1)")
    stored = await owner.fetchval("SELECT count(*) FROM projector.entry")
    await owner.close()

    assert stored in {256, 512}  # the server ends what it was told
    assert (await cursor_of(database_url)).size == 0
    assert "the log: 700 entries" in rebuild(database_url, tmp_path / "log", "--switch")


async def test_one_whose_connection_breaks_while_it_reads_ends_in_a_line(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", LOG)
    owner = await asyncpg.connect(database_url)
    reading = await held_while_reading(owner, database_url, tmp_path / "log")
    await owner.execute(CUT)
    said = "".join(reading.communicate(timeout=60))
    await owner.close()

    assert reading.returncode == 1
    assert len(said.splitlines()) == 1
    assert said.startswith("treaty-projector: the projector's database does not answer")


async def test_what_an_earlier_attempt_stored_is_held_against_the_log(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", LOG)
    rebuild(database_url, tmp_path / "log")
    assert run(database_url, tmp_path / "log", "drop", "2")[0] == 0
    await altered(database_url, "UPDATE projector.entry SET source = 'somebody else' WHERE position = 300")

    code, said = run(database_url, tmp_path / "log", "rebuild", "--processes", "1", "--switch")

    assert code == 1
    assert "entry 300 is not stored as the signed log has it" in said
    assert await ready(database_url) == [1]


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        ("checkpoint", "the signature of example.org/log is wrong"),
        ("tile/entries/001", "what was stored of the log stays, run the rebuild again"),
    ],
)
async def test_a_log_that_proves_nothing_begins_nothing(
    database_url: str, tmp_path: Path, spoil: str, says: str
) -> None:
    publish(tmp_path / "log", LOG)
    file = tmp_path / "log" / spoil
    if spoil == "checkpoint":
        file.write_text(file.read_text().replace("\n700\n", "\n699\n"))
    else:
        file.unlink()

    code, said = run(database_url, tmp_path / "log", "rebuild", "--processes", "1", "--switch")

    assert code == 1
    assert says in said
    assert await ready(database_url) == [1]


def test_an_empty_log_begins_with_nothing(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", LOG[:0])

    said = rebuild(database_url, tmp_path / "log", "--switch")

    assert "the log: 0 entries" in said
    assert "generation 2 answers" in said
