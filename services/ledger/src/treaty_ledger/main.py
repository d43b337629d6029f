"""Build a ledger from its settings and run it until it is told to stop."""

import asyncio
import gc
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, fields
from functools import partial

import httpx
import uvloop
from sqlalchemy.ext.asyncio import AsyncEngine

from treaty_door.instruments import DoorFigures, Instruments, PoolFigures, instruments
from treaty_door.limits import Limits
from treaty_door.pulse import Pulse
from treaty_door.server import Server
from treaty_ledger.access.allowances import Allowances
from treaty_ledger.access.gate import Gate, Tokens
from treaty_ledger.access.key_book import KeyBook
from treaty_ledger.access.key_sets import KeySet
from treaty_ledger.access.tokens import TokenRules
from treaty_ledger.append.appender import Appender, AppenderLimits
from treaty_ledger.errors import (
    LogInconsistent,
    NobodyMayRecord,
    NotExtended,
    NotSignedYet,
    OpenToStrangers,
    ReadsOpenToAll,
)
from treaty_ledger.failpoints import Failpoints
from treaty_ledger.feed.head import Head
from treaty_ledger.feed.live import LiveFeed
from treaty_ledger.feed.watcher import Watcher
from treaty_ledger.http.app import build
from treaty_ledger.http.listening import listening_socket
from treaty_ledger.http.resources import Access, Log, Resources
from treaty_ledger.log.opening import log_place, open_log
from treaty_ledger.log.published import Published
from treaty_ledger.log.signer import Signer
from treaty_ledger.log.tree import LogTree
from treaty_ledger.settings import Settings
from treaty_ledger.store.api_keys import ApiKeys
from treaty_ledger.store.appends import Appends
from treaty_ledger.store.connections import open_engine, pool_state, require_migrated
from treaty_ledger.store.notices import Notices
from treaty_ledger.store.reads import Reads
from treaty_ledger.store.signing import SigningLease
from treaty_ledger.store.tree import TreeReads

_LAST_CHECKPOINT_SECONDS = 2.0
_NEW_OBJECTS_AT_ONCE = 50_000
"""After how many new objects one looks for those that only hold each other: a group of events makes many, and none."""

