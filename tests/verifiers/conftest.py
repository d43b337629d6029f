"""Give tests a log that a real ledger served."""

from collections.abc import AsyncIterator

import httpx
import pytest
from database import fresh_database, running_ledger
from verifiers.served import ServedLog, published


@pytest.fixture(scope="session")
async def served(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServedLog]:
    """Give what a ledger published."""
    where = tmp_path_factory.mktemp("served")
    async with fresh_database(postgres, template=template) as url:
        with running_ledger(url, log=where / "ledger.log") as ledger:
            async with httpx.AsyncClient(base_url=ledger.base_url, timeout=60) as client:
                yield await published(client, where)
