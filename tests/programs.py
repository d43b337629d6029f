"""Start our own commands, as an operator would, but without reading their code anew each time.

Reading it takes more than a second of a core, and the tests start hundreds. So each process of the tests has a helper
that has read the code of both services (see `forking`), and forks for each start. What it forks becomes a child of the
process that asked: it is waited for, stopped and killed like any other.
"""

import atexit
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Final, TypeAlias

from forking import PROGRAMS

BIN: Final = Path(sys.executable).parent
SCRIPTS: Final = {"yesterday": Path(__file__).parent / "projector" / "yesterday.py"}
"""Programs of the tests' own, which are not installed."""
POLL_SECONDS: Final = 0.01
SET_CHILD_SUBREAPER: Final = 36
"""What prctl(2) calls: let orphans among one's descendants become one's own children."""


class Forked:
    """Hold a process as `subprocess.Popen` does."""

    def __init__(self, pid: int, command: Sequence[str]) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._command = command
        self._waiting = Lock()

    def poll(self) -> int | None:
        """Return how it ended, or None while it runs."""
        with self._waiting:
            if self.returncode is None:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
            return self.returncode

    def wait(self, timeout: float = float("inf")) -> int:
        """Return how it ended, once it has. Raises TimeoutExpired."""
        deadline = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(list(self._command), timeout)
            time.sleep(POLL_SECONDS)
        return code

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


Process: TypeAlias = subprocess.Popen[bytes] | Forked


def start(command: Sequence[str], *, env: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> Process:
    """Start a command of the workspace, or a program of its Python."""
    full = [str(BIN / command[0]), *command[1:]]
    if command[0] not in PROGRAMS or sys.platform != "linux":
        if script := SCRIPTS.get(command[0]):
            full = [sys.executable, str(script), *command[1:]]
        return subprocess.Popen(full, env=env, stdout=out, stderr=err)
    with _turn:
        return _helper().fork(full, env=env, out=out, err=err)


def run(command: Sequence[str], *, env: Mapping[str, str], timeout: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a command of the workspace to its end."""
    with TemporaryFile() as out, TemporaryFile() as err:
        process = start(command, env=env, out=out, err=err)
        try:
            code = process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        said = []
        for output in (out, err):
            output.seek(0)
            said.append(output.read().decode())
    return subprocess.CompletedProcess(list(command), code, *said)


class _Helper:
    """Hold the process that forks; it ends with this one."""

    def __init__(self) -> None:
        self._asking, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with asked:
            script = Path(__file__).with_name("forking.py")
            self._process = subprocess.Popen(
                [sys.executable, str(script), str(asked.fileno())],
                pass_fds=[asked.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )

    def fork(self, command: Sequence[str], *, env: Mapping[str, str], out: IO[bytes], err: IO[bytes]) -> Forked:
        """Start a command in a new child of this process."""
        request = json.dumps({"command": command, "env": dict(env)}).encode()
        _adopt(orphans=True)
        try:
            socket.send_fds(self._asking, [request], [out.fileno(), err.fileno()])
            pid = int(self._asking.recv(100))
            self._asking.recv(100)
        finally:
            _adopt(orphans=False)
        return Forked(pid, command)

    def close(self) -> None:
        """End it, and wait for that."""
        self._asking.close()
        self._process.wait()


_turn = Lock()
"""Held while one thread has a process forked: the helper is one, and what this process adopts is one thing too."""


@cache
def _helper() -> _Helper:
    helper = _Helper()
    atexit.register(helper.close)
    return helper


def _adopt(*, orphans: bool) -> None:
    failed = ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)
    assert not failed, os.strerror(ctypes.get_errno())
