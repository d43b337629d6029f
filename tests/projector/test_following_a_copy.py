"""A projector proves what it serves, whether it follows a ledger, a copy on a web server or a folder, and says so."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from builders import deposited, registered
from contracts.written_logs import written_log
from database import free_port, fresh_database
from projector.published import facts, leaves, projection, publish
from register import Register, running_projector, running_register
from standalone.commands import treaty
from standalone.processes import wait_until

from treaty_contracts.tlog.checkpoints import parse_checkpoint


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder as any web server would."""
    port = free_port()
    command = [sys.executable, "-m", "http.server", "-b", "127.0.0.1", "-d", str(folder), str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until(lambda: is_up(url))
        yield url
    finally:
        process.terminate()
        process.wait()


def is_up(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False


def has_stopped(url: str) -> bool:
    return httpx.get(f"{url}/readyz").status_code == 503


async def test_a_ledger_its_copy_and_a_web_server_with_the_copy_give_the_same_projection(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    with running_register(database_url, tmp_path) as register:
        register.post_lines(facts(300))
        live = projection(register.projector, size=300)
        note = register.client.get(f"{register.ledger}/log/checkpoint").text
        assert treaty("export", str(tmp_path / "copy"), env={"TREATY_LEDGER_URL": register.ledger}).returncode == 0
    assert live["checkpoint"] == note
    signed = parse_checkpoint(note)
    assert (live["size"], live["problem"], live["trouble"]) == (signed.size, None, None)
    same = ("size", "root", "digest", "checkpoint")
    with served(tmp_path / "copy") as url:
        for number, address in enumerate((str(tmp_path / "copy"), (tmp_path / "copy").as_uri(), url)):
            async with fresh_database(postgres, template=template) as other:
                with running_projector(other, address, log=tmp_path / f"{number}.log") as projector:
                    told = projection(projector.base_url, size=300)
            assert [told[name] for name in same] == [live[name] for name in same]


def test_a_fork_is_told_by_every_process_while_the_proven_part_is_served(database_url: str, tmp_path: Path) -> None:
    log, folder = leaves(facts(60)), tmp_path / "log"
    publish(folder, log[:55])
    quick = {"TREATY_PROJECTOR_POLL_SECONDS": "0.05"}
    with (
        running_projector(
            database_url, str(folder), log=tmp_path / "worker.log", command="worker", env=quick
        ) as worker,
        running_projector(database_url, str(folder), log=tmp_path / "api.log", command="api") as api,
        httpx.Client(timeout=30) as client,
    ):
        asked = Register("", api.base_url, client, size=55)
        before = asked.parties("2002-01-01", treaty="published-0")
        assert len(before) == 40
        publish(folder, leaves(facts(60), by="somebody else"))
        for process in (worker, api):
            wait_until(partial(has_stopped, process.base_url))
            told = httpx.get(f"{process.base_url}/readyz").json()
            assert told["type"] == "/problems/log-inconsistent"
            assert "checkpoint of 60 entries does not extend the 55 that were proven" in told["detail"]
        state = projection(api.base_url)
        assert (state["size"], state["problem"]) == (55, "log-inconsistent")
        assert str(state["trouble"]) in told["detail"]
        assert asked.parties("2002-01-01", treaty="published-0") == before

        publish(folder, log)
        assert projection(api.base_url, size=60)["problem"] is None
        assert httpx.get(f"{api.base_url}/readyz").status_code == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_key", "no key"),
        ("log_key", "example.org/log+00000000+AQ=="),
        ("ledger_url", "http://ledger:80o1"),
        ("ledger_url", "http://[bad"),
        ("ledger_url", "http://"),
        ("ledger_key", "clé"),
    ],
)
def test_a_setting_that_leads_nowhere_is_refused_at_the_start(name: str, value: str, tmp_path: Path) -> None:
    log, settings = tmp_path / "projector.log", {f"TREATY_PROJECTOR_{name.upper()}": value}
    with (
        pytest.raises(AssertionError, match="it ended with 1"),
        running_projector("postgresql://127.0.0.1:1/none", str(tmp_path), log=log, env=settings),
    ):
        pass
    assert log.read_text().startswith(f"treaty-projector: a setting is not understood ({name}:")
    assert log.read_text().count("\n") == 1


def test_what_is_recorded_is_answered_once_it_is_signed(register: Register) -> None:
    for number in range(20):
        register.post(registered(), deposited("FRA", "2001-01-01"), subject=f"fresh-{number}")
        state = register.ask("/v1/projection")
        note = state["checkpoint"]
        assert isinstance(note, str)
        assert parse_checkpoint(note).size == state["size"] == register.size
        assert register.parties("2002-01-01", treaty=f"fresh-{number}") == {"FRA"}


def test_a_copy_says_nothing_of_what_is_beyond_it(database_url: str, tmp_path: Path) -> None:
    publish(tmp_path / "log", written_log(leaves(facts(10))))
    with running_projector(database_url, str(tmp_path / "log"), log=tmp_path / "projector.log") as projector:
        assert projection(projector.base_url, size=10)["lag"] == 0
        beyond = httpx.get(f"{projector.base_url}/v1/projection", params={"min_size": 11})
        assert beyond.json()["type"] == "/problems/projection-behind"
