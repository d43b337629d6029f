"""Give the projector's tests a running register."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from register import Register, running_register


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    """Run both services for the tests of one module; each test takes a treaty of its own."""
    with running_register(module_database_url, Path(tmp_path_factory.mktemp("register"))) as running:
        yield running
