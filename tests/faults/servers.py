"""Run a PostgreSQL and ledgers that are killed, frozen and started again on the ports they had."""

import asyncio
import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
from database import as_part, free_port, running
from programs import Process

from treaty_standalone.postgres import RunningPostgres, start

_LOOK_SECONDS = 0.02
_SMALL_DISK = "192m"


class DatabaseServer:
    """Hold a PostgreSQL that writes to disk before it acknowledges, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._port = free_port()
        self._starter = ThreadPoolExecutor(1)  # a server ends with the thread that started it
        self._running = self._start()

    @property
    def url(self) -> str:
        """Return the address of its maintenance database."""
        return self._running.url()

    @property
    def ended(self) -> bool:
        """Tell whether it runs no more."""
        return self._running.process.poll() is not None

    def kill(self) -> None:
        """End the server and every process of it at once, as a power failure would."""
        for process in [self._running.process.pid, *_children(self._running.process.pid)]:
            _tell(process, signal.SIGKILL)
        self._running.process.wait()

    def start_again(self) -> None:
        """Start it on the same folder and port."""
        self.stop()
        self._running = self._start()

    def stop(self) -> None:
        """Stop it, if it runs."""
        self._running.stop()

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        self._starter.shutdown()

    def _start(self) -> RunningPostgres:
        return self._starter.submit(lambda: start(self.folder, port=self._port)).result()


class Service:
    """Hold one of our services; whoever watches starts it again when it has ended."""

    def __init__(self, command: Sequence[str], *, ready: str, log: Path, env: Mapping[str, str]) -> None:
        self.log = log
        self.starts = 0
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._command = command
        self._ready = ready
        self._env = env
        self._stack = ExitStack()
        self._process: Process | None = None
        self.watched = True

    def start(self) -> None:
        """Start it and wait until it is ready; from the second time on without failpoints."""
        env = {name: value for name, value in self._env.items() if not self.starts or "FAILPOINTS" not in name}
        self.starts += 1
        ports = {"TREATY_LEDGER_PORT": str(self.port), "TREATY_PROJECTOR_PORT": str(self.port)}
        self._process = self._stack.enter_context(
            running(self._command, env={**ports, **env}, ready_url=f"{self.base_url}{self._ready}", log=self.log)
        )

    async def watch(self) -> None:
        """Start it again whenever it has ended, until cancelled."""
        while True:
            if self.watched and self._process is not None and self._process.poll() is not None:
                try:
                    await asyncio.to_thread(self.start)
                except AssertionError:  # it did not start, perhaps for want of its database
                    continue
            await asyncio.sleep(_LOOK_SECONDS)

    def tell(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process is not None
        _tell(self._process.pid, number)

    @property
    def is_stopped(self) -> bool:
        """Tell whether it waits for SIGCONT."""
        assert self._process is not None
        try:
            return "State:\tT" in Path(f"/proc/{self._process.pid}/status").read_text()
        except OSError:
            return False

    def said(self) -> str:
        """Return all that it wrote to its log."""
        return self.log.read_text(errors="replace")

    def close(self) -> None:
        """Stop it for good."""
        self.watched = False
        if self._process is not None:
            self.tell(signal.SIGCONT)
        self._stack.close()


class Ledger(Service):
    """Hold a ledger on one database."""

    def __init__(self, database_url: str, *, log: Path, env: Mapping[str, str]) -> None:
        settings = {
            "TREATY_LEDGER_DATABASE_URL": as_part(database_url, "ledger"),
            "TREATY_LEDGER_STATE_DIR": str(log.parent / "ledger-state"),
            **env,
        }
        super().__init__(["treaty-ledger", "serve"], ready="/readyz", log=log, env=settings)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path | None]:
    """Give a small disk in memory that is mounted there; None where we may not mount one."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_SMALL_DISK}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode:
        yield None
        return
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=False)  # noqa: S607 - the system's own


async def backends(url: str, name: str, *, idle: bool = False) -> list[int]:
    """Return the processes of the server that serve connections of that name in a database."""
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = $1 AND (state = 'idle' OR NOT $2)",
            name,
            idle,
        )
        return [row["pid"] for row in rows]
    finally:
        await connection.close()


@contextmanager
def frozen(processes: list[int]) -> Iterator[None]:
    """Keep processes stopped while the context lasts."""
    for process in processes:
        _tell(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            _tell(process, signal.SIGCONT)


def _children(process: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def _tell(process: int, number: signal.Signals) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return
