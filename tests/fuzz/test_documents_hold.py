"""What the OpenAPI documents say is what the services do, whatever they are asked."""

import os
import subprocess
from pathlib import Path

import pytest
from database import ROOT
from hypothesis import settings
from programs import BIN
from register import Register

HERE = Path(__file__).parent
CHECKS = (
    "no_fault_of_ours",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
    "allow_header_conformance",
)


@pytest.mark.property
@pytest.mark.parametrize("service", ["ledger", "projector"])
def test_a_service_keeps_to_its_document(register: Register, service: str, tmp_path: Path) -> None:
    profile = settings.get_current_profile_name()
    many = settings.get_profile(profile)
    command = [
        str(BIN / "schemathesis"),
        f"--config-file={HERE / 'schemathesis.toml'}",
        "run",
        f"{getattr(register, service)}/openapi.json",
        f"--checks={','.join(CHECKS)}",
        "--phases=examples,coverage,fuzzing",
        f"--max-examples={many.max_examples // 15}",
        "--exclude-path-regex=^/v1/(events|changes|checkpoints)/live$",  # they never end; each has tests of its own
        "--continue-on-failure",
        "--workers=4",  # some answers are waited for
        "--no-color",
        "--warnings=off",
        *(["--generation-deterministic"] if many.derandomize else []),
    ]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
