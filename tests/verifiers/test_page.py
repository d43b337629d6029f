"""The lines of Python on the page about verifying do what it says."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from database import ROOT
from verifiers.published import NEXT_VERIFIER
from verifiers.served import PLACES, ServedLog

Check = Callable[[str, Path, Path], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """Give the program on the page, run as it says."""
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs/verifying.md").read_text(), re.DOTALL)
    file = tmp_path_factory.mktemp("page") / "check.py"
    file.write_text(program)

    def run(vkey: str, event: Path, proof: Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(file), vkey, str(event), str(proof)]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    return run


@pytest.fixture
def vkey(served: ServedLog) -> str:
    return served.vkeys.read_text().strip()


@pytest.mark.parametrize("position", PLACES)
def test_an_event_is_proved(check: Check, served: ServedLog, vkey: str, position: int) -> None:
    done = check(vkey, served.beside(position, "event"), served.beside(position, "tlog-proof"))
    assert done.stdout.startswith("PROVED: "), done.stderr
    assert done.stdout.endswith(f" at index {position}, of {served.size}\n")


def test_another_event_is_not_proved(check: Check, served: ServedLog, vkey: str) -> None:
    done = check(vkey, served.beside(255, "event"), served.beside(256, "tlog-proof"))
    assert (done.returncode, done.stderr) == (1, "NOT PROVED\n")


def test_a_checkpoint_of_another_size_is_not_taken_as_signed(
    check: Check, served: ServedLog, vkey: str, tmp_path: Path
) -> None:
    altered = tmp_path / "proof"
    text = served.beside(255, "tlog-proof").read_text()
    altered.write_text(text.replace(f"\n{served.size}\n", f"\n{served.size + 1}\n"))
    done = check(vkey, served.beside(255, "event"), altered)
    assert (done.returncode, "InvalidSignature" in done.stderr) == (1, True)


def test_another_key_than_the_signing_one_proves_nothing(check: Check, served: ServedLog) -> None:
    assert check(NEXT_VERIFIER.vkey, served.beside(0, "event"), served.beside(0, "tlog-proof")).returncode == 1
