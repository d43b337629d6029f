"""A rebuild folds only what the signed log is proven to hold: the entries that are stored are held against it again."""

from pathlib import Path

import asyncpg
import pytest
from projector.published import facts, follow, leaves, publish
from projector.rebuilds import rebuild, run

LOG = leaves(facts(400))
FORGED = leaves(facts(400), by="somebody else")
ALTERED = (
    "UPDATE projector.entry SET data = replace(encode(data, 'escape'), '2010', '2011')::bytea WHERE position = 300"
)


async def altered(database_url: str, *statements: str) -> None:
    """Do to the database what only somebody can who is not the projector."""
    owner = await asyncpg.connect(database_url)
    for statement in statements:
        await owner.execute(statement)
    await owner.close()


async def ready(database_url: str) -> list[int]:
    """Return the generations that are filled."""
    owner = await asyncpg.connect(database_url)
    numbers = await owner.fetch("SELECT number FROM projector.generation WHERE is_ready ORDER BY number")
    await owner.close()
    return [row["number"] for row in numbers]


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        (ALTERED, 300),
        ("UPDATE projector.entry SET recorded_at = recorded_at + interval '1 day' WHERE position = 7", 7),
        ("DELETE FROM projector.entry WHERE position >= 390", 390),
        ("DELETE FROM projector.entry WHERE position = 11", 11),
    ],
)
async def test_a_stored_entry_that_is_not_the_signed_one_ends_the_rebuild(
    database_url: str, tmp_path: Path, statement: str, position: int
) -> None:
    publish(tmp_path / "log", LOG)
    await follow(database_url, tmp_path / "log")
    await altered(database_url, statement)

    code, said = run(database_url, tmp_path / "log", "rebuild", "--processes", "1", "--switch")

    assert code == 1, said
    assert f"entry {position} is not stored as the signed log has it" in said
    assert await ready(database_url) == [1]


async def test_a_log_that_was_forked_since_is_not_taken_for_the_one_that_was_followed(
    database_url: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)
    await follow(database_url, tmp_path / "log")
    publish(tmp_path / "log", [*LOG[:10], FORGED[10], *LOG[11:]])

    code, said = run(database_url, tmp_path / "log", "rebuild", "--processes", "1")

    assert code == 1, said
    assert "log-inconsistent: another root was signed for the 400 entries that were proven" in said
    assert await ready(database_url) == [1]


async def test_while_the_log_cannot_be_read_one_says_that_nothing_is_to_be_proven(
    database_url: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)
    await follow(database_url, tmp_path / "log")
    (tmp_path / "log").rename(tmp_path / "elsewhere")

    code, said = run(database_url, tmp_path / "log", "rebuild", "--processes", "1")

    assert code == 1, said
    assert "--unproven" in said
    assert "0 differ" in rebuild(database_url, tmp_path / "log", "--unproven")
    assert await ready(database_url) == [1, 3]


async def test_whom_an_earlier_release_did_not_find_named_in_an_entry_is_noted_by_a_rebuild(
    database_url: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", LOG)
    await follow(database_url, tmp_path / "log")
    await altered(database_url, "UPDATE projector.entry SET participant = NULL WHERE position = 300")

    rebuild(database_url, tmp_path / "log")

    owner = await asyncpg.connect(database_url)
    assert await owner.fetchval("SELECT participant FROM projector.entry WHERE position = 300") is not None
    await owner.close()
