"""A connection that ends while it is asked is the database's not answering, at whatever moment it ends."""

import asyncpg
import pytest
from database import as_part

from treaty_projector import sql
from treaty_projector.connections import connect, connected, translated
from treaty_projector.errors import DatabaseUnavailable
from treaty_projector.generations import SCHEMAS, Place

ENDED = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND usename <> current_user
"""


@pytest.mark.parametrize(
    "raised",
    [
        asyncpg.InterfaceError("connection is closed"),
        asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
        asyncpg.AdminShutdownError("terminating connection due to administrator command"),
        ConnectionResetError("Connection reset by peer"),
    ],
)
def test_whatever_the_driver_raises_then_is_one_error(raised: Exception) -> None:
    with pytest.raises(DatabaseUnavailable), translated():
        raise raised


async def test_connections_that_are_ended_while_idle_are_replaced(database_url: str) -> None:
    place = Place()
    engine = connect(
        as_part(database_url, "projector"), place=place, size=1, statement_timeout_ms=5_000, only_reads=True
    )
    owner = await asyncpg.connect(database_url)
    answered = 0
    for number in range(40):
        place.move_to(SCHEMAS[number % 2], 0)  # so that each loan looks where to look
        try:
            async with connected(engine) as connection:
                await connection.execute(sql.statement("cursor"))
                answered += 1
        except DatabaseUnavailable:
            continue
        await owner.execute(ENDED)
    await owner.close()
    await engine.dispose()

    assert answered >= 20
