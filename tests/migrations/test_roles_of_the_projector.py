"""The projector's role writes its own read model, and may not change its shape."""

from collections.abc import Mapping

import pytest
from migrations.attempts import DENIED, DONE, Connection, granted, trying

GENERATION = ("cursor", "fall", "treaty", "membership", "standing", "anomaly", "quarantine", "part", "step", "worker")
"""The tables of the read model, of which there are two of each."""

PROJECTOR = tuple(
    f"projector.{table}" for table in ("log", "entry", "webhook", "webhook_delivery", "healing", "active")
)
"""What is not derived, or outlives a generation; and which generation answers."""

READ_MODEL = tuple(f"projector_{place}.{table}" for place in ("blue", "green") for table in GENERATION)


@pytest.mark.parametrize("table", PROJECTOR)
async def test_the_projector_writes_its_own_tables_and_no_more(
    connections: Mapping[str, Connection], table: str
) -> None:
    for allowed in ("TABLE", "DELETE FROM"):
        assert await trying(connections["projector"], f"{allowed} {table}") == DONE, allowed
    for denied in ("TRUNCATE", "DROP TABLE"):
        assert await trying(connections["projector"], f"{denied} {table}") == DENIED, denied


@pytest.mark.parametrize("table", READ_MODEL)
async def test_the_projector_empties_the_places_of_generations_and_keeps_their_shape(
    connections: Mapping[str, Connection], table: str
) -> None:
    for allowed in ("TABLE", "DELETE FROM", "TRUNCATE"):
        assert await trying(connections["projector"], f"{allowed} {table}") == DONE, allowed
    for denied in (f"DROP TABLE {table}", f"CREATE TABLE projector_green.other (LIKE {table})"):
        assert await trying(connections["projector"], denied) == DENIED, denied


@pytest.mark.parametrize("table", [*PROJECTOR, *READ_MODEL, "projector.alembic_version"])
async def test_the_ledger_may_do_nothing_in_the_projectors_schema(
    connections: Mapping[str, Connection], table: str
) -> None:
    for verb in ("SELECT 1 FROM", "DELETE FROM", "TRUNCATE", "DROP TABLE"):
        assert await trying(connections["ledger"], f"{verb} {table}") == DENIED


async def test_the_projector_is_granted_its_own_tables(connections: Mapping[str, Connection]) -> None:
    writing = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    tables = ("log", "entry", "webhook", "webhook_delivery", "healing", "generation", "active")
    assert await granted(connections["superuser"], "projector", "projector_app") == {
        "projector": {"USAGE"},
        **dict.fromkeys(tables, writing),
        "alembic_version": {"SELECT"},
    }


@pytest.mark.parametrize("place", ["projector_blue", "projector_green"])
async def test_the_projector_is_granted_both_places_of_its_read_model(
    connections: Mapping[str, Connection], place: str
) -> None:
    found = await granted(connections["superuser"], place, "projector_app")
    assert found.pop(place) == {"USAGE"}
    filling = {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE"}
    assert {table: what - {"MAINTAIN"} for table, what in found.items()} == dict.fromkeys(GENERATION, filling)
