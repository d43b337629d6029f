"""A ledger fails on purpose only where and when it is told to, and says so."""

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from database import RunningService, drop_database, running_ledger
from ledger.facts import as_lines, log_size, notified, post, post_lines, registered_treaty
from ledger.logs import connected, signed_beyond

from treaty_ledger.errors import DatabaseUnavailable, UnknownFailpoint
from treaty_ledger.failpoints import Failpoints


def passed(failpoints: Failpoints, times: int) -> list[bool]:
    """Pass a place so often; tell each time whether it failed."""
    failed = []
    for _ in range(times):
        try:
            failpoints.passing("after-commit")
        except DatabaseUnavailable:
            failed.append(True)
        else:
            failed.append(False)
    return failed


async def until_paused(service: RunningService) -> None:
    """Return once a ledger has stopped itself."""
    waited = os.WSTOPPED | os.WNOWAIT
    await asyncio.to_thread(os.waitid, os.P_PID, service.process.pid, waited)


@pytest.mark.parametrize("text", [None, "", "before-commit:lose:1", "after-commit:lose:0.0"])
def test_a_place_that_is_not_told_to_fail_never_fails(text: str | None) -> None:
    assert not any(passed(Failpoints(text), 100))


def test_a_place_fails_at_the_passing_that_is_named_and_at_no_other() -> None:
    assert passed(Failpoints("before-commit:kill:9,after-commit:lose:3"), 5) == [False, False, True, False, False]


def test_a_place_fails_with_the_probability_that_is_named() -> None:
    assert all(passed(Failpoints("after-commit:lose:1.0"), 10))
    assert 100 < sum(passed(Failpoints("after-commit:lose:0.5"), 1_000)) < 900


@pytest.mark.parametrize("text", ["after-commit", "somewhere:kill:1", "after-commit:hide:1", "after-commit:kill:soon"])
def test_what_is_no_failpoint_keeps_the_ledger_from_starting(text: str) -> None:
    with pytest.raises(UnknownFailpoint, match="is no failpoint"):
        Failpoints(text)


async def test_a_ledger_with_failpoints_says_so_loudly_and_others_say_nothing(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    quiet = start_ledger(database_url)
    assert "FAILPOINTS" not in quiet.log.read_text()
    quiet.stop()
    loud = start_ledger(database_url, TREATY_LEDGER_FAILPOINTS="before-commit:lose:1,after-commit:lose:2")
    assert "FAILPOINTS ARE ON" in loud.log.read_text()
    async with connected(loud) as client:
        treaty = await registered_treaty(client)
        answers = [await post(client, notified(treaty)) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [201] * 3  # what broke was found again
        assert await log_size(client) == 4
        await signed_beyond(client, 3)
    said = loud.log.read_text()
    assert "failpoint before-commit: lose" in said
    assert "failpoint after-commit: lose" in said


async def test_a_ledger_that_is_paused_in_the_middle_of_recording_goes_on_when_it_is_woken(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_FAILPOINTS="before-commit:pause:1")
    async with connected(service) as client:
        posting = asyncio.create_task(registered_treaty(client))
        await until_paused(service)
        assert not posting.done()
        service.process.send_signal(signal.SIGCONT)
        await posting
        assert await log_size(client) == 1


@pytest.mark.parametrize("place", ["before-signing", "before-guard", "before-publish"])
async def test_a_ledger_that_ends_around_its_very_first_checkpoint_starts_again(
    database_url: str, tmp_path: Path, place: str
) -> None:
    log = tmp_path / "ledger.log"
    with (
        pytest.raises(AssertionError, match=f"failpoint {place}: kill"),
        running_ledger(database_url, log=log, env={"TREATY_LEDGER_FAILPOINTS": f"{place}:kill:1"}),
    ):
        pass
    with running_ledger(database_url, log=log) as service:
        async with connected(service) as client:
            await registered_treaty(client)
            assert (await signed_beyond(client, 0)).size == 1


async def test_lines_of_which_some_may_be_recorded_are_not_told_that_none_is(
    postgres: str, database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_FAILPOINTS="after-commit:pause:2")
    async with connected(service) as client:
        treaty = await registered_treaty(client)
        connection = await asyncpg.connect(database_url)
        await connection.execute("ALTER TABLE ledger.events ADD CONSTRAINT no_poison CHECK (source <> 'urn:poison')")
        await connection.close()
        # The database refuses one line, so that each is recorded alone: the first is, and then the database is gone.
        facts = [notified(treaty), notified(treaty), {**notified(treaty), "source": "urn:poison"}]
        posting = asyncio.create_task(post_lines(client, as_lines(facts)))
        await until_paused(service)
        await drop_database(postgres, database_url.rpartition("/")[2])
        service.process.send_signal(signal.SIGCONT)
        problems = [answer["problem"] for answer in await posting]
    assert len(problems) == 3
    assert all(isinstance(told, dict) and "Post it again unchanged" in str(told["detail"]) for told in problems)
