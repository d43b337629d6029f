"""Start services by forking a process that has read their code already: a start costs a tenth of the processor's time.

What runs is the command itself, with an environment, a log and a process of its own. Campaigns start services
thousands of times, and would else spend most of their time on reading the same modules.
"""

import atexit
import gc
import importlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

_MODULES = {"treaty-ledger": "treaty_ledger.cli", "treaty-projector": "treaty_projector.cli"}


class Fork:
    """Hold a process that was forked by another: what `subprocess.Popen` does for one's own."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._end = os.pidfd_open(pid)
        self._ended = False

    def poll(self) -> int | None:
        """Return 0 when it has ended; with which code, only its log may tell."""
        return 0 if self._has_ended(0) else None

    def wait(self, timeout: float | None = None) -> int:
        """Wait until it has ended; raise TimeoutExpired."""
        if not self._has_ended(timeout):
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return 0

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self._end, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    def _has_ended(self, seconds: float | None) -> bool:
        if not self._ended:
            poll = select.poll()
            poll.register(self._end, select.POLLIN)
            self._ended = bool(poll.poll(None if seconds is None else seconds * 1000))
            if self._ended:
                os.close(self._end)
        return self._ended


class _Server:
    """Hold the process that is forked, for one command."""

    def __init__(self, command: str) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, __file__, command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._close)

    def fork(self, arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Fork:
        """Let the command run with those arguments."""
        asked = {"arguments": list(arguments), "env": dict(env), "log": str(log)}
        with self._lock:
            assert self._process.stdin
            assert self._process.stdout
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            return Fork(int(self._process.stdout.readline()))

    def _close(self) -> None:
        self._process.communicate()


_servers: dict[str, _Server] = {}
_starting = threading.Lock()


def fork(command: Sequence[str], env: Mapping[str, str], log: Path) -> Fork:
    """Run a command of the workspace in a process of its own."""
    name, *arguments = command
    with _starting:
        if name not in _servers:
            _servers[name] = _Server(name)
    return _servers[name].fork(arguments, env, log)


class _Command(Protocol):
    def __call__(self, args: Sequence[str], *, prog_name: str) -> object:
        """Run it."""


def _serve(name: str) -> None:
    """Fork for each line of standard input, and tell the process's number."""
    app: _Command = importlib.import_module(_MODULES[name]).app
    importlib.import_module(_MODULES[name].replace(".cli", ".main"))
    gc.freeze()
    for line in sys.stdin:
        _reap()
        asked = json.loads(line)
        if (pid := os.fork()) == 0:
            _become(app, name, asked)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _become(app: _Command, name: str, asked: Mapping[str, object]) -> None:
    """Be the command, in a process that was just forked."""
    code: object = 1
    try:
        _redirect(Path(str(asked["log"])))
        os.environ.clear()
        os.environ.update(asked["env"])  # type: ignore[call-overload] # it came as JSON
        app(list(asked["arguments"]), prog_name=name)  # type: ignore[call-overload] # the same
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else int(code is not None))


def _redirect(log: Path) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for to, number in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(to, number)
    os.close(nothing)
    os.close(output)


def _reap() -> None:
    """Forget those that have ended; until then their numbers belong to nobody else."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


if __name__ == "__main__":
    _serve(sys.argv[1])
