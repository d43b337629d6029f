"""One generation answers at a time; going to another one, and back, never shows anything old or mixed."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import asyncpg
import pytest
from builders import deposited, registered
from database import as_part
from projector.rebuilds import caught_up, rebuild, run, tell_many
from register import Register, running_register

from treaty_projector.connections import connect
from treaty_projector.generations import Place
from treaty_projector.rebuild.book import GenerationBook

LISTS = ("/v1/treaties/test/members?limit=1", "/v1/treaties/test/history?limit=1", "/v1/changes?from_size=0&limit=1")


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    """Run both services for one test: generations are of the whole database."""
    with running_register(database_url, tmp_path) as running:
        yield running


async def test_going_back_to_an_earlier_generation_serves_what_was_recorded_meanwhile(
    database_url: str, register: Register
) -> None:
    register.post(registered(), deposited("FRA", "2001-01-01"))
    rebuild(database_url, register, "--switch")
    register.post(deposited("AUT", "2001-01-01"))
    caught_up(register)
    assert register.parties("2002-01-01") == {"AUT", "FRA"}

    code, said = run(database_url, register, "switch", "1")
    at_once = register.get("/v1/treaties/test/members?as_of=2002-01-01").json()
    register.post(deposited("BEL", "2001-01-01"))

    assert code == 0, said
    assert at_once["known_size"] == 3
    assert caught_up(register)["generation"] == 1
    assert register.parties("2002-01-01") == {"AUT", "BEL", "FRA"}


async def test_what_answers_or_did_a_moment_ago_is_not_dropped(database_url: str, register: Register) -> None:
    register.post(registered())
    caught_up(register)
    rebuild(database_url, register)

    assert "generation 1 answers" in run(database_url, register, "drop", "1")[1]
    assert "generation 2 is kept" in run(database_url, register, "rebuild")[1]
    assert run(database_url, register, "drop", "2")[0] == 0
    rebuild(database_url, register, "--switch")
    assert "answered a moment ago" in run(database_url, register, "drop", "1")[1]
    assert "there is no generation 9" in run(database_url, register, "switch", "9")[1]


async def test_pages_of_two_generations_do_not_make_one_list(database_url: str, register: Register) -> None:
    register.post(registered(), *(deposited(code, "2001-01-01") for code in ("AUT", "BEL", "FRA")))
    caught_up(register)
    pages = [register.get(address).json() for address in LISTS]
    rebuild(database_url, register, "--switch")
    for address, page in zip(LISTS, pages, strict=True):
        refusal = register.get(f"{address}&cursor={page['next']}")
        assert refusal.status_code == 400
        assert "read the list again" in refusal.json()["errors"][0]["detail"]

        anew = register.get(address).json()
        assert register.get(f"{address}&cursor={anew['next']}").status_code == 200


async def nothing_to_do() -> None:
    """Both generations have every entry."""


async def test_no_answer_mixes_two_generations(database_url: str, register: Register) -> None:
    tell_many(register, ["many-1"])
    caught_up(register)
    rebuild(database_url, register)
    owner = await asyncpg.connect(database_url)
    await owner.execute("UPDATE projector_green.treaty SET title = 'green'")
    await owner.execute("DELETE FROM projector_green.membership WHERE treaty = 'many-1'")
    over, seen = Event(), set[tuple[str, int]]()

    def ask() -> None:
        while not over.is_set():
            answer = register.get("/v1/treaties/many-1?as_of=2015-01-01")
            assert answer.status_code == 200, answer.text
            seen.add((answer.json()["title"], answer.json()["counts"]["party"]))

    asking = Thread(target=ask)
    asking.start()
    place = Place()
    engine = connect(
        as_part(database_url, "projector"), place=place, size=2, statement_timeout_ms=5_000, only_reads=False
    )
    book = GenerationBook(engine, place)
    for number in (2, 1) * 20:
        await book.switch(number, catch_up=nothing_to_do)
        register.get("/v1/projection")
    over.set()
    asking.join()
    await engine.dispose()
    await owner.close()

    assert seen <= {("A treaty", 4), ("green", 0)}
    assert len(seen) == 2


async def test_a_worker_never_goes_on_with_what_another_law_folded(database_url: str, register: Register) -> None:
    register.post(registered(), deposited("FRA", "2001-01-01"))
    caught_up(register)
    assert register.parties("2002-01-01") == {"FRA"}
    owner = await asyncpg.connect(database_url)
    await owner.execute("UPDATE projector.generation SET law = 999")
    await owner.close()
    while register.get("/readyz").status_code == 200:  # it has not looked again yet
        pass
    register.post(deposited("AUT", "2001-01-01"))

    refusal = register.get("/readyz").json()["detail"]
    old = register.get("/v1/treaties/test/members?as_of=2002-01-01").json()
    rebuild(database_url, register, "--switch")

    assert "generation 1 answers by law 999" in refusal
    assert "treaty-projector rebuild --switch" in refusal
    assert old["known_size"] == 2
    assert register.parties("2002-01-01") == {"AUT", "FRA"}


async def test_both_places_of_a_generation_have_the_same_shape(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    shapes = [
        await owner.fetch(
            """SELECT c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default, c.ordinal_position
                 FROM information_schema.columns c WHERE c.table_schema = $1
               UNION ALL
               SELECT k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid), '', '', 0
                 FROM pg_constraint k WHERE k.connamespace = to_regnamespace($1)
               UNION ALL
               SELECT i.tablename, i.indexname, i.indexdef, '', '', 0 FROM pg_indexes i WHERE i.schemaname = $1
                ORDER BY 1, 2, 3""",
            schema,
        )
        for schema in ("projector_blue", "projector_green")
    ]
    await owner.close()
    blue, green = (
        [str(tuple(row)).replace(color, "") for row in rows]
        for color, rows in zip(("_blue", "_green"), shapes, strict=True)
    )

    assert blue == green
    assert len(blue) > 50
