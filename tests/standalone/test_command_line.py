"""The commands that post and ask, against services that run."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from database import free_port
from standalone.commands import Place, place, serving, treaty
from standalone.processes import wait_until
from typer.testing import CliRunner

from treaty_standalone.api_keys import find_api_key
from treaty_standalone.cli import commands

SOURCE = "urn:test:command-line"
COMMANDS = ("up", "post", "members", "pending", "history", "status", "verify", "export")


def event(name: str, type_: str, **data: object) -> dict[str, object]:
    return {"specversion": "1.0", "id": name, "source": SOURCE, "type": type_, "subject": "accord", "data": data}


REGISTERED = event(
    "registered",
    "treaty.registered",
    title="The [bold] Accord",
    kind="multilateral",
    adopted_on="1998-05-01",
    depositaries=["CHE"],
    subjects=[],
    identifiers={},
    clauses={
        "entry_into_force": {"rule": "on_date", "date": "2000-01-01"},
        "withdrawal": {"article": "9", "notice": {"rule": "period", "period": "P6M"}},
    },
)
DEPOSITED = [
    event(
        f"{code}-deposit", "instrument.deposited", participant=code, instrument="ratification", received_on="1999-01-01"
    )
    for code in ("AUT", "CHE", "FRA", "NOR")
]
NOTICE = event("FRA-notice", "withdrawal.notified", participant="FRA", received_on="2020-01-31")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Give services that hold a small treaty, posted by the command itself."""
    where = place(tmp_path_factory.mktemp("running") / "data")
    with serving(where, "--no-demo"):
        events = [REGISTERED, *DEPOSITED, NOTICE]
        posted = treaty("post", "-", stdin=json.dumps(events, indent=1).encode(), env=where.urls)
        assert (posted.returncode, posted.stdout, posted.stderr) == (0, "6 recorded, 0 rejected\n", "")
        wait_until(lambda: sizes(where) == (6, 6))
        yield where


def sizes(where: Place) -> tuple[int, int]:
    status = json.loads(treaty("status", "--json", env=where.urls).stdout)
    return status["ledger"]["size"], status["projector"]["size"]


def words(output: str) -> list[str]:
    return [" ".join(line.split()) for line in output.splitlines()]


def test_members_shows_who_was_bound_on_a_day_and_who_is_about_to_leave(running: Place) -> None:
    shown = treaty("members", "accord", "--as-of", "2020-02-01", env=running.urls)
    assert shown.returncode == 0, shown.stderr
    lines = words(shown.stdout)
    assert "FRA France party 2000-01-01 2020-07-31 notified, effective 2020-07-31, 181 days left" in lines
    assert "NOR Norway party 2000-01-01 - -" in lines


def test_members_as_json_is_the_answer_itself(running: Place) -> None:
    asked = ("members", "accord", "--as-of", "2020-07-31", "--consent", "former", "--json")
    answer = json.loads(treaty(*asked, env=running.urls).stdout)
    assert [member["participant"] for member in answer["members"]] == ["FRA"]
    assert answer["as_of"] == "2020-07-31"


def test_members_as_known_earlier_knows_of_no_notice(running: Place) -> None:
    asked = ("members", "accord", "--as-of", "2020-08-01", "--known-size", "5", "--json")
    answer = json.loads(treaty(*asked, env=running.urls).stdout)
    assert answer["counts"]["party"] == 4
    assert answer["known_size"] == 5


def test_pending_lists_what_has_not_taken_effect(running: Place) -> None:
    shown = treaty("pending", "accord", "--as-of", "2020-07-30", env=running.urls)
    assert "accord France 2020-01-31 2020-07-31 9 1" in words(shown.stdout)
    after = json.loads(treaty("pending", "--as-of", "2020-07-31", "--json", env=running.urls).stdout)
    assert after["pending_exits"] == []


def test_history_tells_what_happened_in_legal_order(running: Place) -> None:
    answer = json.loads(treaty("history", "accord", "--json", env=running.urls).stdout)
    days = [happening["on"] for happening in answer["history"]]
    assert days == sorted(days)
    shown = treaty("history", "accord", env=running.urls)
    assert any(line.startswith("2020-01-31 5 ") for line in words(shown.stdout))


def test_status_says_how_far_both_have_come(running: Place) -> None:
    shown = treaty("status", env=running.urls)
    assert shown.returncode == 0
    assert f"ledger {running.urls['TREATY_LEDGER_URL']}" in "\n".join(words(shown.stdout))


def test_a_rejected_line_is_named_with_the_reason_and_stops_nothing(running: Place, tmp_path: Path) -> None:
    bad = event("bad", "withdrawal.notified", participant="AUT", received_on="2020-02-30")
    strange = event("strange", "withdrawal.imagined", participant="AUT")
    file = tmp_path / "events.jsonl"
    file.write_text("\n".join(["", json.dumps(bad), "nonsense", json.dumps(NOTICE), json.dumps(strange)]))
    posted = treaty("post", str(file), env=running.urls)
    assert posted.returncode == 1
    assert posted.stdout == "1 recorded, 3 rejected\n"
    first, second, third = posted.stderr.splitlines()
    assert first.startswith("line 2: The event does not follow its schema — /data/received_on: ")
    assert second.startswith("line 3: The body is not acceptable JSON — ")
    assert third.startswith("line 5: The event's type is not in the catalogue — ")


