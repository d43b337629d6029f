"""Nothing is recorded or signed over a database that does not extend what was signed."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import programs
import pytest
from database import RunningService, as_part, fresh_database, running_ledger, with_database
from ledger.facts import notified, post, problem, registered_treaty
from ledger.logs import checkpoint, connected, forged, signed_beyond, vkeys


def command(*words: str, database_url: str, folder: Path, **env: str) -> tuple[int, str]:
    """Run `treaty-ledger` on the state that ledgers of `folder` keep; return its exit code and what it said."""
    settings = {
        "TREATY_LEDGER_DATABASE_URL": as_part(database_url, "ledger"),
        "TREATY_LEDGER_STATE_DIR": str(folder / "ledger-state"),
    }
    done = programs.run(["treaty-ledger", *words], env={**os.environ, "TREATY_LEDGER_PORT": "0", **settings, **env})
    return done.returncode, (done.stdout + done.stderr).strip()


async def recorded(service: RunningService, count: int) -> int:
    """Record facts and see them signed; return the size of the log."""
    async with connected(service) as client:
        treaty = await registered_treaty(client)
        for _ in range(count - 1):
            receipt = (await post(client, notified(treaty))).json()
        return (await signed_beyond(client, receipt["position"])).size


@asynccontextmanager
async def copied(postgres: str, database_url: str) -> AsyncIterator[str]:
    """Give a copy of a database that nobody uses now: a backup."""
    async with fresh_database(postgres, template=database_url.rpartition("/")[2]) as url:
        yield url


async def _trouble(client: httpx.AsyncClient) -> str:
    """Return what keeps a ledger from signing, once it says so."""
    async with asyncio.timeout(20):
        while (answer := await client.get("/readyz")).status_code == 200:
            pass
    assert problem(answer) == "log-inconsistent"
    detail: str = answer.json()["detail"]
    return detail


async def test_a_restored_backup_is_refused_until_what_it_lacks_is_given_up(
    postgres: str, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 3)
    async with copied(postgres, database_url) as backup:
        with running_ledger(database_url, log=log) as service:
            assert await recorded(service, 4) == 7
        code, said = command("serve", database_url=backup, folder=tmp_path)
        assert code == 1
        assert said.splitlines()[-1].startswith(
            "The database holds 3 events, but 7 were recorded and signed: 4 are missing."
        )
        code, said = command("guard", "accept", database_url=backup, folder=tmp_path)
        assert code == 1
        assert "lacks 4 events that were signed" in said
        code, said = command("guard", "accept", "--giving-up", "4", database_url=backup, folder=tmp_path)
        assert code == 0, said
        with running_ledger(backup, log=log) as service:
            assert await recorded(service, 2) == 5


async def test_another_history_of_the_same_log_is_refused(postgres: str, database_url: str, tmp_path: Path) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 2)
    async with copied(postgres, database_url) as other:
        with running_ledger(database_url, log=log) as service:
            await recorded(service, 3)
        guard = next((tmp_path / "ledger-state").glob("*/guard"))
        signed = guard.read_bytes()
        code, said = command("guard", "accept", "--giving-up", "3", database_url=other, folder=tmp_path)
        assert code == 0, said
        with running_ledger(other, log=log) as service:
            await recorded(service, 4)
        guard.write_bytes(signed)
        code, said = command("serve", database_url=other, folder=tmp_path)
        assert code == 1
        assert "The first 5 events are not those that were signed" in said
        code, said = command("guard", "accept", database_url=other, folder=tmp_path)
        assert code == 1
        assert "The first 5 events are not those that were signed" in said


async def test_two_copies_of_a_log_do_not_both_go_on(postgres: str, database_url: str, tmp_path: Path) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 2)
    async with copied(postgres, database_url) as other:
        with running_ledger(database_url, log=log) as service:
            code, said = command("serve", database_url=other, folder=tmp_path)
            assert code == 1
            assert "two copies of one log must not both go on" in said
            assert await recorded(service, 2) == 4


async def test_rows_that_vanish_under_a_running_ledger_stop_it_from_recording(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    size = await recorded(service, 5)
    await forged(database_url, "DELETE FROM ledger.events WHERE position >= $1", size - 2)
    async with connected(service) as client:
        answer = await post(client, notified("any"))
        assert (answer.status_code, problem(answer)) == (503, "log-inconsistent")
        assert "2 are missing" in answer.json()["detail"]
        assert "retry-after" in answer.headers
        assert "2 are missing" in await _trouble(client)
        assert (await checkpoint(client)).size == size


async def test_an_event_that_is_not_what_was_recorded_is_never_signed(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    size = await recorded(service, 3)
    await forged(
        database_url,
        "INSERT INTO ledger.events SELECT position + 1, stream, version + 1, source, id || '+', sha256(identity), type,"
        " participant, supersedes, recorded_at + interval '1 s', recorded_by, event, content_hash, leaf_hash"
        " FROM ledger.events WHERE position = $1",
        size - 1,
    )
    async with connected(service) as client:
        assert f"position {size} does not have the hash it was recorded with" in await _trouble(client)
        assert (await checkpoint(client)).size == size
        answer = await post(client, notified("any"))
        assert (answer.status_code, problem(answer)) == (503, "log-inconsistent")


async def test_a_hash_altered_after_it_was_signed_keeps_the_ledger_from_starting(
    database_url: str, tmp_path: Path
) -> None:
    with running_ledger(database_url, log=tmp_path / "ledger.log") as service:
        await recorded(service, 4)
    await forged(database_url, "UPDATE ledger.events SET leaf_hash = sha256(leaf_hash) WHERE position = 2")
    code, said = command("serve", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert "The first 4 events are not those that were signed" in said


async def test_without_its_guard_a_signed_log_waits_for_an_operator(database_url: str, tmp_path: Path) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        size = await recorded(service, 3)
    guard = next((tmp_path / "ledger-state").glob("*/guard"))
    guard.unlink()
    code, said = command("serve", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert str(guard) in said
    assert "run `treaty-ledger guard accept`" in said
    assert command("guard", "accept", database_url=database_url, folder=tmp_path)[0] == 0
    code, said = command("guard", "show", database_url=database_url, folder=tmp_path)
    assert f": {size} events, root " in said
    with running_ledger(database_url, log=log) as service:
        assert await recorded(service, 2) == size + 2


@pytest.mark.parametrize("damage", [b"", b"\x00" * 1024, b"nonsense".ljust(1024)])
async def test_a_damaged_guard_is_not_taken_for_a_new_one(database_url: str, tmp_path: Path, damage: bytes) -> None:
    with running_ledger(database_url, log=tmp_path / "ledger.log") as service:
        await recorded(service, 2)
    guard = next((tmp_path / "ledger-state").glob("*/guard"))
    guard.write_bytes(damage)
    code, said = command("serve", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert str(guard) in said


async def test_a_guard_half_written_when_the_power_failed_still_knows_what_was_signed(
    postgres: str, database_url: str, tmp_path: Path
) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 2)
    async with copied(postgres, database_url) as backup:
        with running_ledger(database_url, log=log) as service:
            await recorded(service, 3)
        guard = next((tmp_path / "ledger-state").glob("*/guard"))
        content = guard.read_bytes()
        sizes = [int(place.split()[2]) for place in (content[:512], content[512:])]
        older = sizes.index(min(sizes))
        torn = bytearray(content)
        torn[older * 512 + 20 : older * 512 + 300] = b"\xff" * 280
        guard.write_bytes(torn)
        code, said = command("serve", database_url=backup, folder=tmp_path)
        assert code == 1
        assert "The database holds 2 events, but 5 were recorded and signed" in said
        with running_ledger(database_url, log=log) as service:
            assert await recorded(service, 2) == 7


async def test_a_log_without_its_key_is_not_signed_with_another(database_url: str, tmp_path: Path) -> None:
    with running_ledger(database_url, log=tmp_path / "ledger.log") as service:
        await recorded(service, 2)
    key = next((tmp_path / "ledger-state").glob("*/signing-key"))
    kept = key.read_bytes()
    key.unlink()
    code, said = command("serve", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert f"its key is not in {key}" in said
    key.write_bytes(kept)
    key.chmod(0o640)
    code, said = command("serve", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert f"run chmod 600 {key}" in said


async def test_a_rotation_signs_with_both_keys_and_then_with_the_new_one(database_url: str, tmp_path: Path) -> None:
    log = tmp_path / "ledger.log"
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 2)
        async with connected(service) as client:
            (old,) = await vkeys(client)
    code, said = command("keys", "rotate", database_url=database_url, folder=tmp_path)
    assert code == 0
    new = said.splitlines()[0]
    assert said.splitlines()[1] == old.vkey
    with running_ledger(database_url, log=log) as service:
        await recorded(service, 2)
        async with connected(service) as client:
            assert [key.vkey for key in await vkeys(client)] == [new, old.vkey]
            note = (await client.get("/log/checkpoint")).text
            assert note.count("\u2014 ") == 2
    assert command("keys", "retire", database_url=database_url, folder=tmp_path)[0] == 0
    assert command("keys", "show", database_url=database_url, folder=tmp_path) == (0, new)
    code, said = command("keys", "retire", database_url=database_url, folder=tmp_path)
    assert code == 1
    assert "it is the only one" in said
    with running_ledger(database_url, log=log) as service:
        assert await recorded(service, 2) == 6


async def test_a_log_bears_the_name_its_operator_gives_it(database_url: str, tmp_path: Path) -> None:
    name = "treaties.example.org/log"
    code, said = command("keys", "make", name, database_url=database_url, folder=tmp_path)
    assert code == 0
    path = next((tmp_path / "ledger-state").glob("*/signing-key"))
    told, vkey = said.splitlines()
    assert (told, path.stat().st_mode & 0o777) == (str(path), 0o600)
    secret = path.read_text()
    path.unlink()
    env = {"TREATY_LEDGER_SIGNING_KEY": secret}
    with running_ledger(database_url, log=tmp_path / "ledger.log", env=env) as service:
        await recorded(service, 2)
        async with connected(service) as client:
            assert (await checkpoint(client)).origin == name
            assert [key.vkey for key in await vkeys(client)] == [vkey]
    assert secret.strip() not in (tmp_path / "ledger.log").read_text()
    other = secret.replace(name, "another.example.org/log")
    code, said = command("serve", database_url=database_url, folder=tmp_path, TREATY_LEDGER_SIGNING_KEY=other)
    assert code == 1
    assert "a key is damaged" in said


@pytest.mark.parametrize("name", ["", "..", "../../etc", "with space", "plus+sign", "\u00e9", "x" * 256])
def test_a_name_that_does_not_do_is_said(postgres: str, tmp_path: Path, name: str) -> None:
    code, said = command("keys", "make", "--", name, database_url=with_database(postgres, "any"), folder=tmp_path)
    assert code == 1
    assert "write it like treaties.example.org/log" in said
    assert not (tmp_path / "ledger-state").exists()
