"""Check that nothing generated drifts and nothing golden is edited."""

import shutil
import sys
from pathlib import Path

import pytest
from contracts.facts import CONTRACTS

from treaty_contracts.generate import FROZEN, check, check_examples, main, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a complete folder of contract files, free to be spoiled."""
    shutil.copytree(CONTRACTS / "examples", tmp_path / "examples")
    assert write(tmp_path) == []
    return tmp_path


def test_what_is_committed_is_what_the_code_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["generate", "--check"])
    assert (main(), capsys.readouterr().err) == (0, "")


def test_writing_again_changes_nothing(folder: Path) -> None:
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert write(folder) == []
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_everything_is_written_into_an_empty_folder_but_the_examples(tmp_path: Path) -> None:
    complaints = write(tmp_path)
    assert len(complaints) == 42
    assert all("every type has a golden example" in complaint for complaint in complaints)
    assert check(tmp_path) == complaints


def test_an_edited_schema_is_drift_until_it_is_written_again(folder: Path) -> None:
    schema = folder / "schemas/withdrawal.notified/1.json"
    schema.write_text("{}")
    assert check(folder) == [f"{schema}: differs from the code: run make contract"]
    write(folder)
    assert check(folder) == []


def test_a_missing_document_is_drift(folder: Path) -> None:
    (folder / "openapi/ledger.json").unlink()
    assert check(folder) == [f"{folder}/openapi/ledger.json: differs from the code: run make contract"]


def test_a_schema_nobody_generates_is_removed(folder: Path) -> None:
    stale = folder / "schemas/treaty.left/1.json"
    stale.parent.mkdir()
    stale.write_text("{}")
    assert check(folder) == [f"{stale}: no longer generated: run make contract"]
    write(folder)
    assert not stale.exists()


def test_an_edited_example_is_refused_and_stays_refused(folder: Path) -> None:
    path = folder / "examples/withdrawal.notified.v1.json"
    path.write_text(path.read_text().replace("2020-05-22", "2020-05-21"))
    complaint = "withdrawal.notified.v1.json: golden examples are never edited: add one for a new version"
    assert check_examples(folder) == [complaint]
    assert write(folder) == [complaint]


def test_a_removed_example_is_missed(folder: Path) -> None:
    (folder / "examples/withdrawal.notified.v1.json").unlink()
    assert check_examples(folder) == [
        "withdrawal.notified.v1.json: golden examples are never removed",
        "withdrawal.notified.v1.json: every type has a golden example: write it",
    ]


def test_a_new_example_is_frozen_when_written(folder: Path) -> None:
    new = folder / "examples/withdrawal.notified.v2.json"
    shutil.copy(folder / "examples/withdrawal.notified.v1.json", new)
    assert check_examples(folder) == [f"withdrawal.notified.v2.json: not listed in {FROZEN}: run make contract"]
    assert write(folder) == []
    assert "withdrawal.notified.v2.json" in (folder / FROZEN).read_text()


def test_an_example_is_accepted_under_its_own_name(folder: Path) -> None:
    frozen = folder / FROZEN
    frozen.unlink()
    (folder / "examples/treaty.extended.v1.json").write_text("{}")
    shutil.copy(folder / "examples/withdrawal.notified.v1.json", folder / "examples/withdrawal.revoked.v1.json")
    complaints = write(folder)
    assert complaints[0].startswith("treaty.extended.v1.json: /specversion: add this field")
    assert complaints[1:] == ["withdrawal.revoked.v1.json: holds a withdrawal.notified"]
