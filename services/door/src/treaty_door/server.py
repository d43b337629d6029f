"""Serve an application behind the door until told to stop."""

import asyncio
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from treaty_door.limits import Limits
from treaty_door.protocol import within
from treaty_door.refusals import Tally

WAITING_CONNECTIONS = 2_048
"""How many connections may wait to be taken in."""


class Server(uvicorn.Server):
    """Serve, and say at once when told to stop, so that what would never end by itself ends."""

    def __init__(
        self, app: ASGIApp, *, limits: Limits, stop_seconds: int, stopping: Callable[[], None] | None = None
    ) -> None:
        self.tally = Tally()
        super().__init__(
            uvicorn.Config(
                app,
                http=within(limits, self.tally),
                loop="none",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=WAITING_CONNECTIONS,
                timeout_graceful_shutdown=stop_seconds,
            )
        )
        self._stopping = stopping

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Stop at SIGTERM and SIGINT, and end well: uvicorn would raise the signal again afterwards."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop, number)
        yield
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    def _stop(self, number: signal.Signals) -> None:
        if self.should_exit:
            # Told twice: wait for nobody. What was acknowledged is durable, whatever ends this process.
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        self.should_exit = True
        if self._stopping is not None:
            self._stopping()
