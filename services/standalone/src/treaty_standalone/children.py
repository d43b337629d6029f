"""Start programs of ours as children that never outlive this process, and stop them."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from treaty_standalone.client import Service
from treaty_standalone.errors import ServiceEnded, ServiceNotReady
from treaty_standalone.leash import leashed

READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0
POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Child:
    """Hold a running program and the file it logs to."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def check(self) -> None:
        """Raise ServiceEnded when the program has ended."""
        code = self.process.poll()
        if code is not None:
            raise ServiceEnded(self.name, code, reason=last_line(self.log), log=self.log)

    def wait_until_alive(self, service: Service) -> None:
        """Wait until `service`, which this child runs, answers. Raises ServiceEnded, ServiceNotReady."""
        self._wait_until(service.is_alive)

    def wait_until_ready(self, service: Service) -> None:
        """Wait until `service`, which this child runs, is ready. Raises ServiceEnded, ServiceNotReady."""
        self._wait_until(service.is_ready)

    def _wait_until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not holds():
            self.check()
            if time.monotonic() > deadline:
                raise ServiceNotReady(self.name, READY_SECONDS, log=self.log)
            time.sleep(POLL_SECONDS)
        self.check()

    def stop(self) -> None:
        """Ask the program to stop, and make it stop when it does not."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_child(command: list[str], environment: Mapping[str, str], *, log: Path) -> Child:
    """Start one of the console scripts beside this Python, logging to `log`; it dies with this process."""
    script = str(Path(sys.executable).parent / command[0])
    with log.open("wb") as output:
        process = subprocess.Popen(
            leashed([script, *command[1:]], on_death=signal.SIGTERM),
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C is for this process, which then stops its children in order
        )
    return Child(command[0], process, log)


def run_to_end(command: list[str], environment: Mapping[str, str], *, log: Path) -> str | None:
    """Run one of the console scripts to its end; return the last line of its log where it failed."""
    child = start_child(command, environment, log=log)
    try:
        return last_line(log) if child.process.wait() else None
    finally:
        child.stop()


def last_line(log: Path) -> str:
    """Return the last line of a log that says something; frames around it are left out."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if any(map(str.isalnum, line))]
    return lines[-1].strip("│ ") if lines else "it said nothing"
