"""Record with `umadb`: its server, written in Rust, in a process of its own, and its Python client."""

import os
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from urllib.parse import urlsplit

from peer import Fact, Opened
from processes import BIN, Server, free_port, running
from umadb import Client, Event

_SECONDS = 1.0


class UmaDB:
    """Append without a condition, with the treaty as the tag."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count(1)

    def native(self, fact: Fact) -> Event:
        """Return an event with its tag."""
        return Event(event_type=fact.type, data=fact.content, tags=[fact.treaty])

    @contextmanager
    def opened(self, clients: int) -> Iterator[Opened[Event]]:
        """Run a server on an empty file; each client has a connection of its own."""
        port, place = free_port(), self._folder / f"umadb-{next(self._numbers)}"
        place.mkdir()
        command = [str(BIN / "umadb"), "--listen", f"127.0.0.1:{port}", "--db-path", str(place)]
        with (
            running(command, os.environ, port=port, log=self._folder / "umadb.log", answers=_accepts) as server,
            ExitStack() as stack,
        ):
            idle = SimpleQueue[Client]()
            for _ in range(clients):
                idle.put(stack.enter_context(Client(server.base_url)))

            def append(events: Sequence[Event]) -> None:
                client = idle.get()
                client.append(events)
                idle.put(client)

            yield Opened(append, Client(server.base_url).head)
        shutil.rmtree(place)


def _accepts(server: Server) -> bool:
    address = urlsplit(server.base_url)
    try:
        with socket.create_connection((address.hostname, address.port), timeout=_SECONDS):
            return True
    except OSError:
        return False
