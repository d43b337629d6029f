"""Whoever may connect to the database can notify of anything; the ledger believes only what is recorded."""

from collections.abc import Callable

import asyncpg
import pytest
from database import RunningService, as_part
from ledger.facts import post, registered, unique
from ledger.logs import connected, signed_beyond


@pytest.mark.parametrize("payload", ["1000000", "", "-1", "many", "9" * 5000])
async def test_a_false_size_stops_neither_recording_nor_signing(
    database_url: str, start_ledger: Callable[..., RunningService], payload: str
) -> None:
    projector = await asyncpg.connect(as_part(database_url, "projector"))
    async with connected(start_ledger(database_url)) as client:
        await projector.execute("SELECT pg_notify('ledger_head', $1)", payload)
        for position in range(3):  # what is heard of the first is heard after the false notice
            assert (await post(client, registered(unique("treaty")))).status_code == 201
            assert (await signed_beyond(client, position)).size == position + 1
    await projector.close()
