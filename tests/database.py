"""Run a real PostgreSQL, fresh databases in it, and the services' own commands, for tests."""

import asyncio
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import programs
from programs import Process

from treaty_standalone.postgres import start

ROOT = Path(__file__).parent.parent
OWN_SERVER = "TREATY_TEST_DATABASE_URL"
"""Names a PostgreSQL server to test on instead of the bundled one, as a superuser of it."""

TEMPLATE = "treaty_template"
START_SECONDS = 60.0  # on a busy machine
PARTS = ("migrate", "ledger", "projector")
"""Who uses a database, each with a login of its own and the rights of its part."""

_PASSWORD = secrets.token_hex(16)
_numbers = count(1)
_ports = iter(range(18_000, 32_000))


@contextmanager
def running_postgres(folder: Path) -> Iterator[str]:
    """Give the URL of a running server's maintenance database."""
    if own := os.environ.get(OWN_SERVER):
        yield own
        return
    with start(folder, fsync=False) as server:
        yield server.url("postgres")


def with_database(url: str, name: str) -> str:
    """Return the URL of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def login(part: str) -> str:
    """Return the name under which a part logs in; this process's own, since a server may serve others too."""
    return f"treaty_test_{os.getpid()}_{part}"


def as_part(url: str, part: str) -> str:
    """Return the URL of the same database for the login of a part."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    return urlunsplit(urlsplit(url)._replace(netloc=f"{login(part)}:{_PASSWORD}@{host}"))


def addresses(url: str) -> dict[str, str]:
    """Return the variables that lead each part to a database with its own login."""
    return {f"TREATY_{part.upper()}_DATABASE_URL": as_part(url, part) for part in PARTS}


def make_roles(admin: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Make the roles of a database, and the logins of `env` in place of the tests' own, as an operator would."""
    command = [sys.executable, str(ROOT / "migrations/roles.py")]
    settings = _surrounding({"TREATY_ADMIN_DATABASE_URL": admin, **(env or addresses(admin))})
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


def migrate(url: str, section: str, *, to: str = "head") -> subprocess.CompletedProcess[str]:
    """Run the migrations of one service, as an operator would, or those up to one of them."""
    ini = str(ROOT / "migrations/alembic.ini")
    return programs.run(
        ["alembic", "-c", ini, "-n", section, "upgrade", to], env=_surrounding({"TREATY_DATABASE_URL": url})
    )


def _surrounding(env: Mapping[str, str]) -> dict[str, str]:
    """Return this process's environment with `env`, and no other database."""
    return {**{name: value for name, value in os.environ.items() if not name.endswith("_DATABASE_URL")}, **env}


@asynccontextmanager
async def logins(url: str) -> AsyncIterator[None]:
    """Keep the login of each part while the context lasts."""
    made = await asyncio.to_thread(make_roles, url)
    assert made.returncode == 0, made.stderr
    try:
        yield
    finally:
        for part in PARTS:
            await _execute(url, f'DROP ROLE "{login(part)}"')


async def create_template(url: str) -> str:
    """Make the database that all others are copied from, migrated by one who is no superuser; return its name."""
    name = f"{TEMPLATE}_{os.getpid()}"
    await _execute(url, f'CREATE DATABASE "{name}"')
    here = with_database(url, name)
    made = await asyncio.to_thread(make_roles, here)
    assert made.returncode == 0, made.stderr
    sections = (asyncio.to_thread(migrate, as_part(here, "migrate"), section) for section in ("ledger", "projector"))
    for done in await asyncio.gather(*sections):
        assert done.returncode == 0, done.stdout + done.stderr
    return name


@asynccontextmanager
async def fresh_database(url: str, *, template: str | None = None) -> AsyncIterator[str]:
    """Give the URL of a database of one's own: a copy of `template`, or an empty one."""
    name = f"treaty_{os.getpid()}_{next(_numbers)}"
    await _execute(url, f'CREATE DATABASE "{name}" TEMPLATE "{template or "template0"}"')
    try:
        yield with_database(url, name)
    finally:
        await drop_database(url, name)


async def drop_database(url: str, name: str) -> None:
    """Remove a database, also while somebody is connected to it."""
    await _execute(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class RunningService:
    """Hold a command that serves, and where."""

    base_url: str
    process: Process
    log: Path

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """Ask it to end; return its exit code."""
        self.process.terminate()
        return self.process.wait(START_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens on, and that stays free while the server that had it is down.

    It is below those that outgoing connections take, and no other process of tests gets it: this one holds the
    datagram port of that number, which nothing else uses, until it ends.
    """
    for port in _ports:
        with socket.socket() as probe, socket.socket(type=socket.SOCK_DGRAM) as mark:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                mark.bind(("127.0.0.1", port))
            except OSError:
                continue
            mark.detach()
            return port
    raise AssertionError("no port is free")


@contextmanager
def running(command: Sequence[str], *, env: Mapping[str, str], ready_url: str, log: Path) -> Iterator[Process]:
    """Run a command of the workspace until the context ends; give it once `ready_url` answers 200."""
    with log.open("ab") as output:
        process = programs.start(command, env={**os.environ, **env}, out=output, err=output)
    try:
        _wait_until_ready(process, ready_url, log)
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


@contextmanager
def running_ledger(database_url: str, *, log: Path, env: Mapping[str, str] | None = None) -> Iterator[RunningService]:
    """Run `treaty-ledger serve` on a free port and that database, as the ledger's own login."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = {
        "TREATY_LEDGER_DATABASE_URL": as_part(database_url, "ledger"),
        "TREATY_LEDGER_PORT": str(port),
        "TREATY_LEDGER_STATE_DIR": str(log.parent / "ledger-state"),
        **(env or {}),
    }
    with running(["treaty-ledger", "serve"], env=settings, ready_url=f"{base_url}/readyz", log=log) as process:
        yield RunningService(base_url=base_url, process=process, log=log)


def _wait_until_ready(process: Process, ready_url: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"it ended with {process.returncode}:\n{log.read_text()}"
        try:
            with urllib.request.urlopen(ready_url, timeout=5) as answer:  # noqa: S310 - our own address
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(0.02)
    raise AssertionError(f"not ready after {START_SECONDS} seconds:\n{log.read_text()}")
