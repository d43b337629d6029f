"""A table is of one generation of the read model, and nobody takes parts of two for a whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import IncompleteRead
from pathlib import Path

import asyncpg
import pytest
from builders import registered
from database import as_part
from projector.long_lists import LONG, begun, fill
from projector.rebuilds import caught_up, rebuild
from register import Register, running_register

from treaty_projector.connections import connect
from treaty_projector.generations import Place
from treaty_projector.rebuild.book import GenerationBook

ROWS = 20_000
TABLE = "/v1/members?as_of=2020-01-01&format=csv"


async def nothing_to_do() -> None:
    """Both generations have every entry."""


@asynccontextmanager
async def two_generations(database_url: str, folder: Path) -> AsyncIterator[tuple[Register, GenerationBook]]:
    """Keep two generations with the same first rows beside each other, of which the first answers."""
    with running_register(database_url, folder) as register:
        register.post(registered(), subject="long")
        caught_up(register)
        rebuild(database_url, register)
        owner = await asyncpg.connect(database_url)
        for schema in ("projector_blue", "projector_green"):
            await fill(owner, schema, rows=ROWS)
        await owner.execute("UPDATE projector_green.membership SET consent = 'former' WHERE participant > 'P10000'")
        await owner.close()
        place = Place()
        engine = connect(
            as_part(database_url, "projector"), place=place, size=2, statement_timeout_ms=5_000, only_reads=False
        )
        yield register, GenerationBook(engine, place)
        await engine.dispose()


def switched(register: Register, number: int) -> None:
    """Wait until a generation answers."""
    while caught_up(register)["generation"] != number:
        pass  # the process has not heard of it yet


async def test_a_table_of_which_two_generations_would_be_sent_breaks_off(database_url: str, tmp_path: Path) -> None:
    async with two_generations(database_url, tmp_path) as (register, book):
        with begun(register.projector, TABLE) as rest:
            await book.switch(2, catch_up=nothing_to_do)
            switched(register, 2)
            with pytest.raises(IncompleteRead) as broken:
                rest()

        assert len(broken.value.partial) < ROWS * LONG
        said = (tmp_path / "projector.log").read_text()
        assert "the read model was replaced" in said
        assert "Traceback" not in said
        with begun(register.projector, TABLE) as rest:
            assert rest().count(b"\r\n") == 1 + ROWS


async def test_a_table_of_another_generation_is_sent_to_who_has_the_earlier_one(
    database_url: str, tmp_path: Path
) -> None:
    async with two_generations(database_url, tmp_path) as (register, book):
        for form in ("csv", "jsonl", "parquet"):
            path = f"/v1/members?as_of=2020-01-01&known_size=1&format={form}"
            held = {"If-None-Match": register.get(path).headers["etag"]}
            assert register.get(path, headers=held).status_code == 304

            await book.switch(2, catch_up=nothing_to_do)
            switched(register, 2)
            assert register.get(path, headers=held).status_code == 200, form
            await book.switch(1, catch_up=nothing_to_do)
            switched(register, 1)
            assert register.get(path, headers=held).status_code == 304, form
