"""`treaty verify` and `treaty export`: anybody proves a log, from a ledger, a folder or the database."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from standalone.commands import Place, place, serving, treaty


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give services that hold the bundled histories."""
    where = place(tmp_path_factory.mktemp("proved") / "data")
    with serving(where):
        yield where


def test_a_running_ledger_is_proved(running: Place, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    first = treaty("verify", "--seen", str(seen), env=running.urls)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("PROVED: ")
    assert "compare it with what its operator published" in first.stderr
    key = first.stderr.splitlines()[-1]
    assert seen.read_text().startswith("treaty-register.local/")
    again = treaty("verify", "--json", "--seen", str(seen), "--vkey", key, env=running.urls)
    assert again.returncode == 0, again.stderr
    assert again.stderr == ""
    told = json.loads(again.stdout)
    assert (
        f"PROVED: {told['size']} entries of {told['origin']} have the root that was signed, {told['root']}"
        in first.stdout
    )


def test_an_exported_log_is_proved_without_the_ledger(running: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    exported = treaty("export", str(copy), env=running.urls)
    assert exported.returncode == 0, exported.stderr
    assert treaty("verify", str(copy), env={"TREATY_LEDGER_URL": "http://127.0.0.1:1"}).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in copy.rglob("*") if path.parent != copy and path.is_file()}
    assert treaty("export", str(copy), env=running.urls).returncode == 0
    assert before == {path: path.stat().st_mtime_ns for path in before}


def test_an_altered_export_is_refused_and_the_entry_is_named(running: Place, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    assert treaty("export", str(copy), env=running.urls).returncode == 0
    bundle = copy / "tile/entries/001"
    bundle.write_bytes(bundle.read_bytes().replace(b"2", b"3", 1))
    refused = treaty("verify", str(copy))
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith("treaty: NOT PROVED: entry 256: ")
    bundle.unlink()
    refused = treaty("verify", str(copy))
    assert refused.returncode == 1
    assert "holds no whole log: tile/entries/001 cannot be read" in refused.stderr


def test_a_log_signed_with_another_key_than_the_trusted_one_is_refused(running: Place) -> None:
    other = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    refused = treaty("verify", "--vkey", other, env=running.urls)
    assert refused.returncode == 1
    assert "NOT PROVED: no key that is trusted has signed the note" in refused.stderr
    refused = treaty("verify", "--vkey", "no key", env=running.urls)
    assert refused.returncode == 1
    assert "No verifying key" in refused.stderr


def test_the_database_is_proved_while_the_ledger_runs(running: Place) -> None:
    proved = treaty("verify", "--full", "--data-dir", str(running.data_dir))
    assert proved.returncode == 0, proved.stderr
    assert proved.stdout.startswith("PROVED: ")
    assert " stored events in " in proved.stdout


def test_a_folder_without_a_database_is_said(tmp_path: Path) -> None:
    refused = treaty("verify", "--full", "--data-dir", str(tmp_path))
    assert refused.returncode == 1
    assert "There is no database in" in refused.stderr


def test_the_database_is_proved_when_nothing_runs(tmp_path: Path) -> None:
    where = place(tmp_path / "data")
    with serving(where, "--no-demo"):
        pass
    proved = treaty("verify", "--full", "--data-dir", str(where.data_dir), "--json")
    assert proved.returncode == 0, proved.stderr
    assert json.loads(proved.stdout) == {"size": 0, "streams": 0, "checkpoints": 1}
    assert where.is_silent()
