"""A fact about participants moves every treaty that it should, whether that is at hand, was put away, or is rebuilt."""

from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from builders import SIMPLE_CLAUSES, deposited, notified, registered, signed, succeeded, superseded
from database import fresh_database
from projector.published import cursor_of, follow, follower, leaves, publish, rows_of
from projector.rebuilds import rebuild
from register import event

from treaty_contracts.canonical import JSON, JsonObject

TREATIES = [f"moved-{number}" for number in range(8)]
CODES = ("CSK", "CZE", "SVK", "DDR", "DEU", "YUG")
SIZE = 220


def told(seed: int) -> list[JsonObject]:
    """Return facts about few treaties and few states, of which many are mistaken, and successions among the states."""
    chance = Random(seed)  # noqa: S311 - the same facts in every run
    made: list[JsonObject] = []
    streams: dict[str, list[int]] = {}

    def tell(one: tuple[str, dict[str, JSON]], subject: str) -> None:
        streams.setdefault(subject, []).append(len(made))
        made.append(event(*one, subject=subject, id_=f"{seed}/{len(made)}"))

    def act() -> tuple[str, dict[str, JSON]]:
        code, other = chance.sample(CODES, 2)
        day = f"{chance.randint(1990, 2010)}-03-01"
        return chance.choice(
            [
                succeeded(code, day),
                succeeded(code, day, succeeds=other),
                deposited(code, day),
                signed(code, day),
                notified(code, day),
            ]
        )

    for number, treaty in enumerate(TREATIES):
        tell(registered({**SIMPLE_CLAUSES, "falls_with": [TREATIES[number - 1]] if number % 3 == 2 else []}), treaty)
    while len(made) < SIZE:
        treaty = chance.choice(TREATIES)
        match chance.randrange(10):
            case 0:
                ends = dict(zip(("from", "to"), chance.sample(CODES, 2), strict=True))
                on = f"{chance.randint(1985, 2010)}-01-01"
                tell(("participant.related", {**ends, "relation": "succeeds", "on": on}), "participants")
            case 1 if "participants" in streams:
                tell(superseded(chance.choice(streams["participants"])), "participants")
            case 2 | 3 | 4:
                mistaken = chance.choice(streams[treaty][1:] or streams[treaty])
                tell(superseded(mistaken, act() if mistaken != streams[treaty][0] else None), treaty)
            case _:
                tell(act(), treaty)
    return made


@pytest.fixture
async def other_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_treaty_is_overlooked_because_it_is_not_at_hand(
    seed: int, database_url: str, other_url: str, tmp_path: Path
) -> None:
    publish(tmp_path / "log", leaves(told(seed)))
    await follow(database_url, tmp_path / "log")
    async with follower(other_url, tmp_path / "log", batch=1, capacity=1) as forgetful:
        assert await forgetful.catch_up() == SIZE
    assert await rows_of(other_url) == await rows_of(database_url)
    assert (await cursor_of(other_url)).digest_sum == (await cursor_of(database_url)).digest_sum

    rebuild(database_url, tmp_path / "log")

    assert await rows_of(database_url, schema="projector_green") == await rows_of(database_url)


async def test_who_is_named_only_in_the_correction_of_a_record_is_found(
    database_url: str, other_url: str, tmp_path: Path
) -> None:
    """Slovakia's accession was the Czech Republic's succession, which is recorded when nobody knows of a succession."""
    succession = {"from": "CSK", "to": "CZE", "relation": "succeeds", "on": "1993-01-01"}
    facts = [
        event(*registered(), subject="corrected"),
        event(*deposited("SVK", "2002-01-01"), subject="corrected"),
        event(*superseded(1, succeeded("CZE", "2002-01-01")), subject="corrected"),
        *(event(*registered(), subject=f"another-{number}") for number in range(3)),
        event("participant.related", succession, subject="participants"),
    ]
    publish(tmp_path / "log", leaves(facts))
    await follow(database_url, tmp_path / "log")
    async with follower(other_url, tmp_path / "log", batch=1, capacity=1) as forgetful:
        await forgetful.catch_up()

    assert await rows_of(other_url) == await rows_of(database_url)