def test_a_file_may_be_posted_twice(running: Place) -> None:
    posted = treaty("post", "-", stdin=json.dumps(REGISTERED, indent=2).encode(), env=running.urls)
    assert (posted.returncode, posted.stdout) == (0, "1 recorded, 0 rejected\n")


def test_post_as_json_gives_the_answer_to_each_line(running: Place) -> None:
    stdin = (json.dumps(REGISTERED) + "\n\n" + json.dumps({**NOTICE, "id": "FRA-other", "data": {}})).encode()
    posted = treaty("post", "-", "--json", stdin=stdin, env=running.urls)
    first, second = map(json.loads, posted.stdout.splitlines())
    assert (first["line"], first["position"]) == (1, 0)
    assert (second["line"], second["problem"]["status"]) == (3, 422)
    assert posted.returncode == 1


def test_a_long_file_keeps_its_line_numbers(running: Place) -> None:
    lines = [json.dumps(REGISTERED)] * 1_200 + ["nonsense"]
    posted = treaty("post", "-", stdin="\n".join(lines).encode(), env=running.urls)
    assert posted.stdout == "1200 recorded, 1 rejected\n"
    assert posted.stderr.startswith("line 1201: ")


def test_what_is_refused_is_one_line_and_code_1(running: Place) -> None:
    for asked in (["members", "nowhere"], ["members", "a/../b"], ["history", "nowhere"]):
        refused = treaty(*asked, env=running.urls)
        assert refused.returncode == 1, refused
        assert refused.stdout == ""
        assert len(refused.stderr.splitlines()) == 1
        assert refused.stderr.startswith("treaty: There is nothing here — ")


def test_who_has_no_key_records_nothing(running: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    urls = {name: url for name, url in running.urls.items() if name.endswith("_URL")}
    refused = treaty("post", "-", stdin=json.dumps(REGISTERED).encode(), env=urls)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("treaty: The request names no known principal — ")
    key = (running.data_dir / "api-key").read_text()
    assert (
        treaty("post", "-", stdin=json.dumps(REGISTERED).encode(), env={**urls, "TREATY_API_KEY": key}).returncode == 0
    )


def test_a_key_file_that_is_not_there_is_one_line(running: Place) -> None:
    refused = treaty("post", "-", "--api-key-file", "/nowhere/key", env=running.urls)
    assert refused.returncode == 1
    assert refused.stderr == "treaty: Cannot read the API key in /nowhere/key: No such file or directory.\n"


def test_the_key_of_this_folder_goes_to_no_other_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("TREATY_API_KEY", raising=False)
    key = tmp_path / ".data" / "api-key"
    key.parent.mkdir()
    key.write_text("trk_here\n")
    for mine in ("http://127.0.0.1:8001", "http://localhost:9000/", "http://[::1]:8001"):
        assert find_api_key(mine, None) == "trk_here"
    for other in ("http://ledger.example.org", "http://10.0.0.1:8001", "http://127.0.0.1.example.org"):
        assert find_api_key(other, None) is None
        assert find_api_key(other, key) == "trk_here"


def test_a_broken_array_is_one_line_and_code_1(running: Place) -> None:
    refused = treaty("post", "-", stdin=b"[{},\n{]", env=running.urls)
    assert refused.returncode == 1
    assert refused.stderr.startswith("treaty: - is not JSON: ")


@pytest.mark.parametrize("asked", [["members", "accord"], ["pending"], ["history", "accord"], ["post", "-"]])
def test_a_service_that_does_not_answer_is_one_line_and_code_3(asked: list[str]) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    silent = treaty(*asked, stdin=b"{}", env={"TREATY_LEDGER_URL": url, "TREATY_PROJECTOR_URL": url})
    assert silent.returncode == 3
    (line,) = silent.stderr.splitlines()
    assert f"at {url} does not answer (Connection refused)" in line


def test_status_of_silent_services_says_so_with_code_3() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    silent = treaty("status", "--json", env={"TREATY_LEDGER_URL": url, "TREATY_PROJECTOR_URL": url})
    assert silent.returncode == 3
    assert json.loads(silent.stdout)["projector"]["trouble"] == "does not answer (Connection refused)"


@pytest.mark.parametrize(
    "asked",
    [
        ["members"],
        ["members", "accord", "--as-of", "2020-02-30"],
        ["post", "/nowhere/at.all"],
        ["pending", "--consent"],
    ],
)
def test_wrong_usage_is_code_2(asked: list[str]) -> None:
    assert CliRunner().invoke(commands, asked).exit_code == 2


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_teaches_by_an_example(command: str) -> None:
    shown = CliRunner().invoke(commands, [command, "--help"])
    assert shown.exit_code == 0
    assert f"Example: treaty {command}" in shown.stdout
