"""Run PostgreSQL, both services and the bare endpoint, each in a process of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from machine import ROOT

BIN = Path(sys.executable).parent
"""Where the programs of this environment are."""

_SECTIONS = ("ledger", "projector")
_TEMPLATE = "migrated"
_WAIT_SECONDS = 30.0
_LOOK_AGAIN_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Server:
    """Hold where something serves."""

    base_url: str
    process: subprocess.Popen[bytes]


class Databases:
    """Make databases on one server, each a copy of a migrated one."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self.folder = folder
        self._numbers = count(1)

    async def prepare(self) -> str:
        """Migrate the template; return PostgreSQL's version. It must write to disk as it does in production."""
        connection = await asyncpg.connect(self._url)
        try:
            assert await connection.fetchval("SHOW fsync") == "on"
            assert await connection.fetchval("SHOW synchronous_commit") == "on"
            await connection.execute(f"CREATE DATABASE {_TEMPLATE}")
            version: str = await connection.fetchval("SHOW server_version")
        finally:
            await connection.close()
        _migrate(self._named(_TEMPLATE))
        return version

    async def fresh(self) -> str:
        """Return the address of a new, empty, migrated database."""
        name = f"measured_{next(self._numbers)}"
        connection = await asyncpg.connect(self._url)
        try:
            await connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        finally:
            await connection.close()
        return self._named(name)

    def _named(self, name: str) -> str:
        return urlunsplit(urlsplit(self._url)._replace(path=f"/{name}"))


@contextmanager
def run_ledger(database: str, folder: Path) -> Iterator[Server]:
    """Run `treaty-ledger serve` on that database until the context ends."""
    port = free_port()
    environment = environment_of(
        database, TREATY_LEDGER_PORT=str(port), TREATY_LEDGER_STATE_DIR=str(folder / "ledger-state")
    )
    with running([str(BIN / "treaty-ledger"), "serve"], environment, port=port, log=folder / "ledger.log") as server:
        yield server


@contextmanager
def run_projector(
    database: str, ledger_url: str, folder: Path, *, command: str = "serve", **settings: str
) -> Iterator[Server]:
    """Run one of `treaty-projector`'s services on that database, with that ledger, until the context ends."""
    port = free_port()
    environment = environment_of(
        database, TREATY_PROJECTOR_PORT=str(port), TREATY_PROJECTOR_LEDGER_URL=ledger_url, **settings
    )
    words = [str(BIN / "treaty-projector"), command]
    with running(words, environment, port=port, log=folder / "projector.log") as server:
        yield server


@contextmanager
def run_bare_endpoint(folder: Path, answers: Mapping[str, bytes], *, plain: bool = False) -> Iterator[Server]:
    """Run an application that does next to nothing, `plain` without FastAPI; to GET it gives `answers` by target."""
    port, file = free_port(), folder / "answers"
    (folder / "files").mkdir(exist_ok=True)
    file.write_bytes(b"".join(b"%b\t%b\n" % (target.encode(), b64encode(body)) for target, body in answers.items()))
    command = [sys.executable, str(Path(__file__).with_name("bare_endpoint.py")), str(port), str(file)]
    command += ["starlette"] if plain else []
    with running(command, dict(os.environ), port=port, log=folder / "bare.log") as server:
        yield server


@contextmanager
def running(
    command: Sequence[str],
    environment: Mapping[str, str],
    *,
    port: int,
    log: Path,
    answers: Callable[["Server"], bool] | None = None,
) -> Iterator[Server]:
    """Run a program until the context ends; it is alive once it `answers`, for which it is asked /livez by default."""
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    server = Server(f"http://127.0.0.1:{port}", process)
    try:
        _wait_until_alive(server, log, answers or _is_alive)
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):  # one that holds gigabytes takes longer to let go of them
            process.wait(_WAIT_SECONDS)
        process.kill()
        process.wait()


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _migrate(database: str) -> None:
    for section in _SECTIONS:
        command = [str(BIN / "alembic"), "-c", str(ROOT / "migrations/alembic.ini"), "-n", section, "upgrade", "head"]
        subprocess.run(command, env=environment_of(database), check=True, capture_output=True)


def environment_of(database: str, **settings: str) -> dict[str, str]:
    """Return the surrounding variables without any that would change what is measured."""
    surrounding = {name: value for name, value in os.environ.items() if not name.startswith("TREATY_")}
    return {**surrounding, "TREATY_DATABASE_URL": database, **settings}


def _wait_until_alive(server: Server, log: Path, answers: Callable[[Server], bool]) -> None:
    deadline = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, log.read_text(encoding="utf-8")
        if answers(server):
            return
        time.sleep(_LOOK_AGAIN_SECONDS)
    raise TimeoutError(log.read_text(encoding="utf-8"))


def _is_alive(server: Server) -> bool:
    try:
        with urllib.request.urlopen(f"{server.base_url}/livez", timeout=5):  # noqa: S310 - our own address
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
