"""Run the `treaty` command as a newcomer does: as a program of its own."""

import os
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from database import ROOT, free_port
from programs import BIN

TREATY = str(BIN / "treaty")
SERVING = "Serving until Ctrl-C."
OWN = ("TREATY_DATABASE_URL", *(f"TREATY_{who}_DATABASE_URL" for who in ("ADMIN", "MIGRATE", "LEDGER", "PROJECTOR")))


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without a database of its own, on a wide terminal.

    What a command imports is compiled once for all tests, even where the environment forbids it for the sources.
    """
    kept = {name: value for name, value in os.environ.items() if name not in {*OWN, "PYTHONDONTWRITEBYTECODE"}}
    return {**kept, "COLUMNS": "200", "PYTHONPYCACHEPREFIX": str(ROOT / ".cache/bytecode"), **(more or {})}


def treaty(
    *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `treaty` to its end."""
    done = subprocess.run([TREATY, *arguments], input=stdin, capture_output=True, env=environment(env), check=False)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Name a data folder and two free ports."""

    data_dir: Path
    ledger_port: int
    projector_port: int

    @property
    def arguments(self) -> list[str]:
        """Return the options that put `treaty up` here."""
        ports = ["--ledger-port", str(self.ledger_port), "--projector-port", str(self.projector_port)]
        return ["up", "--data-dir", str(self.data_dir), *ports]

    @property
    def urls(self) -> dict[str, str]:
        """Return the variables that lead the other commands here."""
        return {
            "TREATY_LEDGER_URL": f"http://127.0.0.1:{self.ledger_port}",
            "TREATY_PROJECTOR_URL": f"http://127.0.0.1:{self.projector_port}",
            "TREATY_API_KEY_FILE": str(self.data_dir / "api-key"),
        }

    def is_silent(self) -> bool:
        """Tell whether nobody listens on either port and no server holds the data."""
        for port in (self.ledger_port, self.projector_port):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return False
        return not (self.data_dir / "postgres/cluster/postmaster.pid").exists()


def place(folder: Path) -> Place:
    """Return a place on two free ports."""
    ledger, projector = free_port(), free_port()
    return Place(data_dir=folder, ledger_port=ledger, projector_port=projector)


@contextmanager
def serving(where: Place, *arguments: str, env: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run `treaty up` until the context ends; give it once it serves."""
    with ExitStack() as stack:
        output = stack.enter_context((where.data_dir.parent / f"{where.data_dir.name}.out").open("w"))
        command = [TREATY, *where.arguments, *arguments]
        process = stack.enter_context(
            subprocess.Popen(command, stdout=output, stderr=subprocess.PIPE, text=True, env=environment(env))
        )
        stack.callback(process.terminate)
        assert process.stderr
        said = []
        for line in process.stderr:
            said.append(line)
            if line.strip() == SERVING:
                yield process
                return
        raise AssertionError(f"it ended with {process.wait()}:\n{''.join(said)}")


def children(process: int) -> set[int]:
    """Return the processes that a process has started, except those of threads that end meanwhile."""
    found = set()
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found |= {int(child) for child in (task / "children").read_text().split()}
    return found
