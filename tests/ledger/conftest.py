"""Give tests a running ledger."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from database import RunningService, fresh_database, running_ledger
from ledger.guarded import Guarded, settings_of
from ledger.issuer import Issuer, running_issuer


@pytest.fixture(scope="session")
async def ledger_database_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


@pytest.fixture(scope="session")
def ledger_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder whose key and guard all processes on the one database share."""
    return tmp_path_factory.mktemp("ledger")


@pytest.fixture(scope="session")
def ledger(ledger_database_url: str, ledger_folder: Path) -> Iterator[RunningService]:
    with running_ledger(ledger_database_url, log=ledger_folder / "ledger.log") as service:
        yield service


@pytest.fixture(scope="session")
async def client(ledger: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
def second_ledger(ledger_database_url: str, ledger_folder: Path) -> Iterator[RunningService]:
    """Run another process on the same database."""
    with running_ledger(ledger_database_url, log=ledger_folder / "second.log") as service:
        yield service


@pytest.fixture(scope="session")
async def second_client(second_ledger: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=second_ledger.base_url, timeout=60) as client:
        yield client


@pytest.fixture(scope="session")
async def narrow_client(ledger_database_url: str, ledger_folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """Run one with room for little: one live stream, one waiting request, one connection to read with."""
    env = {
        "TREATY_LEDGER_HEARTBEAT_SECONDS": "0.05",
        "TREATY_LEDGER_LIVE_STREAMS": "1",
        "TREATY_LEDGER_QUEUED_REQUESTS": "1",
        "TREATY_LEDGER_READ_CONNECTIONS": "1",
        "TREATY_LEDGER_READ_WAIT_SECONDS": "0.2",
    }
    with running_ledger(ledger_database_url, log=ledger_folder / "narrow.log", env=env) as service:
        async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
            yield client


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as running:
        yield running


@pytest.fixture(scope="session")
async def guarded(
    postgres: str, template: str, issuer: Issuer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Guarded]:
    """Run a ledger that wants to know who asks, on a database of its own."""
    log = tmp_path_factory.mktemp("guarded") / "ledger.log"
    async with fresh_database(postgres, template=template) as url:
        with running_ledger(url, log=log, env=settings_of(issuer)) as service:
            yield Guarded(service.base_url, url)
