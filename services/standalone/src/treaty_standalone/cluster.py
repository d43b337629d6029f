"""Make a PostgreSQL cluster, and clear what a crash left in it, before a server starts on it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from treaty_standalone.binaries import Binaries
from treaty_standalone.errors import PostgresNotStarted
from treaty_standalone.leash import User, leashed

SUPERUSER = "postgres"
STOP_SECONDS = 60.0
POLL_SECONDS = 0.02
HERE = "/proc/self/cwd"
ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}
SHAPE = (
    "--username=" + SUPERUSER,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--no-instructions",
)


def data_argument(cluster: Path) -> str:
    """Name the cluster so that a program started inside it finds it, whoever may enter the folders above."""
    return HERE if sys.platform == "linux" else str(cluster)


def make_cluster(cluster: Path, binaries: Binaries, *, password: str, user: User | None, fsync: bool) -> None:
    """Make a cluster in the folder `cluster`.

    Until it is whole it has another name, so that half a cluster is never used.
    Raises PostgresNotStarted with what `initdb` says.
    """
    unfinished = cluster.with_name(cluster.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    owner = user or User(os.geteuid(), os.getegid())
    os.chown(unfinished, owner.uid, owner.gid)
    with tempfile.TemporaryFile() as secret:
        # By descriptor, since the server's user may not be able to reach any file of ours by its path.
        secret.write(password.encode())
        secret.flush()
        os.fchown(secret.fileno(), owner.uid, owner.gid)
        where = [f"--pgdata={data_argument(unfinished)}", f"--pwfile=/dev/fd/{secret.fileno()}"]
        command = [str(binaries.folder / "initdb"), *where, *SHAPE, *(() if fsync else ("--no-sync",))]
        made = subprocess.run(
            leashed(command, on_death=signal.SIGKILL, user=user),
            cwd=unfinished,
            env=ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            pass_fds=[secret.fileno()],
        )
    if made.returncode:
        raise PostgresNotStarted((made.stderr.strip().splitlines() or ["initdb failed"])[-1])
    unfinished.rename(cluster)


def clear_leftovers(cluster: Path) -> None:
    """End a server whose starter was killed, and remove its stale `postmaster.pid`.

    Only for the holder of the folder's lock: nobody else can own such a server. After a reboot the stale file may name
    a process that has nothing to do with it. Raises PostgresNotStarted when the old server does not end.
    """
    if sys.platform != "linux":
        return
    deadline = time.monotonic() + STOP_SECONDS
    told: set[int] = set()
    while left := _servers_inside(cluster):
        first = _stated_process(cluster)
        for process in left - told if first not in left else {first} - told:
            _tell(process, signal.SIGINT if process == first else signal.SIGTERM)
            told.add(process)
        if time.monotonic() > deadline:
            raise PostgresNotStarted(f"an earlier server (process {min(left)}) does not stop")
        time.sleep(POLL_SECONDS)
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _servers_inside(cluster: Path) -> set[int]:
    here = cluster.stat()
    found = set()
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdecimal() and (entry / "comm").read_text() == "postgres\n":
                there = (entry / "cwd").stat()
                if os.path.samestat(here, there):
                    found.add(int(entry.name))
        except OSError:  # it ended meanwhile, or is another user's
            continue
    return found


def _stated_process(cluster: Path) -> int | None:
    try:
        return int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def _tell(process: int, order: signal.Signals) -> None:
    try:
        os.kill(process, order)
    except ProcessLookupError:
        return
