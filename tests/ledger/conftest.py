"""Give tests a running ledger."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from database import RunningService, running_ledger


@pytest.fixture(scope="module")
def ledger(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    log = tmp_path_factory.mktemp("ledger") / "ledger.log"
    with running_ledger(module_database_url, log=log) as service:
        yield service


@pytest.fixture(scope="module")
async def client(ledger: RunningService) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=ledger.base_url, timeout=30) as client:
        yield client
