"""Watch what other processes do."""

import time
from collections.abc import Callable
from pathlib import Path

PATIENCE = 60.0


def wait_until(condition: Callable[[], bool]) -> None:
    """Return as soon as the condition holds; fail when it does not within PATIENCE seconds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def is_alive(process: int) -> bool:
    """Tell whether a process runs; one that has ended and waits to be reaped does not."""
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes() != b""
    except (FileNotFoundError, ProcessLookupError):
        return False
