"""Run PostgreSQL, the ledger and the projector together, and stop them together."""

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from treaty_projector.law.version import LAW
from treaty_standalone.answers import Projection
from treaty_standalone.api_keys import KEY_FILE, read_key
from treaty_standalone.children import Child, last_line, run_to_end, start_child
from treaty_standalone.client import Service
from treaty_standalone.errors import FolderUnusable, KeyNotKept, MigrationFailed, NotRefolded, PortInUse, PostgresEnded
from treaty_standalone.logins import SERVICES, Logins, make_logins
from treaty_standalone.places import migrations_ini
from treaty_standalone.postgres import RunningPostgres, start

PRINCIPAL = "standalone"
SCOPES = ("events:append", "events:read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Say where everything shall run."""

    data_dir: Path
    host: str
    ledger_port: int
    projector_port: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Hold what runs."""

    ledger: Service
    projector: Service
    children: tuple[Child, ...]
    postgres: RunningPostgres | None

    def check(self) -> None:
        """Raise StandaloneError when any part has ended."""
        for child in self.children:
            child.check()
        if self.postgres and self.postgres.process.poll() is not None:
            raise PostgresEnded


@contextmanager
def run_stack(plan: Plan, http: httpx.Client, say: Callable[[str], None]) -> Iterator[Stack]:
    """Start everything, yield it ready, and leave no process behind whatever happens. Raises StandaloneError.

    PostgreSQL is started unless TREATY_DATABASE_URL, or the variable of each service, names one. Where it is started,
    each service gets a user of its own in it.
    """
    _check_port(plan.host, plan.ledger_port, option="--ledger-port")
    _check_port(plan.host, plan.projector_port, option="--projector-port")
    logs = _make_folder(plan.data_dir / "logs")
    with ExitStack() as running:
        postgres = None if _has_database() else running.enter_context(start(plan.data_dir / "postgres"))
        logins = make_logins(postgres, log=logs / "roles.log") if postgres else Logins({})
        environment = _environment(plan)
        _migrate(environment, logins, logs)
        of_ledger = logins.serving("ledger", environment)
        recording = _serve("ledger", of_ledger, logs, running)
        key = _keep_key(plan.data_dir / KEY_FILE, of_ledger, logs)
        of_projector = {**logins.serving("projector", environment), "TREATY_PROJECTOR_LEDGER_KEY": key}
        answering = _serve("projector", of_projector, logs, running)
        ledger = Service("ledger", environment["TREATY_PROJECTOR_LEDGER_URL"], http, key)
        projector = Service("projector", _url(plan.host, plan.projector_port), http)
        recording.wait_until_ready(ledger)
        answering.wait_until_alive(projector)
        if _is_of_another_law(projector):
            say("This release concludes otherwise than the one before: folding everything anew …")
            _refold(of_projector, logs)
        answering.wait_until_ready(projector)
        yield Stack(ledger=ledger, projector=projector, children=(recording, answering), postgres=postgres)


def _is_of_another_law(projector: Service) -> bool:
    """Tell whether an earlier release concluded what is there by another law, which this one does not go on with."""
    stands = Projection.model_validate(projector.ask("/v1/projection"))
    return stands.size > 0 and stands.law != LAW


def _refold(of_projector: Mapping[str, str], logs: Path) -> None:
    """Fold everything anew by the law of this release, and let that answer. Raises NotRefolded."""
    command = ["treaty-projector", "rebuild", "--switch", "--accept-differences", "--drop-kept"]
    log = logs / "rebuild.log"
    if (failed := run_to_end(command, of_projector, log=log)) is not None:
        raise NotRefolded(failed, log=log)


def _serve(service: str, environment: dict[str, str], logs: Path, running: ExitStack) -> Child:
    child = start_child([f"treaty-{service}", "serve"], environment, log=logs / f"{service}.log")
    running.callback(child.stop)
    return child


def _has_database() -> bool:
    named = {name for name in os.environ if name.endswith("DATABASE_URL") and os.environ[name]}
    return "TREATY_DATABASE_URL" in named or {"TREATY_LEDGER_DATABASE_URL", "TREATY_PROJECTOR_DATABASE_URL"} <= named


def _environment(plan: Plan) -> dict[str, str]:
    return {
        "TREATY_LEDGER_LOG_FORMAT": "text",  # a person reads these logs
        "TREATY_PROJECTOR_LOG_FORMAT": "text",
        **os.environ,
        "TREATY_LEDGER_HOST": plan.host,
        "TREATY_LEDGER_PORT": str(plan.ledger_port),
        "TREATY_LEDGER_AUTHENTICATION": "required",
        "TREATY_LEDGER_STATE_DIR": str(plan.data_dir / "ledger"),
        "TREATY_PROJECTOR_HOST": plan.host,
        "TREATY_PROJECTOR_PORT": str(plan.projector_port),
        "TREATY_PROJECTOR_LEDGER_URL": _url(plan.host, plan.ledger_port),
    }


def _url(host: str, port: int) -> str:
    """Return the address at which this machine reaches what listens on `host`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return f"http://{host}:{port}"
    if address.is_unspecified:
        address = ipaddress.ip_address("127.0.0.1" if address.version == 4 else "::1")  # noqa: PLR2004 - IP version
    return f"http://[{address}]:{port}" if address.version == 6 else f"http://{address}:{port}"  # noqa: PLR2004


def _check_port(host: str, port: int, *, option: str) -> None:
    """Raise PortInUse when nothing can listen there; before anything is started, so that nothing must be undone."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise PortInUse(host, port, option=option, error=error) from error


def _make_folder(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").touch()
        (folder / ".writable").unlink()
    except OSError as error:
        raise FolderUnusable(folder.parent, error) from error
    return folder


def _migrate(environment: dict[str, str], logins: Logins, logs: Path) -> None:
    """Bring both schemas up to date, each in a process of its own, since Alembic reads its environment."""
    ini = str(migrations_ini())
    with ExitStack() as running:
        children = []
        for section in SERVICES:
            command = ["alembic", "-c", ini, "-n", section, "upgrade", "head"]
            own = logins.migrating(section, environment)
            child = start_child(command, own, log=logs / f"migrate-{section}.log")
            running.callback(child.stop)
            children.append(child)
        for section, child in zip(SERVICES, children, strict=True):
            if child.process.wait():
                raise MigrationFailed(section, last_line(child.log), log=child.log)


def _keep_key(file: Path, environment: dict[str, str], logs: Path) -> str:
    """Return the key of this data folder, which the ledger's own command makes and registers."""
    scopes = [f"--scope={scope}" for scope in SCOPES]
    command = ["treaty-ledger", "keys", "api", "keep", PRINCIPAL, str(file), *scopes]
    log = logs / "api-key.log"
    if (failed := run_to_end(command, environment, log=log)) is not None:
        raise KeyNotKept(failed, log=log)
    return read_key(file)
