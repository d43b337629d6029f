"""The projector follows one ledger, says what is wrong in one line, and stops in order."""

from pathlib import Path

import asyncpg
import httpx
from builders import deposited, registered
from database import fresh_database, running_ledger
from register import Register, running_projector, running_register
from standalone.processes import wait_until


def test_asked_to_stop_it_ends_in_order(database_url: str, tmp_path: Path) -> None:
    with running_projector(database_url, "http://127.0.0.1:1", log=tmp_path / "projector.log") as projector:
        assert projector.stop() == 0


def test_without_a_ledger_it_answers_from_what_it_has_and_says_so(database_url: str, tmp_path: Path) -> None:
    with running_register(database_url, tmp_path) as register:
        register.post(registered(), deposited("FRA", "2001-01-01"))
        assert register.parties("2002-01-01") == {"FRA"}
    with (
        running_projector(database_url, "http://127.0.0.1:1", log=tmp_path / "alone.log") as projector,
        httpx.Client(timeout=30) as client,
    ):
        alone = Register("", projector.base_url, client)
        while alone.get("/readyz").status_code == 200:  # it has not tried yet
            pass
        readiness = alone.get("/readyz")

        assert readiness.status_code == 503
        assert "http://127.0.0.1:1" in readiness.json()["detail"]
        assert alone.parties("2002-01-01") == {"FRA"}


def test_what_is_recorded_is_known_long_before_the_ledger_would_be_asked(database_url: str, tmp_path: Path) -> None:
    rarely = {"TREATY_PROJECTOR_POLL_SECONDS": "60"}
    with running_register(database_url, tmp_path, env=rarely) as register:
        register.post(registered())
        register.ask("/v1/treaties")
        for code in ("AUT", "BEL", "FRA"):
            register.post(deposited(code, "2001-01-01"))
            answer = register.get(f"/v1/treaties/test/members?as_of=2002-01-01&min_size={register.size}")
            assert answer.status_code == 200, "it waits two seconds by itself"
            assert code in answer.text


async def test_another_ledger_is_not_followed(database_url: str, postgres: str, template: str, tmp_path: Path) -> None:
    with running_register(database_url, tmp_path) as register:
        register.post(registered(), deposited("FRA", "2001-01-01"))
        assert register.parties("2002-01-01") == {"FRA"}
    async with fresh_database(postgres, template=template) as other:
        with (
            running_ledger(other, log=tmp_path / "other.log") as ledger,
            running_projector(database_url, ledger.base_url, log=tmp_path / "projector.log") as projector,
            httpx.Client(timeout=30) as client,
        ):
            misled = Register("", projector.base_url, client)
            while misled.get("/readyz").status_code == 200:  # it has not tried yet
                pass

            assert misled.get("/readyz").json()["type"] == "/problems/log-inconsistent"
            assert "no key that is trusted has signed the note" in misled.get("/readyz").json()["detail"]
            assert misled.parties("2002-01-01") == {"FRA"}


def test_what_is_recorded_and_not_signed_is_not_served_and_that_is_said(database_url: str, tmp_path: Path) -> None:
    with running_ledger(database_url, log=tmp_path / "ledger.log"):
        pass  # the empty log is signed
    never = {"TREATY_LEDGER_FAILPOINTS": "before-signing:lose:1.0"}
    with (
        running_ledger(database_url, log=tmp_path / "ledger.log", env=never) as ledger,
        running_projector(database_url, ledger.base_url, log=tmp_path / "projector.log") as projector,
        httpx.Client(timeout=30) as client,
    ):
        register = Register(ledger.base_url, projector.base_url, client)
        register.post(registered(), deposited("FRA", "2001-01-01"))
        wait_until(lambda: "recorded 2 entries and signed 0" in str(register.get("/v1/projection").json()["trouble"]))
        state = register.get("/v1/projection").json()
        assert (state["size"], state["lag"], state["problem"]) == (0, 2, "unavailable")


def test_a_database_that_is_not_migrated_is_said_in_one_line(postgres: str, tmp_path: Path) -> None:
    log = tmp_path / "projector.log"

    try:
        with running_projector(postgres, "http://127.0.0.1:1", log=log):
            started = True
    except AssertionError:
        started = False

    assert not started
    lines = log.read_text().splitlines()
    assert len(lines) == 1
    assert "alembic -c migrations/alembic.ini -n projector upgrade head" in lines[0]


async def test_what_was_known_by_an_instant_is_not_told_while_entries_of_it_are_on_their_way(
    database_url: str, tmp_path: Path
) -> None:
    with running_register(database_url, tmp_path) as register:
        register.post(registered(), deposited("FRA", "2001-01-01"))
        assert register.parties("2002-01-01") == {"FRA"}
        instant = register.receipts[-1]["recorded_at"]
        connection = await asyncpg.connect(database_url)
        await connection.execute("UPDATE projector_blue.cursor SET ledger_size = size + 1")
        await connection.close()

        then = register.get(f"/v1/treaties/test/members?known_at={instant}")
        later = register.get("/v1/treaties/test/members?known_at=2999-01-01T00:00:00Z")

        assert then.status_code == 200
        assert later.json()["type"] == "/problems/projection-behind"


async def test_two_workers_on_one_database_apply_every_entry_once(
    database_url: str, postgres: str, template: str, tmp_path: Path
) -> None:
    with (
        running_register(database_url, tmp_path) as register,
        running_projector(database_url, register.ledger, log=tmp_path / "second.log", command="worker"),
    ):
        for treaty in range(40):
            told = [registered(), *(deposited(code, "2001-01-01") for code in ("AUT", "BEL", "CHE", "DNK", "FIN"))]
            register.post(*told, subject=f"shared-{treaty}")
        register.ask("/v1/treaties")
        shared = register.ask("/v1/projection")
        async with fresh_database(postgres, template=template) as other:
            with running_projector(other, register.ledger, log=tmp_path / "alone.log") as alone:
                calm = Register(register.ledger, alone.base_url, register.client, size=register.size)
                calm.ask("/v1/treaties")
                undisturbed = calm.ask("/v1/projection")

    assert (shared["size"], shared["root"], shared["digest"]) == (240, undisturbed["root"], undisturbed["digest"])
