"""Listen on an address before anything else is done, so that it is surely ours."""

import os
import socket
from collections.abc import Generator
from contextlib import contextmanager

from treaty_door.server import WAITING_CONNECTIONS
from treaty_ledger.errors import AddressTaken


@contextmanager
def listening_socket(host: str, port: int) -> Generator[socket.socket, None, None]:
    """Give a socket that listens on an address; raise AddressTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=WAITING_CONNECTIONS)
    except OSError as error:
        raise AddressTaken(host, port, os.strerror(error.errno) if error.errno else str(error)) from error
    with listening:
        yield listening
