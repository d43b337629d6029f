"""A service that is told to stop finishes what it began, and ends at once when it is told twice."""

import asyncio
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from builders import registered
from database import RunningService, running_ledger
from door.watched import Pair, problem, samples
from ledger.facts import notified, post, registered_treaty
from register import Register, running_projector


@pytest.fixture
def pair(database_url: str, tmp_path: Path) -> Iterator[Pair]:
    with (
        running_ledger(database_url, log=tmp_path / "ledger.log") as ledger,
        running_projector(database_url, ledger.base_url, log=tmp_path / "projector.log") as projector,
    ):
        yield Pair(ledger, projector)


async def test_a_ledger_that_stops_under_load_answers_what_it_let_in(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    service = start_ledger(database_url)
    acknowledged: list[str] = []
    broken: list[httpx.TransportError] = []
    async with httpx.AsyncClient(base_url=service.base_url, timeout=60) as client:
        treaty = await registered_treaty(client)

        async def write() -> None:
            while True:
                try:
                    answer = await post(client, notified(treaty))
                except httpx.ConnectError:
                    return
                except httpx.TransportError as error:
                    broken.append(error)  # the connection was closed between two requests, just as one was sent
                    return
                assert answer.status_code == 201, answer.text
                acknowledged.append(answer.text)
                if len(acknowledged) == 100:
                    service.process.terminate()

        await asyncio.gather(*(write() for _ in range(16)))
    assert await asyncio.to_thread(service.process.wait, 30) == 0
    async with httpx.AsyncClient(base_url=start_ledger(database_url).base_url, timeout=60) as client:
        size = (await client.get("/v1/events", params={"limit": 1})).json()["size"]
    assert len(acknowledged) + 1 <= size <= len(acknowledged) + 1 + len(broken)


async def test_a_projector_that_stops_under_load_answers_what_it_let_in(pair: Pair) -> None:
    with httpx.Client(timeout=30) as client:
        register = Register(pair.ledger.base_url, pair.projector.base_url, client)
        register.post(registered())
        register.ask("/v1/treaties")
    statuses: list[int] = []

    async def read(client: httpx.AsyncClient) -> None:
        while True:
            try:
                answer = await client.get("/v1/treaties")
            except httpx.TransportError:
                return
            statuses.append(answer.status_code)
            if len(statuses) == 100:
                pair.projector.process.terminate()

    async with httpx.AsyncClient(base_url=pair.projector.base_url, timeout=30) as readers:
        await asyncio.gather(*(read(readers) for _ in range(8)))
    assert set(statuses) == {200}
    assert await asyncio.to_thread(pair.projector.process.wait, 30) == 0


def test_who_waits_for_what_is_not_recorded_keeps_nobody_from_stopping(pair: Pair) -> None:
    def ask() -> Iterator[str]:
        while True:
            try:
                yield problem(httpx.get(f"{pair.projector.base_url}/v1/treaties?min_size={2**53 - 1}", timeout=30))
            except httpx.TransportError:
                return

    with ThreadPoolExecutor() as threads:
        asking = [threads.submit(set, ask()) for _ in range(4)]
        while samples(pair.projector)["treaty_projector_http_in_flight", ()] == 1:  # that which asks for the metrics
            pass
        pair.projector.process.terminate()
        assert set().union(*(answers.result() for answers in asking)) <= {"projection-behind"}
    assert pair.projector.process.wait(30) == 0


@pytest.mark.parametrize(("name", "path"), [("ledger", "/v1/events/live"), ("projector", "/v1/changes/live")])
def test_a_live_stream_ends_in_order(pair: Pair, name: str, path: str) -> None:
    service: RunningService = getattr(pair, name)
    with httpx.Client(timeout=30) as client, client.stream("GET", f"{service.base_url}{path}") as answer:
        lines = answer.iter_lines()
        assert next(lines).startswith(":")
        service.process.terminate()
        assert not [line for line in lines if line.startswith("data:")]  # and no error: the answer ended in order
    assert service.process.wait(30) == 0


def test_told_twice_a_service_ends_at_once(database_url: str, tmp_path: Path) -> None:
    env = {"TREATY_LEDGER_STOP_SECONDS": "600", "TREATY_LEDGER_BODY_SECONDS": "600"}
    with running_ledger(database_url, log=tmp_path / "ledger.log", env=env) as ledger:
        host, port = ledger.base_url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as slow:
            slow.sendall(
                b"POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/jsonl\r\n"
                b"Transfer-Encoding: chunked\r\n\r\n"
            )
            assert slow.recv(100).startswith(b"HTTP/1.1 200")
            ledger.process.terminate()
            with pytest.raises(subprocess.TimeoutExpired):
                ledger.process.wait(1)
            ledger.process.terminate()
            assert ledger.process.wait(30) == -signal.SIGTERM
