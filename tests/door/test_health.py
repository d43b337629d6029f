"""The probes tell what is wrong: a loop that does not turn, or what is missing to serve."""

import asyncio
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from builders import registered
from database import RunningService, drop_database, running_ledger
from door.watched import Pair, problem, samples
from ledger.facts import notified, post, registered_treaty
from register import Register, running_projector

PROBES = ("/livez", "/readyz", "/metrics")


@contextmanager
def running_pair(database_url: str, folder: Path) -> Iterator[Pair]:
    env = {f"TREATY_{service}_BLOCKED_SECONDS": "0.5" for service in ("LEDGER", "PROJECTOR")}
    with (
        running_ledger(database_url, log=folder / "ledger.log", env=env) as ledger,
        running_projector(database_url, ledger.base_url, log=folder / "projector.log", env=env) as projector,
    ):
        yield Pair(ledger, projector)


@pytest.fixture(scope="module")
def pair(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    with running_pair(module_database_url, Path(tmp_path_factory.mktemp("pair"))) as running:
        yield running


@pytest.fixture
def start_projector(module_database_url: str, tmp_path: Path) -> Iterator[Callable[..., RunningService]]:
    with ExitStack() as stack:

        def begin(ledger_url: str, *, command: str = "serve", database: str = "", **env: str) -> RunningService:
            log = tmp_path / "projector.log"
            return stack.enter_context(
                running_projector(database or module_database_url, ledger_url, log=log, command=command, env=env)
            )

        yield begin


def until(status: int, url: str) -> httpx.Response:
    """Ask until the answer has that status."""
    while (answer := httpx.get(url, timeout=30)).status_code != status:
        pass
    return answer


@pytest.mark.parametrize("name", ["ledger", "projector"])
def test_probes_may_be_asked_for_the_head_alone_and_take_no_parameters(pair: Pair, name: str) -> None:
    service: RunningService = getattr(pair, name)
    until(200, f"{service.base_url}/readyz")
    for path in ("/livez", "/readyz"):
        answer = httpx.head(f"{service.base_url}{path}")
        assert (answer.status_code, answer.content) == (200, b"")
    for path in PROBES:
        assert problem(httpx.get(f"{service.base_url}{path}?verbose=1")) == "malformed-parameter"


@pytest.mark.parametrize("name", ["ledger", "projector"])
def test_what_is_refused_at_the_door_is_counted(pair: Pair, name: str) -> None:
    service: RunningService = getattr(pair, name)
    metric = f"treaty_{name}_refused_connections_total", (("problem", "malformed-request"),)
    before = samples(service)[metric]
    host, port = service.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"what is this\r\n\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 400")
    assert samples(service)[metric] == before + 1
    assert samples(service)[f"treaty_{name}_connections", ()] >= 1


@pytest.mark.parametrize("name", ["ledger", "projector"])
def test_a_process_that_stood_still_says_so_and_recovers(pair: Pair, name: str) -> None:
    service: RunningService = getattr(pair, name)
    service.process.send_signal(signal.SIGSTOP)
    with pytest.raises(subprocess.TimeoutExpired):
        service.process.wait(1.5)
    service.process.send_signal(signal.SIGCONT)
    answer = until(503, f"{service.base_url}/livez")
    assert problem(answer) == "unavailable"
    assert "event loop was blocked for" in answer.json()["detail"]
    until(200, f"{service.base_url}/livez")


async def test_a_ledger_whose_recording_does_not_turn_says_so_and_recovers(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url, TREATY_LEDGER_STALLED_SECONDS="2.5")
    connection = await asyncpg.connect(database_url)
    async with httpx.AsyncClient(base_url=service.base_url, timeout=30) as client:
        treaty = await registered_treaty(client)
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute("LOCK TABLE ledger.events IN EXCLUSIVE MODE")
        posting = asyncio.create_task(post(client, notified(treaty)))
        while (answer := await client.get("/livez")).status_code == 200:
            pass
        assert "appender has not turned" in answer.json()["detail"]
        await transaction.rollback()
        await connection.close()
        assert (await posting).status_code in {201, 503}
        while (await client.get("/livez")).status_code != 200:
            pass


def test_a_worker_that_hangs_on_its_ledger_says_so(start_projector: Callable[..., RunningService]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        service = start_projector(url, TREATY_PROJECTOR_STALLED_SECONDS="1.5")
        answer = until(503, f"{service.base_url}/livez")
    assert "The worker has not turned for" in answer.json()["detail"]


def test_what_is_missing_is_named(start_projector: Callable[..., RunningService]) -> None:
    service = start_projector("http://127.0.0.1:1")
    answer = until(503, f"{service.base_url}/readyz")
    assert problem(answer) == "unavailable"
    assert answer.json()["missing"] == ["ledger"]
    assert answer.json()["detail"].startswith("ledger: the ledger at http://127.0.0.1:1 gives no entries")


async def test_a_database_that_went_away_is_named_and_metrics_go_on(
    postgres: str, database_url: str, tmp_path: Path
) -> None:
    with running_pair(database_url, tmp_path) as bereft:
        await drop_database(postgres, database_url.rsplit("/", 1)[1])
        for service in (bereft.ledger, bereft.projector):
            answer = until(503, f"{service.base_url}/readyz")
            assert "database" in answer.json()["missing"]
            until(200, f"{service.base_url}/livez")
        assert samples(bereft.projector)["treaty_projector_database_up", ()] == 0
        assert ("treaty_ledger_size", ()) in samples(bereft.ledger)


async def test_tables_that_are_missing_are_named_as_a_migration(
    database_url: str, start_projector: Callable[..., RunningService]
) -> None:
    service = start_projector("http://127.0.0.1:1", command="api", database=database_url)
    connection = await asyncpg.connect(database_url)
    await connection.execute("ALTER TABLE projector_blue.cursor RENAME TO elsewhere")
    await connection.close()
    answer = until(503, f"{service.base_url}/readyz")
    assert answer.json()["missing"] == ["migration"]
    assert "alembic" in answer.json()["detail"]


async def test_a_projection_too_far_behind_is_not_ready(
    module_database_url: str, pair: Pair, start_projector: Callable[..., RunningService]
) -> None:
    with httpx.Client(timeout=30) as client:
        register = Register(pair.ledger.base_url, pair.projector.base_url, client)
        register.post(registered())
        register.ask("/v1/treaties")
    service = start_projector("http://127.0.0.1:1", command="api", TREATY_PROJECTOR_READY_LAG_SECONDS="0.5")
    until(200, f"{service.base_url}/readyz")
    connection = await asyncpg.connect(module_database_url)
    await connection.execute("UPDATE projector_blue.cursor SET ledger_size = size + 7")
    await connection.close()
    answer = until(503, f"{service.base_url}/readyz")
    assert answer.json()["missing"] == ["lag"]
    assert "7 entries wait" in answer.json()["detail"]
