"""A ledger fails on purpose only where and when it is told to, and says so."""

import asyncio
import os
import signal
from collections.abc import Callable

import pytest
from database import RunningService
from ledger.facts import log_size, notified, post, registered_treaty
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
    waited = os.WSTOPPED | os.WNOWAIT
    async with connected(service) as client:
        posting = asyncio.create_task(registered_treaty(client))
        await asyncio.to_thread(os.waitid, os.P_PID, service.process.pid, waited)
        assert not posting.done()
        service.process.send_signal(signal.SIGCONT)
        await posting
        assert await log_size(client) == 1
