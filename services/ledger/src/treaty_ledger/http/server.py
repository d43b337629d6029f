"""Serve an application until told to stop."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from treaty_door.limits import Limits
from treaty_door.protocol import within
from treaty_ledger.errors import AddressTaken

_WAITING_CONNECTIONS = 2_048


class Server(uvicorn.Server):
    """Serve, and say at once when told to stop, so that live streams end: they would never end by themselves."""

    def __init__(self, app: ASGIApp, *, limits: Limits, stop_seconds: int, stopping: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=within(limits),
                loop="none",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=_WAITING_CONNECTIONS,
                timeout_graceful_shutdown=stop_seconds,
            )
        )
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at SIGTERM and SIGINT, and end well: uvicorn would raise the signal again afterwards."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        yield
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    def _stop(self) -> None:
        self.force_exit = self.should_exit  # told twice: wait for nobody
        self.should_exit = True
        self._stopping()


@contextmanager
def listening_socket(host: str, port: int) -> Generator[socket.socket, None, None]:
    """Give a socket that listens on an address; raise AddressTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=_WAITING_CONNECTIONS)
    except OSError as error:
        raise AddressTaken(host, port, os.strerror(error.errno) if error.errno else str(error)) from error
    with listening:
        yield listening
