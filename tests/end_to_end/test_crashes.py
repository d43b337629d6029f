"""Nothing acknowledged is lost when the services are killed, and the answers are those of services that never died."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from builders import deposited, notified, registered
from database import RunningService, addresses, free_port, fresh_database, running
from register import event, running_projector

from treaty_contracts.canonical import JsonObject
from treaty_contracts.participants import KNOWN

LINES, PORTION, SINGLES, CONNECTIONS = 10_000, 1_000, 2_000, 64
CODES = sorted(code for code, participant in KNOWN.items() if participant.kind == "state")[:100]


class Services:
    """Hold a ledger and a projector on fixed ports, to be killed and started again."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.folder = folder
        self.ports = {"treaty-ledger": free_port(), "treaty-projector": free_port()}
        self.env = {
            **addresses(database_url),
            "TREATY_LEDGER_PORT": str(self.ports["treaty-ledger"]),
            "TREATY_LEDGER_STATE_DIR": str(folder / "ledger-state"),
            "TREATY_PROJECTOR_PORT": str(self.ports["treaty-projector"]),
            "TREATY_PROJECTOR_LEDGER_URL": self.url("treaty-ledger"),
        }
        self.stack = ExitStack()
        self.running: dict[str, RunningService] = {}

    def url(self, command: str) -> str:
        """Return where a service answers."""
        return f"http://127.0.0.1:{self.ports[command]}"

    def start(self, command: str) -> None:
        """Start a service and wait until it lives."""
        log = self.folder / f"{command}.log"
        live = f"{self.url(command)}/livez"
        process = self.stack.enter_context(running([command, "serve"], env=self.env, ready_url=live, log=log))
        self.running[command] = RunningService(self.url(command), process, log)

    def crash(self, command: str) -> None:
        """Kill a service and start it again."""
        self.running[command].kill()
        self.start(command)


@contextmanager
def services(database_url: str, folder: Path) -> Iterator[Services]:
    pair = Services(database_url, folder)
    with pair.stack:
        pair.start("treaty-ledger")
        pair.start("treaty-projector")
        yield pair


def lines() -> list[JsonObject]:
    """Return facts of a hundred treaties: registration, accessions and some notices."""
    facts: list[JsonObject] = []
    for treaty in range(100):
        told = [registered(), *(deposited(code, "2001-01-01") for code in CODES[:74])]
        told += [notified(code, "2010-06-30") for code in CODES[:25]]
        facts += [
            event(type_, data, subject=f"crash-{treaty}", id_=f"line/{treaty}/{number}")
            for number, (type_, data) in enumerate(told)
        ]
    return facts


async def acknowledged(client: httpx.AsyncClient, url: str, fact: JsonObject) -> JsonObject:
    """Post one fact until the ledger answers, as a careful client does."""
    while True:
        try:
            answer = await client.post(f"{url}/v1/events", json=fact)
        except httpx.TransportError:
            continue
        if answer.status_code in {200, 201}:
            receipt: JsonObject = answer.json()
            return receipt
        assert answer.status_code == 503, answer.text


async def post_lines(client: httpx.AsyncClient, url: str, facts: list[JsonObject]) -> AsyncIterator[list[JsonObject]]:
    """Post facts as JSON lines, a thousand a request; send again what had no answer when the connection broke."""
    for start in range(0, len(facts), PORTION):
        portion, said = facts[start : start + PORTION], list[JsonObject]()
        while len(said) < len(portion):
            body = "".join(json.dumps(fact) + "\n" for fact in portion[len(said) :]).encode()
            try:
                async with client.stream(
                    "POST", f"{url}/v1/events", content=body, headers={"Content-Type": "application/jsonl"}
                ) as answer:
                    said += [json.loads(line) async for line in answer.aiter_lines()]
            except httpx.TransportError:
                continue
        yield said


async def recorded(client: httpx.AsyncClient, url: str) -> AsyncIterator[JsonObject]:
    async with client.stream("GET", f"{url}/v1/events", headers={"Accept": "application/jsonl"}) as answer:
        async for line in answer.aiter_lines():
            yield json.loads(line)


async def projection(client: httpx.AsyncClient, url: str, size: int) -> JsonObject:
    """Return what the projector says of itself once it has applied so many entries."""
    while True:
        content: JsonObject = (await client.get(f"{url}/v1/projection")).json()
        if content["size"] == size:
            return content
        await client.get(f"{url}/v1/treaties", params={"min_size": size, "limit": 1})


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=CONNECTIONS + 4)
    async with httpx.AsyncClient(limits=limits, timeout=60) as client:
        yield client


async def test_killing_both_services_loses_nothing_and_changes_no_answer(
    database_url: str, postgres: str, template: str, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    facts = lines()
    singles = [
        event(*deposited(CODES[74 + number // 100], "2003-01-01"), subject=f"crash-{number % 100}", id_=f"one/{number}")
        for number in range(SINGLES)
    ]
    turn = asyncio.Semaphore(CONNECTIONS)

    async def single(fact: JsonObject) -> JsonObject:
        async with turn:
            return await acknowledged(client, pair.url("treaty-ledger"), fact)

    with services(database_url, tmp_path) as pair:
        said: list[JsonObject] = []
        crashing: list[asyncio.Task[None]] = []
        async for portion in post_lines(client, pair.url("treaty-ledger"), facts):
            said += portion
            if len(said) in {2 * PORTION, 6 * PORTION}:
                command = "treaty-projector" if len(said) == 2 * PORTION else "treaty-ledger"
                crashing.append(asyncio.create_task(asyncio.to_thread(pair.crash, command)))
        await asyncio.gather(*crashing)
        posting = [asyncio.create_task(single(fact)) for fact in singles]
        await asyncio.wait(posting, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.to_thread(pair.crash, "treaty-ledger")
        await asyncio.to_thread(pair.crash, "treaty-projector")
        receipts = await asyncio.gather(*posting)
        events = [fact async for fact in recorded(client, pair.url("treaty-ledger"))]
        total = LINES + SINGLES

        assert [fact["position"] for fact in events] == list(range(total))
        assert all("position" in line for line in said)
        by_id = {fact["event"]["id"]: fact["position"] for fact in events if isinstance(fact["event"], dict)}
        assert [by_id[fact["id"]] for fact in facts] == [line["position"] for line in said]
        assert [by_id[fact["id"]] for fact in singles] == [receipt["position"] for receipt in receipts]

        survivor = await projection(client, pair.url("treaty-projector"), total)
        async with fresh_database(postgres, template=template) as other:
            with running_projector(other, pair.url("treaty-ledger"), log=tmp_path / "other.log") as untouched:
                calm = await projection(client, untouched.base_url, total)
        assert (survivor["root"], survivor["digest"]) == (calm["root"], calm["digest"])
