"""Give the fuzzing tests a running register with real histories."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from database import ROOT
from register import Register, running_register

HISTORIES = ROOT / "services" / "standalone" / "histories"


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with running_register(module_database_url, Path(tmp_path_factory.mktemp("register"))) as running:
        for name in ("participants", "open-skies", "inf"):
            lines = (HISTORIES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
            assert all("position" in told for told in running.post_lines(map(json.loads, lines)))
        running.ask("/v1/treaties")
        yield running
