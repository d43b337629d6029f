"""Fill a read model with a long list, and read it as a client that takes in little at a time."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import asyncpg
import orjson

LONG = 500
"""How many letters each row holds, so that a whole table is larger than what may lie between server and client."""

_SMALL = 4_096


def document(mode: str) -> bytes:
    """Return what is stored of a party."""
    return orjson.dumps(
        {
            "consent": "party",
            "since": "2001-01-01",
            "until": None,
            "mode": mode,
            "provisional": False,
            "operation": "in_operation",
            "exit": None,
            "contested": False,
            "approximate": False,
            "basis": [0],
        }
    )


async def fill(
    connection: "asyncpg.Connection[asyncpg.Record]", schema: str, *, rows: int, mode: str = "x" * LONG
) -> None:
    """Add so many parties to the treaty `long`, behind the projector's back."""
    await connection.execute("SELECT set_config('search_path', $1, false)", schema)
    await connection.execute(
        """
        INSERT INTO membership (treaty, participant, valid_from, known_from, consent, document)
        SELECT 'long', 'P' || to_char(n, 'FM00000'), '2001-01-01', 1, 'party', convert_to($1, 'UTF8')
          FROM generate_series(1, $2) AS n
        """,
        document(mode).decode(),
        rows,
    )


@contextmanager
def begun(base_url: str, path: str) -> Iterator[Callable[[], bytes]]:
    """Ask for a table and read its beginning; give what reads it to its end."""
    address = urlsplit(base_url)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
        client.settimeout(60)
        client.connect((address.hostname, address.port))
        connection = http.client.HTTPConnection(address.netloc)
        connection.sock = client
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.status == 200
        first = answer.read(_SMALL)
        assert first
        yield lambda: first + answer.read()
        answer.close()
