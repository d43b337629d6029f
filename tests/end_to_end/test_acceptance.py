"""The black-box acceptance cases hold against the running services."""

import subprocess
import sys
from pathlib import Path

import pytest
from database import ROOT
from register import running_register

SHARED = ROOT.parent / "shared" / "acceptance"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the acceptance cases are not part of this repository")
def test_the_acceptance_cases_hold(database_url: str, tmp_path: Path) -> None:
    with running_register(database_url, tmp_path) as register:
        done = subprocess.run(
            [
                sys.executable,
                str(SHARED / "run.py"),
                *("--ledger", register.ledger, "--projector", register.projector),
                str(SHARED / "cases.jsonl"),
            ],
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stdout
