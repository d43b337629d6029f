"""What the containers would run: the same commands and variables, secrets from files, by a user without rights."""

import os
import pwd
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest
from database import ROOT, addresses, free_port, fresh_database
from programs import BIN
from standalone.compose_file import Service, compose
from standalone.processes import wait_until

from treaty_standalone.leash import User, leashed

ONE_SHOTS = ("roles", "migrate")
SERVICES = ("ledger", "projector-worker", "projector-api")
PYTHONS = (
    sys.executable,
    f"/usr/local/bin/python3.{sys.version_info.minor}",
    f"/usr/bin/python3.{sys.version_info.minor}",
)
TRY = "import asyncpg, treaty_contracts.names"
FACT = {
    "specversion": "1.0",
    "id": "registered",
    "source": "urn:test:containers",
    "type": "treaty.registered",
    "subject": "accord",
    "data": {
        "title": "Accord",
        "kind": "multilateral",
        "depositaries": [],
        "subjects": [],
        "identifiers": {},
        "clauses": {},
    },
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Run programs of the workspace as a user without rights: `nobody` when we are root, else ourselves."""

    python: str
    user: User | None
    environment: dict[str, str]

    def start(self, command: tuple[str, ...], **more: str) -> subprocess.Popen[bytes]:
        """Start a console script, or Python itself."""
        return subprocess.Popen(self._as_guest(command), cwd=ROOT, env={**self.environment, **more})

    def run(self, command: tuple[str, ...], **more: str) -> int:
        """Run a command to its end."""
        return self.start(command, **more).wait()

    def ask(self, command: tuple[str, ...], **more: str) -> str:
        """Run a command to its end; return what it prints."""
        environment = {**self.environment, **more}
        done = subprocess.run(
            self._as_guest(command), cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout.strip()

    def _as_guest(self, command: tuple[str, ...]) -> list[str]:
        program = [self.python] if command[0] == "python" else [self.python, str(BIN / command[0])]
        return leashed([*program, *command[1:]], on_death=signal.SIGTERM, user=self.user)


@pytest.fixture(scope="module")
def guest() -> Iterator[Guest]:
    nobody = pwd.getpwnam("nobody")
    user = User(nobody.pw_uid, nobody.pw_gid) if os.geteuid() == 0 else None
    packages = [entry for entry in sys.path if entry and not entry.startswith(sys.base_prefix)]
    with TemporaryDirectory(prefix="treaty-guest-") as home:
        if user:
            os.chown(home, user.uid, user.gid)
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": home,
            "PYTHONPATH": os.pathsep.join(packages),
            "PYTHONPYCACHEPREFIX": home,
        }
        for python in PYTHONS:
            found = Guest(python, user, environment)
            if found.run(("python", "-c", TRY)) == 0:
                yield found
                return
        pytest.skip("no Python and packages that a user without rights can read")


@pytest.fixture(scope="module")
async def secrets(postgres: str, template: str) -> AsyncIterator[Path]:
    """Give a folder with the secrets of each container in one of its own, for a database that is empty."""
    assert template  # which keeps the logins that `roles` brings up to date
    with TemporaryDirectory(prefix="treaty-secrets-") as folder:
        async with fresh_database(postgres) as url:
            write_secrets(Path(folder), {**addresses(url), "TREATY_ADMIN_DATABASE_URL": url})
            yield Path(folder)


def write_secrets(folder: Path, known: Mapping[str, str]) -> None:
    """Write the files that each container sees, so that it can read them, and no others."""
    for name in (*ONE_SHOTS, *SERVICES):
        (folder / name).mkdir()
        for secret in compose().services[name].secrets:
            (folder / name / secret).write_text(f"{known[secret.upper()]}\n")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


@dataclass(frozen=True, slots=True)
class Containers:
    """Hold the ports and the processes of what runs."""

    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def containers(guest: Guest, secrets: Path) -> Iterator[Containers]:
    """Run every container's command in the order that the compose file asks for."""
    described = compose().services
    folders = {name: {"TREATY_SECRETS_DIR": str(secrets / name)} for name in (*ONE_SHOTS, *SERVICES)}
    for name in ONE_SHOTS:
        for command in commands(described[name]):
            assert guest.run(command, **folders[name]) == 0
    ports = {name: free_port() for name in SERVICES}
    with ExitStack() as stack:
        processes = {}
        for name in SERVICES:
            settings = here(described[name], ports, name, home=guest.environment["HOME"])
            process = guest.start(described[name].command, **folders[name], **settings)
            stack.enter_context(process)
            stack.callback(process.terminate)
            processes[name] = process
            wait_until(partial(is_healthy, guest, described[name], process, port=ports[name]))
        yield Containers(ports, processes)


def commands(service: Service) -> list[tuple[str, ...]]:
    """Return what a container runs, one program after the other."""
    if service.command[:2] == ("sh", "-c"):
        return [tuple(shlex.split(part)) for part in service.command[2].split("&&")]
    return [service.command]


def here(service: Service, ports: dict[str, int], name: str, *, home: str) -> dict[str, str]:
    """Return a container's variables, with addresses and folders of containers turned into some of this machine."""
    turned = {
        "HOST": "127.0.0.1",
        "PORT": str(ports[name]),
        "URL": f"http://127.0.0.1:{ports['ledger']}",
        "DIR": f"{home}/state",
    }
    return {key: turned.get(key.rsplit("_", 1)[1], given) for key, given in service.environment.items()}


def is_healthy(guest: Guest, service: Service, process: subprocess.Popen[bytes], *, port: int) -> bool:
    """Run a container's own health check; fail when the container has ended."""
    assert service.healthcheck
    assert process.poll() is None
    check = [part.replace(":8001", f":{port}").replace(":8002", f":{port}") for part in service.healthcheck.test[1:]]
    return guest.run(tuple(check)) == 0


def made_key(guest: Guest, secrets: Path) -> str:
    """Make the first key by the command that the documents name, in a container of the ledger."""
    page = (ROOT / "docs/operations/containers.md").read_text()
    command = re.search(r"docker compose exec ledger (treaty-ledger keys api add .*)", page)
    assert command
    return guest.ask(tuple(shlex.split(command[1])), TREATY_SECRETS_DIR=str(secrets / "ledger"))


def test_a_fact_posted_to_the_ledger_is_answered_by_the_projectors_api(
    containers: Containers, guest: Guest, secrets: Path
) -> None:
    ledger = f"http://127.0.0.1:{containers.ports['ledger']}/v1/events"
    assert httpx.post(ledger, json=FACT).status_code == 401
    posted = httpx.post(ledger, json=FACT, headers={"Authorization": f"Bearer {made_key(guest, secrets)}"})
    assert posted.status_code == 201
    asked = {"min_size": str(posted.json()["position"] + 1)}
    answer = httpx.get(f"http://127.0.0.1:{containers.ports['projector-api']}/v1/treaties/accord", params=asked)
    assert answer.json()["title"] == "Accord"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give rights away")
def test_every_container_runs_without_rights(containers: Containers, guest: Guest) -> None:
    owners = {Path(f"/proc/{process.pid}").stat().st_uid for process in containers.processes.values()}
    assert guest.user
    assert owners == {guest.user.uid}


def test_a_worker_answers_no_questions(containers: Containers) -> None:
    worker = f"http://127.0.0.1:{containers.ports['projector-worker']}"
    assert httpx.get(f"{worker}/livez").status_code == 200
    assert httpx.get(f"{worker}/v1/treaties").status_code == 404


def test_every_container_stops_in_order_when_asked(containers: Containers) -> None:
    for name in reversed(SERVICES):
        containers.processes[name].terminate()
        assert containers.processes[name].wait() == 0, name
