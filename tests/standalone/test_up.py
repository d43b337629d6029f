"""`treaty up`: everything in one command, and nothing left behind."""

import json
import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import asyncpg
import httpx
import pytest
from builders import registered
from database import addresses, as_part, fresh_database, make_roles, migrate, running_ledger
from register import event
from standalone.commands import Place, children, place, serving, treaty
from standalone.processes import is_alive, wait_until

from treaty_standalone.places import histories
from treaty_standalone.postgres import start

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it watches processes below /proc")


@pytest.fixture(scope="module")
def demo_place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return place(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="module")
def demo(demo_place: Place) -> subprocess.CompletedProcess[str]:
    done = treaty(*demo_place.arguments, "--once")
    assert done.returncode == 0, done.stderr
    assert demo_place.is_silent()
    return done


def row(output: str, beginning: str) -> str:
    """Return the line of a table that begins so, with its cells one space apart."""
    lines = [" ".join(line.split()) for line in output.splitlines()]
    return next((line for line in lines if line.startswith(beginning)), "")


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """Return what a failed start said, beside that it began."""
    assert done.returncode == 1, done.stderr
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Starting ")]
    assert len(lines) == 1, done.stderr
    return lines[0]


def test_the_dashboard_counts_the_parties_to_open_skies_day_by_day(demo: subprocess.CompletedProcess[str]) -> None:
    assert row(demo.stdout, "2020-11-21") == "2020-11-21 34"
    assert row(demo.stdout, "2020-11-22") == "2020-11-22 33 left: United States of America"
    assert row(demo.stdout, "2021-12-18") == "2021-12-18 32 left: Russian Federation"
    assert re.search(r"\(today\) +32 *$", demo.stdout, re.MULTILINE)


def test_the_dashboard_shows_what_was_pending_in_july_2021(demo: subprocess.CompletedProcess[str]) -> None:
    assert row(demo.stdout, "open-skies Russian Federation").split()[-2:] == ["XV(2)", "170"]
    assert "2021-12-18" in row(demo.stdout, "open-skies Russian Federation")


def test_the_dashboard_ends_with_commands_to_try(demo: subprocess.CompletedProcess[str], demo_place: Place) -> None:
    url = demo_place.urls["TREATY_PROJECTOR_URL"]
    assert f"curl '{url}/v1/treaties/open-skies/members?as_of=2020-11-22'" in demo.stdout


def test_the_key_is_printed_and_kept_from_others(demo: subprocess.CompletedProcess[str], demo_place: Place) -> None:
    file = demo_place.data_dir / "api-key"
    assert file.stat().st_mode & 0o777 == 0o600
    assert f"Authorization: Bearer {file.read_text().strip()}\n" in demo.stdout


@pytest.mark.usefixtures("demo")
def test_a_second_start_finds_everything_and_records_nothing_twice(demo_place: Place) -> None:
    bundled = sum(len(path.read_text().splitlines()) for path in histories())
    key = (demo_place.data_dir / "api-key").read_text()
    with serving(demo_place) as process:
        status = json.loads(treaty("status", "--json", env=demo_place.urls).stdout)
        assert status["ledger"]["size"] == status["projector"]["size"] == bundled
        assert (demo_place.data_dir / "api-key").read_text() == key
        in_use = treaty(*place(demo_place.data_dir).arguments)
        assert "is in use by another running `treaty up`" in one_line(in_use)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert demo_place.is_silent()


@pytest.mark.usefixtures("demo")
def test_a_history_that_a_release_mends_stays_as_it_was_recorded(demo_place: Place, tmp_path: Path) -> None:
    (mended,) = (path for path in histories() if path.name == "inf.jsonl")
    (tmp_path / "inf.jsonl").write_text(mended.read_text().replace('"note":"', '"note":"Mended. ', 1))

    done = treaty(*demo_place.arguments, "--once", env={"TREATY_HISTORIES": str(tmp_path)})

    assert done.returncode == 0, done.stderr
    assert "Recorded by an earlier release with another content, and left so: inf.jsonl:" in done.stderr


async def of_an_earlier_law(place: Place) -> None:
    """Let a data folder look as if an earlier release had folded what is in it."""
    with start(place.data_dir / "postgres") as server:
        owner = await asyncpg.connect(server.url())
        await owner.execute("UPDATE projector.generation SET law = 1, left_at = left_at - interval '1 hour'")
        await owner.close()


@pytest.mark.usefixtures("demo")
async def test_what_an_earlier_release_concluded_otherwise_is_folded_anew(demo_place: Place) -> None:
    for _ in range(2):  # and again by the release after that
        await of_an_earlier_law(demo_place)
        done = treaty(*demo_place.arguments, "--once")
        assert done.returncode == 0, done.stderr
        assert "This release concludes otherwise than the one before: folding everything anew" in done.stderr
        assert row(done.stdout, "2020-11-21") == "2020-11-21 34"


@pytest.mark.usefixtures("demo")
def test_nothing_survives_a_kill_of_the_command(demo_place: Place) -> None:
    with serving(demo_place, "--no-demo") as process:
        started = children(process.pid)
        assert len(started) == 3
        process.kill()
        process.wait()
        wait_until(lambda: not any(map(is_alive, started)))
    assert demo_place.is_silent()


def addresses_told(process: int) -> dict[str, set[str]]:
    """Return the addresses of databases that each child of a process was told, by its variables' names."""
    told = {}
    for child in children(process):
        variables = Path(f"/proc/{child}/environ").read_text().split("\0")
        told[str(child)] = {variable for variable in variables if "DATABASE_URL=" in variable}
    return told


