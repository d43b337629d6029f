"""Questions wait for a connection as long as one will be free in time, and are refused at once when none will."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from treaty_projector.errors import DatabaseUnavailable, TooManyQuestions
from treaty_projector.generations import Place
from treaty_projector.reading import Reads

LIMIT_MS = 300


@pytest.fixture
async def reads(database_url: str) -> AsyncIterator[Reads]:
    lending = Reads(database_url, place=Place(), size=1, statement_timeout_ms=LIMIT_MS)
    yield lending
    await lending.close()


async def ask(reads: Reads) -> int:
    async with reads.lent() as reader:
        row = await reader.row("cursor")
    return -1 if row is None else int(row["size"])


async def ask_slowly(reads: Reads) -> None:
    """Ask what takes longer than a statement may."""
    async with reads.lent() as reader:
        await reader._driver.fetch("SELECT pg_sleep(60)")  # noqa: SLF001 - no question of ours is as slow


async def test_a_crowd_of_quick_questions_is_answered(reads: Reads) -> None:
    assert await asyncio.gather(*(ask(reads) for _ in range(500))) == [0] * 500


async def test_behind_many_slow_questions_another_is_refused_at_once(reads: Reads) -> None:
    first = await asyncio.gather(*(ask_slowly(reads) for _ in range(300)), return_exceptions=True)
    assert {type(outcome) for outcome in first} == {DatabaseUnavailable, TooManyQuestions}

    waiting = [asyncio.create_task(ask_slowly(reads)) for _ in range(300)]
    await asyncio.sleep(0)
    refused = [task for task in waiting if task.done() and isinstance(task.exception(), TooManyQuestions)]
    await asyncio.gather(*waiting, return_exceptions=True)

    assert len(refused) > 200
    assert await ask(reads) == 0  # whoever comes later finds it free


async def test_a_question_that_is_given_up_leaves_the_connection_to_others(reads: Reads) -> None:
    given_up = asyncio.create_task(ask_slowly(reads))
    await asyncio.sleep(0)
    given_up.cancel()

    assert await ask(reads) == 0
    assert await ask(reads) == 0
