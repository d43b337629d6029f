"""Run a real PostgreSQL, fresh databases in it, and the services' own commands, for tests."""

import asyncio
import os
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

from treaty_standalone.postgres import start

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
OWN_SERVER = "TREATY_TEST_DATABASE_URL"
"""Names a PostgreSQL server to test on instead of the bundled one; its user must be able to create databases."""

TEMPLATE = "treaty_template"
START_SECONDS = 30.0
_numbers = count(1)


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


def migrate(url: str, section: str) -> subprocess.CompletedProcess[str]:
    """Run the migrations of one service, as an operator would."""
    return subprocess.run(
        [str(BIN / "alembic"), "-c", str(ROOT / "migrations/alembic.ini"), "-n", section, "upgrade", "head"],
        env={**os.environ, "TREATY_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )


async def create_template(url: str) -> str:
    """Make the migrated database that all others are copied from; return its name."""
    name = f"{TEMPLATE}_{os.getpid()}"
    await _execute(url, f'CREATE DATABASE "{name}"')
    sections = (asyncio.to_thread(migrate, with_database(url, name), section) for section in ("ledger", "projector"))
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
    process: subprocess.Popen[bytes]
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
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(
    command: Sequence[str], *, env: Mapping[str, str], ready_url: str, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command of the workspace until the context ends; give it once `ready_url` answers 200."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(BIN / command[0]), *command[1:]], env={**os.environ, **env}, stdout=output, stderr=output
        )
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
    """Run `treaty-ledger serve` on a free port and that database."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = {
        "TREATY_DATABASE_URL": database_url,
        "TREATY_LEDGER_PORT": str(port),
        "TREATY_LEDGER_STATE_DIR": str(log.parent / "ledger-state"),
        **(env or {}),
    }
    with running(["treaty-ledger", "serve"], env=settings, ready_url=f"{base_url}/readyz", log=log) as process:
        yield RunningService(base_url=base_url, process=process, log=log)


def _wait_until_ready(process: subprocess.Popen[bytes], ready_url: str, log: Path) -> None:
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
