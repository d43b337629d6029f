"""Read the services' code once, and fork a process for each start of one: run as a program by `programs`."""

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

PROGRAMS = {
    "treaty-ledger": ("treaty_ledger.cli", "app"),
    "treaty-projector": ("treaty_projector.cli", "app"),
    "alembic": ("alembic.config", "main"),
    "yesterday": ("projector.yesterday", "app"),
}
CODE = (
    "treaty_ledger.cli",
    "treaty_projector.cli",
    "alembic.config",
    "treaty_ledger.main",
    "treaty_projector.main",
    "treaty_projector.generation_commands",
    "alembic.autogenerate",
)
REQUEST_BYTES = 1_000_000


def serve(asked: socket.socket) -> list[str] | None:
    """Fork for each request until nobody asks any more; return the command in the new process, None in this one.

    A request is the command, its environment, and its output and error output as descriptors. The answers are the
    process, and, once that is a child of whoever asked, another one.
    """
    while True:
        request, outputs, _, _ = socket.recv_fds(asked, REQUEST_BYTES, 2)
        if not request:
            return None
        if (between := os.fork()) == 0:
            _let_go(asked)
            asked.detach()  # closed with all others below: the object must not close what gets its number later
            wanted = json.loads(request)
            os.dup2(outputs[0], 1)
            os.dup2(outputs[1], 2)
            os.closerange(3, max(outputs) + 100)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.environ.clear()
            os.environ.update(wanted["env"])
            return list(wanted["command"])
        os.waitpid(between, 0)
        asked.send(b"it is yours")
        for output in outputs:
            os.close(output)


def _let_go(asked: socket.socket) -> None:
    """Go on in a process whose parent ends, so that it becomes a child of whoever asked for it."""
    if process := os.fork():
        asked.send(str(process).encode())
        os._exit(0)


def run(command: list[str]) -> object:
    """Do what the installed script of that name does."""
    sys.argv = command
    module, name = PROGRAMS[Path(command[0]).name]
    return cast(Callable[[], object], getattr(importlib.import_module(module), name))()


if __name__ == "__main__":
    for module in CODE:
        importlib.import_module(module)
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for those who ask; when they end, this ends
    if told := serve(socket.socket(fileno=int(sys.argv[1]))):
        sys.exit(cast(int, run(told)))
