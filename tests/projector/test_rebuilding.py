"""A read model is rebuilt beside the one that answers, from the first entry, and says the same."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import asyncpg
import pytest
from builders import SIMPLE_CLAUSES, deposited, notified, registered, succeeded
from database import fresh_database
from projector.rebuilds import caught_up, command, rebuild, run, tell_many
from register import Register, running_projector, running_register

from treaty_contracts.canonical import JSON


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    """Run both services for one test: generations are of the whole database."""
    with running_register(database_url, tmp_path) as running:
        yield running


async def test_while_posts_and_questions_go_on_nobody_notices_a_rebuild_and_the_switch_to_it(
    database_url: str, register: Register
) -> None:
    tell_many(register, [f"many-{number}" for number in range(40)])
    caught_up(register)
    over, failed, asked = Event(), list[str](), list[int]()

    def ask() -> None:
        while not over.is_set():
            answer = register.get("/v1/treaties/many-1/members?as_of=2015-01-01")
            if answer.status_code != 200 or len(answer.json()["members"]) != 4:
                failed.append(answer.text)
            asked.append(answer.json().get("known_size", -1))

    asking = Thread(target=ask)
    asking.start()
    rebuilding = command(database_url, register, "rebuild", "--switch", "--processes", "2")
    posted = 0
    while rebuilding.poll() is None:
        register.post(registered(), deposited("FRA", "2001-01-01"), subject=f"meanwhile-{posted}")
        posted += 1
    over.set()
    asking.join()
    said = "".join(rebuilding.communicate())

    assert rebuilding.returncode == 0, said
    assert failed == []
    assert asked == sorted(asked)
    assert caught_up(register)["generation"] == 2
    assert len(register.parties("2002-01-01", treaty=f"meanwhile-{posted - 1}")) == 1


HOLD = """
CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END';
CREATE TRIGGER hold BEFORE INSERT ON projector_green.standing FOR EACH ROW EXECUTE FUNCTION hold();
"""
IS_HELD = "SELECT EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted)"


async def held_while_filling(
    owner: "asyncpg.Connection[asyncpg.Record]", database_url: str, register: Register, *, processes: int
) -> subprocess.Popen[str]:
    """Start a rebuild, and return it once it waits within the filling, until `owner` unlocks or leaves."""
    await owner.execute(HOLD)
    await owner.execute("SELECT pg_advisory_lock(1)")
    rebuilding = command(database_url, register, "rebuild", "--processes", str(processes))
    while not await owner.fetchval(IS_HELD):
        assert rebuilding.poll() is None, rebuilding.communicate()
    return rebuilding


async def test_a_rebuild_that_is_killed_leaves_what_answers_alone_and_the_next_one_starts_clean(
    database_url: str, register: Register
) -> None:
    tell_many(register, ["many-1", "many-2"])
    before = caught_up(register)
    owner = await asyncpg.connect(database_url)
    killed = await held_while_filling(owner, database_url, register, processes=2)
    os.kill(killed.pid, signal.SIGKILL)
    await owner.execute("SELECT pg_advisory_unlock(1)")
    killed.communicate()  # the processes that it started hold its outputs until they end too
    after_kill = caught_up(register)

    rebuild(database_url, register, "--switch")

    rebuilt = caught_up(register)
    await owner.close()
    assert {**after_kill, "trouble": None} == before
    assert (rebuilt["size"], rebuilt["digest"]) == (before["size"], before["digest"])
    assert rebuilt["generation"] == 3


def end_folding(rebuilding: int) -> None:
    """Kill the processes that a rebuild started to fold."""
    for child in Path(f"/proc/{rebuilding}/task/{rebuilding}/children").read_text().split():
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)


async def test_a_rebuild_one_of_whose_processes_is_killed_ends_in_a_line(database_url: str, register: Register) -> None:
    tell_many(register, ["many-1", "many-2"])
    before = caught_up(register)
    owner = await asyncpg.connect(database_url)
    rebuilding = await held_while_filling(owner, database_url, register, processes=1)
    end_folding(rebuilding.pid)
    said = "".join(rebuilding.communicate(timeout=60))
    await owner.close()

    assert rebuilding.returncode == 1
    assert said.splitlines()[-1].startswith("treaty-projector: a process that folded was killed")
    assert caught_up(register) == before


async def test_a_rebuild_folds_treaties_that_fall_together_and_successions_as_the_worker_did(
    database_url: str, register: Register
) -> None:
    falling: dict[str, JSON] = {**SIMPLE_CLAUSES, "falls_with": ["framework"]}
    graph = ("participant.related", {"from": "CSK", "to": "CZE", "relation": "succeeds", "on": "2003-01-01"})
    register.post(registered(), succeeded("CZE", "2005-02-01"), subject="early")
    register.post(registered(falling), deposited("USA", "2003-01-01"), subject="protocol")
    register.post(registered(), deposited("USA", "2001-01-01"), notified("USA", "2010-01-01"), subject="framework")
    register.post(registered(), deposited("FRA", "2001-01-01"), subject="late")
    register.post(graph, subject="participants")
    register.post(succeeded("CZE", "2006-02-01"), subject="late")
    before = caught_up(register)

    rebuild(database_url, register, "--switch")

    assert caught_up(register)["digest"] == before["digest"]
    assert register.parties("2004-01-01", treaty="early") == {"CZE"}
    assert register.parties("2004-01-01", treaty="late") == {"FRA", "CZE"}
    assert register.parties("2012-01-01", treaty="protocol") == set()


async def test_a_fact_about_participants_moves_treaties_that_were_not_at_hand(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    graph = ("participant.related", {"from": "CSK", "to": "CZE", "relation": "succeeds", "on": "2003-01-01"})
    with running_register(database_url, tmp_path) as register:
        register.post(registered(), succeeded("CZE", "2005-02-01"))
        caught_up(register)
        assert register.parties("2004-01-01") == set()
        with running_projector(
            database_url, register.ledger, log=tmp_path / "again.log", env={"TREATY_PROJECTOR_FACTS_IN_MEMORY": "1"}
        ):
            register.post(registered(), subject="another")
            caught_up(register)
    with running_register(database_url, tmp_path) as again:
        again.size = 3
        again.post(graph, subject="participants")

        known = caught_up(again)
        assert again.parties("2004-01-01") == {"CZE"}
        async with fresh_database(postgres, template=template) as other:
            with running_projector(other, again.ledger, log=tmp_path / "other.log") as calm:
                undisturbed = Register(again.ledger, calm.base_url, again.client, size=again.size)
                assert caught_up(undisturbed)["digest"] == known["digest"]


async def test_the_report_names_whose_status_differs_and_what_answers_stays_until_that_is_accepted(
    database_url: str, register: Register, tmp_path: Path
) -> None:
    tell_many(register, ["many-1", "many-2"])
    caught_up(register)
    connection = await asyncpg.connect(database_url)
    await connection.execute(
        "UPDATE projector_blue.membership SET consent = 'signatory'"
        " WHERE treaty = 'many-2' AND participant = 'FIN' AND consent = 'party' AND known_to = 9223372036854775807"
    )
    await connection.close()
    report = tmp_path / "report.json"

    code, said = run(database_url, register, "rebuild", "--switch", "--report", str(report))
    generation = caught_up(register)["generation"]
    found = json.loads(report.read_text())
    accepted, switched = run(database_url, register, "switch", "2")

    assert code == 1
    assert "many-2, FIN: signatory since" in said
    assert "-> party since" in said
    assert generation == 1
    assert found["differing"] == 1
    assert [(d["treaty"], d["participant"], d["differs"]) for d in found["differences"]] == [
        ("many-2", "FIN", "status")
    ]
    assert found["differences"][0]["after"]["consent"] == "party"
    assert found["differences"][0]["after"]["basis"] != []
    assert accepted == 0, switched
    assert register.ask("/v1/treaties/many-2/members/FIN")["current"]["consent"] == "party"  # type: ignore[index,call-overload]
