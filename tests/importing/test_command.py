"""`treaty import` over HTTP: everything is accounted for, twice is once, and a break is no loss."""

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from subprocess import PIPE, Popen

import httpx
import pytest
from database import free_port, running_ledger
from importing.runs import Done, run_import
from importing.tables import action, treaty, write_tables
from register import Register, running_register
from standalone import commands
from standalone.processes import wait_until

ROWS = [
    action("FRA", "signature", "1992-05-17"),
    action("FRA", "ratification", "1993-05-17"),
    action("FRA", "entry_into_force", "1993-06-17"),
    action("FRA", "withdrawal_notice", "2001-02-01"),
    action("FRA", "withdrawal_effective", "2002-02-01"),
    action("CHE", "accession", "1994-05-17"),
    action("CHE", "entry_into_force", "1994-03-17"),
    action("", "accession", "1994-05-17", participant_name="Kosovo"),
    action("", "accession", "1994-05-17", participant_name="Atlantis"),
    action("HRV", "succession", "1993-04-23"),
    action("HRV", "entry_into_force", "1991-10-08"),
]
MAPPING = """
[[participants]]
code = "XKX"
kind = "state"
name = "Kosovo"
"""


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with running_register(module_database_url, tmp_path_factory.mktemp("register")) as both:
        yield both


