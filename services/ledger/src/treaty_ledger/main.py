"""Build a ledger from its settings and run it until it is told to stop."""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_ledger.append.appender import Appender, AppenderLimits
from treaty_ledger.errors import AddressTaken
from treaty_ledger.feed.head import Head
from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.feed.watcher import Watcher
from treaty_ledger.http.app import build
from treaty_ledger.http.resources import Resources
from treaty_ledger.settings import Settings
from treaty_ledger.store.appends import Appends
from treaty_ledger.store.connections import open_engine, require_migrated
from treaty_ledger.store.notices import Notices
from treaty_ledger.store.reads import Reads

_KEEP_ALIVE_SECONDS = 30
_WAITING_CONNECTIONS = 2_048

_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raise CannotStart when that is not possible."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    with _listening_socket(settings) as listening:
        async with (
            _engine(settings, "ledger reads", size=settings.read_connections) as reading,
            _engine(settings, "ledger append", size=1) as appending,
            _engine(settings, "ledger notices", size=1) as hearing,
        ):
            await require_migrated(reading)
            head = Head()
            reads = Reads(reading)
            appends = Appends(appending)
            appender = Appender(appends, limits=_limits(settings), recorded=head.advance)
            live = LiveFeed(reads, head, streams=settings.live_streams, heartbeat_seconds=settings.heartbeat_seconds)
            server = _Server(settings, Resources(reads, appender, live), head)
            # What was built lives as long as the process: looking through it again and again would stall requests.
            gc.freeze()
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(appender.run())
                watching = tasks.create_task(Watcher(Notices(hearing), head).run())
                _log.info("listening on http://%s:%d", *listening.getsockname()[:2])
                await server.serve(sockets=[listening])
                # Nobody asks any more: what still waits is recorded, then everything ends.
                await appender.close()
                watching.cancel()
            await appends.close()
    _log.info("stopped")


class _Server(uvicorn.Server):
    """Serve, and end live streams first when told to stop: they would never end by themselves."""

    def __init__(self, settings: Settings, resources: Resources, head: Head) -> None:
        super().__init__(
            uvicorn.Config(
                build(resources),
                http="httptools",
                loop="none",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                backlog=_WAITING_CONNECTIONS,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=settings.stop_seconds,
            )
        )
        self._head = head

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
        self._head.close()


@contextmanager
def _listening_socket(settings: Settings) -> Generator[socket.socket, None, None]:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listening = socket.create_server((settings.host, settings.port), family=family, backlog=_WAITING_CONNECTIONS)
    except OSError as error:
        raise AddressTaken(
            settings.host, settings.port, os.strerror(error.errno) if error.errno else str(error)
        ) from error
    with listening:
        yield listening


@asynccontextmanager
async def _engine(settings: Settings, name: str, *, size: int) -> AsyncIterator[AsyncEngine]:
    engine = open_engine(
        settings.database_url.get_secret_value(),
        name=name,
        size=size,
        wait_seconds=settings.read_wait_seconds,
    )
    try:
        yield engine
    finally:
        await engine.dispose()


def _limits(settings: Settings) -> AppenderLimits:
    return AppenderLimits(
        queued_requests=settings.queued_requests,
        queued_bytes=settings.queued_bytes,
        wait_seconds=settings.append_wait_seconds,
    )
