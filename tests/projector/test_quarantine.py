"""What one treaty's entries do to a projector that cannot read or fold them stays with that treaty."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import BIN
from projector.releases import Releases, named, quarantined, releases, staleness, stopped
from register import Register

DAY = "as_of=2020-01-01"


@pytest.fixture(scope="module")
def run(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    with releases(module_database_url, Path(tmp_path_factory.mktemp("quarantine"))) as running:
        yield running


@pytest.fixture(scope="module")
def old(run: Releases, module_database_url: str) -> Iterator[Register]:
    """Run a release that does not know two of the types that are recorded."""
    yesterday = "unknown:withdrawal.notified,unknown:signature.affixed"
    with run.deployed(module_database_url, yesterday=yesterday) as register:
        yield register


def test_a_type_of_the_future_quarantines_its_treaty_and_no_other(old: Register) -> None:
    ill = old.ask(f"/v1/treaties/ill/members?{DAY}")
    assert staleness(ill) == (True, 5)
    assert ill["stale_reason"] == "withdrawal.notified is no type that this release knows"
    assert [member["participant"] for member in named(ill, "members")] == ["FRA"]  # as of position 5
    well = old.ask(f"/v1/treaties/well/members?{DAY}")
    assert (staleness(well), well["known_size"]) == ((False, None), old.size)
    assert old.parties("2020-01-01", treaty="well") == {"FRA"}


def test_what_was_known_before_the_entry_is_not_stale(old: Register) -> None:
    assert staleness(old.ask(f"/v1/treaties/ill/members?{DAY}&known_size=5")) == (False, None)
    assert staleness(old.ask(f"/v1/treaties/ill/members?{DAY}&known_size=6")) == (True, 5)


@pytest.mark.parametrize("path", ["", "/members", "/members/FRA", "/members/FRA/explanation", "/history"])
def test_every_answer_about_one_treaty_says_that_it_is_stale(old: Register, path: str) -> None:
    assert staleness(old.ask(f"/v1/treaties/exit{path}?{DAY}")) == (True, 13)


def test_items_of_lists_say_that_they_are_stale(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, yesterday="unknown:signature.affixed") as register:
        for path, name in (
            ("/v1/treaties", "treaties"),
            ("/v1/pending-exits", "pending_exits"),
            ("/v1/participants/FRA/treaties", "treaties"),
        ):
            told = register.ask(f"{path}?{DAY}")
            assert staleness(told) == (True, 14), path
            items = {item["treaty"]: staleness(item) for item in named(told, name)}
            assert items["exit"] == (True, 14), path
            assert items["ill"] == (False, None), path


def test_a_list_in_which_something_may_be_missing_says_so(old: Register) -> None:
    assert staleness(old.ask("/v1/participants/DEU/treaties?known_size=6")) == (True, 5)
    assert staleness(old.ask("/v1/participants/DEU/treaties?known_size=5")) == (False, None)
    assert staleness(old.ask("/v1/changes?treaty=ill")) == (True, 5)
    assert staleness(old.ask("/v1/changes?treaty=well")) == (False, None)
    assert staleness(old.ask("/v1/anomalies?treaty=exit")) == (True, 13)


def test_quarantined_treaties_are_named_and_counted_and_the_service_stays_ready(old: Register) -> None:
    told = old.ask("/v1/projection")
    assert named(told, "quarantined")[0] == {
        "treaty": "child",
        "since": 5,
        "reason": "it falls with ill, which is quarantined",
    }
    assert (told["quarantined_count"], told["trouble"]) == (5, None)
    ready = old.get("/readyz")
    assert (ready.status_code, len(ready.json()["quarantined"])) == (200, 5)
    assert "treaty_projector_quarantined 5.0" in old.get("/metrics").text


def test_what_falls_with_a_quarantined_treaty_is_quarantined_and_what_it_falls_with_is_only_for_its_own(
    old: Register,
) -> None:
    assert quarantined(old) == {"ill": 5, "child": 5, "late": 7, "exit": 13, "parent": 16}


def test_data_that_do_not_follow_their_model_quarantine_the_treaty(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, yesterday="other:signature.affixed") as register:
        assert quarantined(register) == {"exit": 14}


def test_a_treaty_of_which_nothing_can_be_read_is_not_said_to_be_unknown(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, yesterday="unknown:treaty.registered") as register:
        register.ask("/v1/projection")
        answer = register.get("/v1/treaties/ill")

        assert answer.status_code == 404
        assert "cannot be read by this release" in answer.json()["detail"]


def test_a_defect_quarantines_the_treaty_and_its_trace_stands_in_the_log_alone(
    database_url: str, run: Releases
) -> None:
    with run.deployed(database_url, failpoints="folding:raise:well@10") as register:
        (only,) = named(register.ask("/v1/projection"), "quarantined")

        assert (only["treaty"], only["since"]) == ("well", 10)
        assert only["reason"] == "a defect of the projector: ZeroDivisionError: a failpoint stands for a defect"
        assert register.parties("2010-01-01", treaty="exit") == {"FRA"}
        assert "Traceback" in run.said()


def test_a_schema_version_of_the_future_stops_the_projector_and_nothing_is_skipped(
    database_url: str, run: Releases
) -> None:
    with run.deployed(database_url, yesterday="older:signature.affixed") as register:
        assert "entry 14 is written in schema version 1 of signature.affixed" in stopped(register)
        told = register.get("/v1/projection").json()

        assert (told["size"], told["quarantined"]) == (14, [])
        assert "nothing is skipped" in told["trouble"]


def test_an_unreadable_entry_about_participants_stops_the_projector(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, yesterday="unknown:participant.related") as register:
        assert "entry 15 is about the participants of all treaties" in stopped(register)
        assert register.get("/v1/projection").json()["size"] == 15


def test_many_treaties_that_fail_at_once_stop_the_projector(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, yesterday="unknown:declaration.made", quarantine_most="2") as register:
        assert "entry 22 would quarantine more than 2 treaties" in stopped(register)
        told = register.get("/v1/projection").json()

        assert (told["size"], told["quarantined_count"]) == (22, 2)
    with run.deployed(database_url) as register:
        assert quarantined(register) == {}


def test_an_audit_agrees_with_a_projector_up_to_where_it_folds(run: Releases, old: Register) -> None:
    vkey = old.client.get(f"{run.ledger}/log/vkey").text.split()[0]
    old.ask("/v1/projection")
    command = [str(BIN / "treaty"), "audit", "--answers", "--url", run.ledger, "--projector", old.projector]
    done = subprocess.run([*command, "--vkey", vkey], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "AGREES" in done.stdout + done.stderr
