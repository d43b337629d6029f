"""Every row, every hash and every checkpoint in the database is checked, and the first bad position is named."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from database import as_part, fresh_database, running_ledger
from ledger.facts import as_lines, notified, post_lines, registered_treaty
from ledger.logs import connected, forged, signed_beyond

from treaty_ledger.settings import Settings, load_settings
from treaty_standalone.errors import LogNotProved
from treaty_standalone.stored_log import verify_stored

SIZE = 600


@pytest.fixture(scope="module")
async def whole(
    postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[str, Path]]:
    """Give a database with a signed log, which no test changes, and the folder of its key and guard."""
    folder = tmp_path_factory.mktemp("whole")
    async with fresh_database(postgres, template=template) as url:
        with running_ledger(url, log=folder / "ledger.log") as service:
            async with connected(service) as client:
                treaties = [await registered_treaty(client) for _ in range(4)]
                facts = [notified(treaties[number % 4]) for number in range(SIZE - 4)]
                await post_lines(client, as_lines(facts))
                await signed_beyond(client, SIZE - 1)
        yield url, folder / "ledger-state"


@pytest.fixture
async def database(postgres: str, whole: tuple[str, Path]) -> AsyncIterator[tuple[str, Settings]]:
    """Give a copy of it, and the settings that lead there."""
    url, state = whole
    async with fresh_database(postgres, template=url.rpartition("/")[2]) as copy:
        yield copy, load_settings(treaty_database_url=as_part(copy, "ledger"), state_dir=state)


async def verified(settings: Settings) -> str:
    """Return what verifying says."""
    try:
        audited = await asyncio.to_thread(verify_stored, settings, (), progress=lambda _done: None)
    except LogNotProved as error:
        return str(error)
    return f"{audited.events} events, {audited.streams} streams"


async def test_a_database_that_nobody_altered_is_proved(database: tuple[str, Settings]) -> None:
    assert await verified(database[1]) == f"{SIZE} events, 4 streams"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE events SET event = replace(event::text, '48554e', '415554')::bytea WHERE position = 300",
            "entry 300: its column participant",
        ),
        ("UPDATE events SET recorded_by = 'x' WHERE position = 300", "entry 300: its column leaf_hash"),
        (
            "UPDATE events SET recorded_at = recorded_at + interval '1 us' WHERE position = 599",
            "entry 599: its column leaf_hash",
        ),
        (
            "UPDATE events SET recorded_at = recorded_at - interval '1 hour' WHERE position = 300",
            "entry 300: it is not recorded later",
        ),
        ("UPDATE events SET leaf_hash = sha256(leaf_hash) WHERE position = 7", "entry 7: its column leaf_hash"),
        (
            "UPDATE events SET content_hash = sha256(content_hash) WHERE position = 7",
            "entry 7: its column content_hash",
        ),
        ("UPDATE events SET identity = sha256(identity) WHERE position = 7", "entry 7: its column identity"),
        ("UPDATE events SET participant = NULL WHERE position = 7", "entry 7: its column participant"),
        ("UPDATE events SET type = 'withdrawal.revoked' WHERE position = 7", "entry 7: its column type"),
        ("UPDATE events SET event = event || ' '::bytea WHERE position = 7", "entry 7: its column event"),
        ("UPDATE events SET event = 'no' WHERE position = 7", "entry 7: it is not JSON"),
        ("UPDATE events SET version = 9999 WHERE position = 300", "entry 300: it is version 9999"),
        ("DELETE FROM events WHERE position = 300", "entry 300: it is missing; the next that is stored is 301"),
        ("DELETE FROM events WHERE position >= 300", "events were signed, and 300 are stored"),
        (
            "UPDATE subtrees SET hash = sha256(hash) WHERE index = 1",
            "entry 511: another hash is stored for subtree 1 of level 1",
        ),
        ("INSERT INTO subtrees VALUES (1, 2, sha256(''))", "subtree 2 of level 1 is stored"),
        ("INSERT INTO subtrees VALUES (2, 0, sha256(''))", "subtree 0 of level 2 is stored"),
        (
            "UPDATE checkpoints SET root = sha256(root) WHERE size = 600",
            "the checkpoint of size 600 has another size or root",
        ),
        (
            "UPDATE checkpoints SET note = replace(note, E'\\n600\\n', E'\\n599\\n') WHERE size = 600",
            "the checkpoint of size 600: the signature of",
        ),
        ("DELETE FROM checkpoints WHERE size > 0", f"{SIZE} events, 4 streams"),
    ],
)
async def test_what_was_altered_is_named(database: tuple[str, Settings], statement: str, said: str) -> None:
    url, settings = database
    await forged(url, statement)
    assert said in await verified(settings)


async def test_a_log_cut_back_together_with_its_checkpoint_is_found_by_the_guard(
    database: tuple[str, Settings],
) -> None:
    url, settings = database
    await forged(url, "DELETE FROM events WHERE position = 599")
    await forged(url, "DELETE FROM checkpoints WHERE size = 600")
    assert "1 are missing" in await verified(settings)
