"""Give tests both services with little time and little room."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from database import RunningService, running_ledger
from door.wire import Address
from register import running_projector

LIMITS = {"HEAD_SECONDS": "0.5", "BODY_SECONDS": "0.5", "IDLE_SECONDS": "0.5", "UNREAD_SECONDS": "0.5", "CLIENTS": "12"}


@dataclass(frozen=True, slots=True)
class Doors:
    """Hold both services."""

    ledger: RunningService
    projector: RunningService


@pytest.fixture(scope="module")
def doors(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    folder = Path(tmp_path_factory.mktemp("doors"))
    env = {f"TREATY_{service}_{name}": value for name, value in LIMITS.items() for service in ("LEDGER", "PROJECTOR")}
    with (
        running_ledger(module_database_url, log=folder / "ledger.log", env=env) as ledger,
        # It follows nothing: its feed would be one of the ledger's few clients.
        running_projector(
            module_database_url, "http://127.0.0.1:1", log=folder / "projector.log", command="api", env=env
        ) as projector,
    ):
        yield Doors(ledger, projector)


@pytest.fixture(params=["ledger", "projector"])
def service(request: pytest.FixtureRequest, doors: Doors) -> RunningService:
    running: RunningService = getattr(doors, request.param)
    return running


@pytest.fixture
def address(service: RunningService) -> Address:
    return Address.of(service)


@pytest.fixture
def ledger(doors: Doors) -> Address:
    return Address.of(doors.ledger)
