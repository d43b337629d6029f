"""Build the projector's objects and run them: the one place that does."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import uvloop
from pydantic import ValidationError

from treaty_door.instruments import DoorFigures, Instruments, PoolFigures, instruments
from treaty_door.limits import Limits
from treaty_door.lines import write_lines
from treaty_door.server import Server
from treaty_projector.applied import Applied, AppliedWatcher
from treaty_projector.connections import connect
from treaty_projector.errors import NotReady
from treaty_projector.generations import Place
from treaty_projector.http.app import create_app
from treaty_projector.http.figures import ProjectionFigures
from treaty_projector.http.state import Watching
from treaty_projector.progress import Progress
from treaty_projector.queries.live import LiveChanges
from treaty_projector.queries.questions import Questions
from treaty_projector.reading import Reads
from treaty_projector.runner import Runner
from treaty_projector.settings import ProjectorSettings, load_settings
from treaty_projector.webhooks.figures import Attempts
from treaty_projector.webhooks.opening import open_caller
from treaty_projector.webhooks.outbox import Outbox
from treaty_projector.webhooks.record import Record
from treaty_projector.webhooks.schedule import parse_schedule
from treaty_projector.webhooks.sender import Sender
from treaty_projector.workers import Team, open_runner, open_team

_QUESTION_TIMEOUT_MS = 5_000
_WRITE_TIMEOUT_MS = 60_000
_SENDER_CONNECTIONS = 4

_log = logging.getLogger(__name__)


def run(*, with_worker: bool, with_api: bool) -> int:
    """Serve until told to stop; return the exit code, after one line on stderr when the start failed."""
    spare_the_collector()
    try:
        settings = load_settings()
        write_lines(form=settings.log_format, level=settings.log_level)
        listener = _listen(settings)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(settings, listener, with_worker=with_worker, with_api=with_api))
    except NotReady as error:
        sys.stderr.write(f"treaty-projector: {error}\n")
        return 1
    except ValidationError as error:
        wrong = "; ".join(f"{found['loc'][0]}: {found['msg']}" for found in error.errors())
        sys.stderr.write(f"treaty-projector: a setting is not understood ({wrong})\n")
        return 1
    return 0


def spare_the_collector() -> None:
    """Let Python look for circles of garbage rarely: a fold makes many values, hardly ever in circles."""
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _listen(settings: ProjectorSettings) -> socket.socket:
    """Take the port first, so that a taken one is said before anything else happens."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise NotReady(
            f"cannot listen on {settings.host} port {settings.port} ({error.strerror}); set TREATY_PROJECTOR_PORT"
        ) from error
    return listener


async def _serve(settings: ProjectorSettings, listener: socket.socket, *, with_worker: bool, with_api: bool) -> None:
    url = settings.database_url.get_secret_value()
    place = Place()
    reads = Reads(url, place=place, size=settings.connections, statement_timeout_ms=_QUESTION_TIMEOUT_MS)
    try:
        await reads.check()
        async with (
            _watched(settings) as watching,
            _applied(url, place, watching) as applied,
            _worker(settings, place, applied, watching, wanted=with_worker) as runner,
        ):
            watching.registry.register(PoolFigures("treaty_projector", {"questions": reads.state}))
            questions = Questions(reads, applied)
            live = LiveChanges(
                questions, applied, streams=settings.live_streams, heartbeat_seconds=settings.heartbeat_seconds
            )
            app = create_app(
                questions,
                live,
                trouble=lambda: runner.trouble if runner else None,
                watching=Watching(watching, ProjectionFigures(), settings.ready_lag_seconds),
                with_answers=with_api,
                public_url=settings.public_url,
                answer_bytes=settings.answer_bytes,
            )
            server = Server(app, limits=_limits(settings), stop_seconds=settings.stop_seconds, stopping=applied.close)
            watching.registry.register(DoorFigures("treaty_projector", server))
            _log.info("listening on http://%s:%d", *listener.getsockname()[:2])
            await server.serve(sockets=[listener])
    finally:
        await reads.close()
    _log.info("stopped")


@asynccontextmanager
async def _watched(settings: ProjectorSettings) -> AsyncIterator[Instruments]:
    """Watch the process while it runs, and send what was not told yet when it ends."""
    watching = instruments(
        "treaty-projector",
        slow_seconds=settings.slow_seconds,
        blocked_seconds=settings.blocked_seconds,
        stalled_seconds=settings.stalled_seconds,
    )
    async with asyncio.TaskGroup() as tasks:
        beating = tasks.create_task(watching.pulse.run())
        yield watching
        beating.cancel()
    watching.close()


def _limits(settings: ProjectorSettings) -> Limits:
    return Limits(
        clients=settings.clients,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        idle_seconds=settings.idle_seconds,
        unread_seconds=settings.unread_seconds,
    )


@asynccontextmanager
async def _applied(url: str, place: Place, watching: Instruments) -> AsyncIterator[Applied]:
    """Know what is applied, by whichever process, and which generation answers, on a connection of its own."""
    applied = Applied()
    engine = connect(url, place=Place(), size=1, statement_timeout_ms=_QUESTION_TIMEOUT_MS, only_reads=True)
    try:
        async with asyncio.TaskGroup() as tasks:
            loop = watching.pulse.loop("watcher")
            looking = tasks.create_task(AppliedWatcher(engine, applied, place, loop).run())
            yield applied
            looking.cancel()
    finally:
        await engine.dispose()


@asynccontextmanager
async def _worker(
    settings: ProjectorSettings, answering: Place, applied: Applied, watching: Instruments, *, wanted: bool
) -> AsyncIterator[Runner | Team | None]:
    """Follow the ledger beside the server, on connections of its own; a defect in it ends the process, loudly."""
    if not wanted:
        yield None
        return
    progress, attempts = Progress(watching.pulse.loop("worker")), Attempts()
    watching.registry.register(progress)
    watching.registry.register(attempts)
    opened: AbstractAsyncContextManager[Runner | Team] = (
        open_team(settings, Place(), progress, Progress(watching.pulse.loop("reader")))
        if settings.shared
        else open_runner(settings, Place(), progress)
    )
    async with opened as worker, _sender(settings, answering, applied, attempts), asyncio.TaskGroup() as tasks:
        following = tasks.create_task(worker.run())
        yield worker
        await progress.between_batches(patience=settings.stop_seconds)
        following.cancel()


@asynccontextmanager
async def _sender(
    settings: ProjectorSettings, place: Place, applied: Applied, attempts: Attempts
) -> AsyncIterator[None]:
    """Deliver to webhooks what the generation that answers says, on connections of its own."""
    url = settings.database_url.get_secret_value()
    engine = connect(
        url, place=place, size=_SENDER_CONNECTIONS, statement_timeout_ms=_WRITE_TIMEOUT_MS, only_reads=False
    )
    outbox = Outbox(
        engine, Record(engine), connections=_SENDER_CONNECTIONS, claim_seconds=2 * settings.webhook_timeout_seconds
    )
    try:
        async with open_caller(settings) as caller, asyncio.TaskGroup() as tasks:
            sender = Sender(
                outbox,
                caller,
                applied,
                schedule=parse_schedule(settings.webhook_retry_seconds),
                at_once=settings.webhooks_at_once,
                attempts=attempts,
            )
            sending = tasks.create_task(sender.run(poll_seconds=settings.poll_seconds))
            yield
            sending.cancel()
    finally:
        await engine.dispose()