_DIRECT = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""An issuer on this machine is asked directly, whatever proxy the environment names for others."""

_log = logging.getLogger(__name__)


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; raise CannotStart when that is not possible."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    with listening_socket(settings.host, settings.port) as listening:
        async with _engines(settings) as engines, httpx.AsyncClient(mounts=_DIRECT) as http:
            await require_migrated(engines.reads)
            await _require_somebody(settings, ApiKeys(engines.access))
            watching = _instruments(settings, engines)
            running = await _assembled(settings, engines, http, watching)
            # What was built lives as long as the process: looking through it again and again would stall requests.
            gc.freeze()
            gc.set_threshold(_NEW_OBJECTS_AT_ONCE)
            await running.until_told_to_stop(listening)
            watching.close()
    _log.info("stopped")


@dataclass(frozen=True, slots=True)
class _Engines:
    """Hold the pools of connections, each for one use, so that none starves another."""

    reads: AsyncEngine
    append: AsyncEngine
    notices: AsyncEngine
    log: AsyncEngine
    access: AsyncEngine


@asynccontextmanager
async def _engines(settings: Settings) -> AsyncIterator[_Engines]:
    sizes = {"reads": settings.read_connections, "append": 1, "notices": 1, "log": 1, "access": 2}
    async with AsyncExitStack() as stack:
        engines = {}
        for use, size in sizes.items():
            engines[use] = open_engine(
                settings.database_url.get_secret_value(),
                name=f"ledger {use}",
                size=size,
                wait_seconds=settings.read_wait_seconds,
            )
            stack.push_async_callback(engines[use].dispose)
        yield _Engines(**engines)


@dataclass(frozen=True, slots=True)
class _Running:
    """Hold what runs beside each other, and end it in order."""

    head: Head
    published: Published
    appends: Appends
    appender: Appender
    signer: Signer
    watcher: Watcher
    key_book: KeyBook
    pulse: Pulse
    server: Server

    async def until_told_to_stop(self, listening: socket.socket) -> None:
        """Serve, once it is sure that the log goes on; raise NotExtended when it does not."""
        async with asyncio.TaskGroup() as tasks:
            besides = (self.signer, self.watcher, self.key_book, self.pulse)
            others = [tasks.create_task(beside.run()) for beside in besides]
            trouble = await self.published.begun()
            if not isinstance(trouble, LogInconsistent):
                _log.info("listening on http://%s:%d", *listening.getsockname()[:2])
                await self._served(listening, tasks)
            for other in others:
                other.cancel()
        await self.appends.close()
        if isinstance(trouble, LogInconsistent):
            raise NotExtended(trouble)

    async def _served(self, listening: socket.socket, tasks: asyncio.TaskGroup) -> None:
        """Serve; then record what still waits, and see it signed."""
        appending = tasks.create_task(self.appender.run())
        await self.server.serve(sockets=[listening])
        await self.appender.close()
        await appending
        with suppress(NotSignedYet):
            await self.published.covering(self.head.size, patience=_LAST_CHECKPOINT_SECONDS)


def _instruments(settings: Settings, engines: _Engines) -> Instruments:
    made = instruments(
        "treaty-ledger",
        slow_seconds=settings.slow_seconds,
        blocked_seconds=settings.blocked_seconds,
        stalled_seconds=settings.stalled_seconds,
    )
    pools = {field.name: partial(pool_state, getattr(engines, field.name)) for field in fields(engines)}
    made.registry.register(PoolFigures("treaty_ledger", pools))
    return made


async def _assembled(settings: Settings, engines: _Engines, http: httpx.AsyncClient, watching: Instruments) -> _Running:
    head = Head()
    published = Published(head)
    failpoints = Failpoints(settings.failpoints)
    reads, tree = Reads(engines.reads), TreeReads(engines.reads)
    place = log_place(settings)
    keyring = await open_log(place, tree)
    appends = Appends(engines.append)
    appender = Appender(
        appends,
        limits=_limits(settings),
        require_extended=published.require_extended,
        recorded=head.advance,
        failpoints=failpoints,
        loop=watching.pulse.loop("appender"),
    )
    live = LiveFeed(reads, head, streams=settings.live_streams, heartbeat_seconds=settings.heartbeat_seconds)
    log = Log(LogTree(tree, reads, published), keyring.verifiers)
    key_book = KeyBook(ApiKeys(engines.access))
    resources = Resources(reads, appender, live, log, _access(settings, key_book, http), watching)
    return _Running(
        head=head,
        published=published,
        appends=appends,
        appender=appender,
        signer=Signer(
            SigningLease(engines.log),
            tree,
            published,
            keyring=keyring,
            guard_file=place.guard_file(keyring.origin),
            failpoints=failpoints,
            loop=watching.pulse.loop("signer"),
        ),
        watcher=Watcher(Notices(engines.notices), head, loop=watching.pulse.loop("watcher")),
        key_book=key_book,
        pulse=watching.pulse,
        server=_server(settings, resources, stopping=published.close),
    )


def _server(settings: Settings, resources: Resources, *, stopping: Callable[[], None]) -> Server:
    server = Server(build(resources), limits=_door(settings), stop_seconds=settings.stop_seconds, stopping=stopping)
    resources.instruments.registry.register(DoorFigures("treaty_ledger", server))
    return server


async def _require_somebody(settings: Settings, keys: ApiKeys) -> None:
    """Raise CannotStart where strangers could record, or nobody could."""
    if not settings.knows_writers:
        if not settings.on_loopback:
            raise OpenToStrangers(settings.host)
        if not settings.public_reads:
            raise ReadsOpenToAll
        return
    if settings.oidc_issuer is not None or await keys.any_usable():
        return
    if settings.authentication is None and not settings.on_loopback:
        raise NobodyMayRecord(settings.host)
    _log.warning("nobody may record yet: make a key with `treaty-ledger keys api add NAME --scope events:append`")


def _access(settings: Settings, key_book: KeyBook, http: httpx.AsyncClient) -> Access:
    tokens = None
    if settings.oidc_issuer and settings.oidc_audience and settings.oidc_jwks_url:
        rules = TokenRules(
            issuer=settings.oidc_issuer,
            audience=settings.oidc_audience,
            lifetime_seconds=settings.token_lifetime_seconds,
        )
        tokens = Tokens(rules, KeySet(settings.oidc_jwks_url, http))
    return Access(
        Gate(key_book, tokens, required=settings.knows_writers),
        Allowances(per_second=settings.events_per_second, burst=settings.events_burst),
        public_reads=settings.public_reads,
    )


def _door(settings: Settings) -> Limits:
    return Limits(
        clients=settings.clients,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        idle_seconds=settings.idle_seconds,
        unread_seconds=settings.unread_seconds,
    )


def _limits(settings: Settings) -> AppenderLimits:
    return AppenderLimits(
        queued_requests=settings.queued_requests,
        queued_bytes=settings.queued_bytes,
        wait_seconds=settings.append_wait_seconds,
    )