@pytest.fixture(scope="module")
def imported(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("first")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    files = write_tables(folder, ROWS, [treaty()], compressed=True)
    return run_import(files, register.ledger, register.projector, "--mapping", str(folder / "mapping.toml"))


def test_every_row_is_accounted_for(imported: Done) -> None:
    assert imported.code == 0
    assert imported.error == ""
    assert imported.counts("participants") == {"read": 1, "posted": 1}
    assert imported.counts("treaties") == {"read": 1, "posted": 1}
    assert imported.counts() == {"read": 11, "posted": 6, "joined": 4, "rejected": 1}
    assert imported.report["rejected"] == [
        {
            "table": "actions",
            "row": 10,
            "says": "lake Atlantis accession 1994-05-17",
            "reason": "the participant is not known",
            "detail": "Atlantis",
        }
    ]
    assert imported.report["unknown_participants"] == [{"code": "", "name": "Atlantis", "rows": 1}]


def test_what_the_table_tells_is_what_the_register_answers(imported: Done, register: Register) -> None:
    assert imported.code == 0
    assert register.parties("1992-01-01", treaty="lake") == {"HRV"}
    assert register.parties("1993-06-17", treaty="lake") == {"HRV", "FRA"}
    assert register.parties("1994-05-17", treaty="lake") == {"HRV", "FRA", "CHE"}
    assert register.parties("2002-02-01", treaty="lake") == {"HRV", "CHE"}
    contracting = register.ask("/v1/treaties/lake/members?consent=contracting")["counts"]
    assert isinstance(contracting, dict)
    assert contracting["contracting"] == 1


def test_the_report_names_the_anomalies_of_what_was_imported(imported: Done) -> None:
    anomalies = imported.report["anomalies"]
    assert isinstance(anomalies, dict)
    reasons = anomalies["by_reason"]
    assert isinstance(reasons, dict)
    (reason, found), *others = reasons.items()
    assert others == []
    assert reason == "effect_before_receipt"
    assert isinstance(found, dict)
    assert found["count"] == 1


def test_a_second_import_in_another_order_records_nothing(imported: Done, register: Register, tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    files = write_tables(tmp_path, reversed(ROWS))
    before = register.ask("/v1/projection")
    again = run_import(files, register.ledger, register.projector, "--mapping", str(tmp_path / "mapping.toml"))
    assert again.counts() == {"read": 11, "already_there": 6, "joined": 4, "rejected": 1}
    assert again.counts("treaties") == {"read": 1, "already_there": 1}
    assert again.report["anomalies"] == imported.report["anomalies"]
    after = register.ask("/v1/projection")
    assert (after["size"], after["digest"]) == (before["size"], before["digest"])


@pytest.mark.usefixtures("imported")
def test_what_the_ledger_refuses_is_listed_in_its_words(register: Register, tmp_path: Path) -> None:
    rows = [action("FRA", "signature", "1999-05-17"), action("FRA", "signature", "1999-05-17", treaty="nowhere")]
    files = write_tables(tmp_path, rows, [treaty(title="Another title")])
    done = run_import(files, register.ledger, register.projector)
    assert done.code == 0
    assert done.counts("treaties") == {"read": 1, "rejected": 1}
    assert done.counts() == {"read": 2, "posted": 1, "rejected": 1}
    assert done.report["by_reason"] == {
        "the ledger says: The treaty is already registered": 1,
        "the ledger says: The treaty is not registered": 1,
    }


def test_an_import_of_which_nothing_can_be_recorded_has_failed(register: Register, tmp_path: Path) -> None:
    files = write_tables(tmp_path, [action("FRA", "dance", "1999-05-17")], [])
    done = run_import(files, register.ledger, register.projector)
    assert done.code == 1
    assert done.counts() == {"read": 1, "rejected": 1}


def test_without_a_projector_the_import_is_done_and_the_anomalies_are_not_known(
    register: Register, tmp_path: Path
) -> None:
    files = write_tables(tmp_path, [], [treaty("silent")])
    done = run_import(files, register.ledger, f"http://127.0.0.1:{free_port()}")
    assert done.code == 0
    assert done.counts("treaties") == {"read": 1, "posted": 1}
    assert done.report["anomalies"] is None
    assert "does not answer" in str(done.report["trouble"])


def test_without_a_ledger_the_command_says_so_in_one_line(tmp_path: Path) -> None:
    silent = f"http://127.0.0.1:{free_port()}"
    done = run_import(write_tables(tmp_path, ROWS), silent, silent)
    assert done.code == 3
    assert done.error.count("\n") == 1
    assert done.error.startswith(f"treaty: The ledger at {silent} does not answer")
    assert "0 events are recorded; run the same command again to go on." in done.error


def test_a_table_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    files = write_tables(tmp_path, ROWS)
    files[0].write_text("who,what\nFRA,signature\n", encoding="utf-8")
    done = run_import(files, "http://127.0.0.1:1", "http://127.0.0.1:1")
    assert done.code == 1
    assert done.error == (
        f"treaty: The table {files[0]} cannot be read: it has no column treaty, action, date; it has who, what.\n"
    )


def test_an_import_goes_on_where_a_dying_ledger_broke_it_off(database_url: str, tmp_path: Path) -> None:
    days = [
        f"{year}-{month:02}-{day:02}" for year, month, day in product(range(1900, 1916), range(1, 13), range(2, 29))
    ]
    files = write_tables(tmp_path, [action("FRA", "signature", day) for day in days])
    silent = f"http://127.0.0.1:{free_port()}"
    with running_ledger(database_url, log=tmp_path / "first.log") as ledger:
        command = [
            commands.TREATY,
            "import",
            str(files[0]),
            "--treaties",
            str(files[1]),
            "--ledger-url",
            ledger.base_url,
        ]
        with Popen(command, stdout=PIPE, stderr=PIPE, text=True) as broken:
            wait_until(lambda: size(ledger.base_url) > 500)
            ledger.kill()
            output, error = broken.communicate()
        assert (broken.returncode, output) == (3, "")
        assert error.count("\n") == 1
        assert "run the same command again to go on" in error
    with running_ledger(database_url, log=tmp_path / "second.log") as ledger:
        recorded = size(ledger.base_url)
        done = run_import(files, ledger.base_url, silent)
        assert done.code == 0
        assert done.counts() == {
            "read": len(days),
            "already_there": recorded - 1,
            "posted": len(days) - recorded + 1,
        }
        assert size(ledger.base_url) == len(days) + 1


def size(ledger: str) -> int:
    """Return how many events a ledger holds."""
    answer = httpx.get(f"{ledger}/v1/events", params={"limit": 1}).json()["size"]
    assert isinstance(answer, int)
    return answer
