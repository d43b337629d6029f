"""Give tests a real PostgreSQL and real running services."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from database import (
    RunningService,
    create_template,
    drop_database,
    fresh_database,
    logins,
    running_ledger,
    running_postgres,
)
from hypothesis import HealthCheck, Phase, settings

_NO_AUTHORITIES = TemporaryDirectory(prefix="treaty-tests-")
os.environ.pop("SSL_CERT_FILE", None)
os.environ["SSL_CERT_DIR"] = _NO_AUTHORITIES.name
"""Reading the authorities of the system takes a new HTTP client forty times as long as all else, and is for nothing."""

settings.register_profile(
    "tests", deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("nightly", settings.get_profile("tests"), derandomize=False, max_examples=3_000)
settings.register_profile(
    "mutants",
    settings.get_profile("tests"),
    max_examples=12,
    phases=(Phase.explicit, Phase.generate),
    database=None,
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tests"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run what is quick first where one failure is enough: a mutant is tried against examples, then properties.

    Else run files of few tests first: each of those takes long, and whoever began one last would be waited for.
    """
    if settings.get_current_profile_name() == "mutants":
        items.sort(key=lambda item: item.get_closest_marker("property") is not None)
    else:
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: tests[item.path])


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with TemporaryDirectory(prefix="treaty-tests-") as folder, running_postgres(Path(folder)) as url:
        yield url


@pytest.fixture(scope="session")
async def template(postgres: str) -> AsyncIterator[str]:
    async with logins(postgres):
        name = await create_template(postgres)
        yield name
        await drop_database(postgres, name)


@pytest.fixture
async def database_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


@pytest.fixture(scope="module")
async def module_database_url(postgres: str, template: str) -> AsyncIterator[str]:
    async with fresh_database(postgres, template=template) as url:
        yield url


@pytest.fixture
def start_ledger(tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    """Start ledgers that end with the test: `start_ledger(database_url, env={...})`."""
    with ExitStack() as stack:

        def begin(database_url: str, **env: str) -> RunningService:
            log = tmp_path / "ledger.log"
            return stack.enter_context(running_ledger(database_url, log=log, env=env))

        yield begin