@pytest.mark.usefixtures("demo")
def test_every_service_logs_in_as_itself_and_knows_no_other_password(demo_place: Place) -> None:
    with serving(demo_place, "--no-demo") as process:
        told = addresses_told(process.pid).values()
    names = sorted([variable.split(":")[:2] for variable in variables] for variables in told)
    assert names == [
        [],
        [["TREATY_LEDGER_DATABASE_URL=postgresql", "//treaty_ledger"]],
        [["TREATY_PROJECTOR_DATABASE_URL=postgresql", "//treaty_projector"]],
    ]


async def test_a_service_on_ones_own_database_is_told_no_address_but_its_own(
    postgres: str, template: str, tmp_path: Path
) -> None:
    assert template  # which keeps the logins
    where = place(tmp_path / "data")
    async with fresh_database(postgres) as url:
        assert make_roles(url).returncode == 0
        with serving(where, "--no-demo", env={**addresses(url), "TREATY_ADMIN_DATABASE_URL": url}) as process:
            told = addresses_told(process.pid).values()
    parts = ("ledger", "projector")
    expected = [{f"TREATY_{part.upper()}_DATABASE_URL={as_part(url, part)}"} for part in parts]
    assert sorted(told, key=sorted) == expected


def test_a_data_folder_of_one_user_is_handed_over(tmp_path: Path) -> None:
    """Earlier versions ran everything as the superuser of the embedded PostgreSQL."""
    where = place(tmp_path / "data")
    state = {"TREATY_LEDGER_STATE_DIR": str(where.data_dir / "ledger")}
    with start(where.data_dir / "postgres", fsync=False) as server:
        for section in ("ledger", "projector"):
            assert migrate(server.url(), section).returncode == 0
        own = {**state, "TREATY_LEDGER_DATABASE_URL": server.url()}
        with running_ledger(server.url(), log=tmp_path / "ledger.log", env=own) as ledger:
            fact = event(*registered(), subject="accord")
            assert httpx.post(f"{ledger.base_url}/v1/events", json=fact).status_code == 201
    with serving(where, "--no-demo"):
        asked = f"http://127.0.0.1:{where.projector_port}/v1/treaties/accord?min_size=1"
        assert httpx.get(asked, timeout=30).status_code == 200


@pytest.mark.usefixtures("demo")
def test_a_service_that_ends_ends_all_with_one_line(demo_place: Place) -> None:
    with serving(demo_place, "--no-demo") as process:
        victim = next(
            pid for pid in children(process.pid) if "treaty-projector" in Path(f"/proc/{pid}/cmdline").read_text()
        )
        os.kill(victim, signal.SIGKILL)
        assert process.stderr
        assert process.stderr.read().startswith("treaty: treaty-projector was ended by SIGKILL: ")
        assert process.wait() == 1
    assert demo_place.is_silent()


@pytest.mark.usefixtures("demo")
def test_a_postgresql_that_ends_ends_all_with_one_line(demo_place: Place) -> None:
    with serving(demo_place, "--no-demo") as process:
        server = int((demo_place.data_dir / "postgres/cluster/postmaster.pid").read_text().split("\n")[0])
        os.kill(server, signal.SIGQUIT)
        assert process.stderr
        assert process.stderr.read().splitlines() == ["treaty: PostgreSQL ended while in use."]
        assert process.wait() == 1
    assert demo_place.is_silent()


@pytest.mark.parametrize("option", ["--ledger-port", "--projector-port"])
def test_a_port_in_use_is_one_line_and_starts_nothing(tmp_path: Path, option: str) -> None:
    where = place(tmp_path / "data")
    port = where.ledger_port if option == "--ledger-port" else where.projector_port
    with socket.create_server(("127.0.0.1", port)):
        line = one_line(treaty(*where.arguments))
    assert line == f"treaty: Cannot listen on 127.0.0.1:{port}: Address already in use. Choose another with {option}."
    assert not where.data_dir.exists()


def test_a_folder_that_cannot_be_written_is_one_line() -> None:
    line = one_line(treaty(*place(Path("/sys/nowhere")).arguments))
    assert line.startswith("treaty: Cannot keep data in /sys/nowhere: ")


def test_a_postgresql_that_will_not_start_is_one_line(tmp_path: Path) -> None:
    where = place(tmp_path / "data")
    with start(where.data_dir / "postgres", fsync=False):
        pass
    (where.data_dir / "postgres/cluster/PG_VERSION").write_text("9.6\n")
    line = one_line(treaty(*where.arguments))
    assert line.startswith("treaty: PostgreSQL did not start: database files are incompatible with server")
    assert where.is_silent()


def test_a_database_of_ones_own_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    where = place(tmp_path / "data")
    nowhere = f"postgresql://nobody:none@127.0.0.1:{where.ledger_port}/none"
    line = one_line(treaty(*where.arguments, env={"TREATY_DATABASE_URL": nowhere}))
    assert line.startswith("treaty: The schema of the ledger could not be migrated: ")
    assert "none@" not in line


def test_two_services_need_two_ports(tmp_path: Path) -> None:
    done = treaty("up", "--data-dir", str(tmp_path), "--ledger-port", "20000", "--projector-port", "20000")
    assert done.returncode == 2
    assert "the two services need two ports" in done.stderr
