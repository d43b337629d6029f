"""Talk to a running ledger and a running projector, as other systems and clients do."""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import httpx
from database import RunningService, as_part, free_port, running, running_ledger

from treaty_contracts.canonical import JSON, JsonObject

_ids = count(1)


def event(type_: str, data: Mapping[str, JSON], *, subject: str = "test", id_: str | None = None) -> JsonObject:
    """Return a CloudEvent with an id of its own."""
    return {
        "specversion": "1.0",
        "id": id_ or f"test/{next(_ids)}",
        "source": "urn:test",
        "type": type_,
        "subject": subject,
        "data": dict(data),
    }


@contextmanager
def running_projector(
    database_url: str, ledger_url: str, *, log: Path, command: str = "serve", env: Mapping[str, str] | None = None
) -> Iterator[RunningService]:
    """Run one of the projector's commands on a free port, that ledger and that database, as the projector's login."""
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = {
        "TREATY_PROJECTOR_DATABASE_URL": as_part(database_url, "projector"),
        "TREATY_PROJECTOR_PORT": str(port),
        "TREATY_PROJECTOR_LEDGER_URL": ledger_url,
        **(env or {}),
    }
    with running(["treaty-projector", command], env=settings, ready_url=f"{base_url}/livez", log=log) as process:
        yield RunningService(base_url=base_url, process=process, log=log)


@dataclass
class Register:
    """Hold a running pair of services."""

    ledger: str
    projector: str
    client: httpx.Client
    size: int = 0
    receipts: list[dict[str, JSON]] = field(default_factory=list)

    def post(self, *events: tuple[str, Mapping[str, JSON]], subject: str = "test") -> list[dict[str, JSON]]:
        """Post facts one by one; return their receipts."""
        new = []
        for type_, data in events:
            answer = self.client.post(f"{self.ledger}/v1/events", json=event(type_, data, subject=subject))
            assert answer.status_code == 201, answer.text
            new.append(answer.json())
            self.size = max(self.size, new[-1]["position"] + 1)
        self.receipts += new
        return new

    def post_lines(self, events: Iterable[JsonObject]) -> list[dict[str, JSON]]:
        """Post facts as JSON lines; return what is said of each."""
        body = "".join(json.dumps(line) + "\n" for line in events)
        answer = self.client.post(
            f"{self.ledger}/v1/events",
            content=body.encode(),
            headers={"Content-Type": "application/jsonl"},
            timeout=120,
        )
        assert answer.status_code == 200, answer.text
        said = [json.loads(line) for line in answer.text.splitlines()]
        self.size = max([self.size, *(line["position"] + 1 for line in said if "position" in line)])
        return said

    def get(
        self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        """Ask the projector, whatever it answers."""
        return self.client.get(self.projector + path, params=params, headers=headers)

    def get_applied(self, path: str) -> httpx.Response:
        """Ask the projector, once it has applied everything that was posted so far, whatever it answers then.

        It waits two seconds itself; on a busy machine many facts may take longer.
        """
        separator = "&" if "?" in path else "?"
        while _is_behind(answer := self.get(f"{path}{separator}min_size={self.size}")):
            pass
        return answer

    def ask(self, path: str) -> dict[str, JSON]:
        """Ask the projector about everything that was posted so far."""
        answer = self.get_applied(path)
        assert answer.status_code == 200, answer.text
        content: dict[str, JSON] = answer.json()
        return content

    def parties(self, as_of: str, *, treaty: str = "test", more: str = "") -> set[str]:
        """Return who is party on a day."""
        answer = self.ask(f"/v1/treaties/{treaty}/members?as_of={as_of}&limit=500{more}")
        members = answer["members"]
        assert isinstance(members, list)
        return {str(member["participant"]) for member in members if isinstance(member, dict)}


def _is_behind(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and answer.json()["type"] == "/problems/projection-behind"


@contextmanager
def running_register(database_url: str, folder: Path, *, env: Mapping[str, str] | None = None) -> Iterator[Register]:
    """Run both services on one database."""
    with (
        running_ledger(database_url, log=folder / "ledger.log") as ledger,
        running_projector(database_url, ledger.base_url, log=folder / "projector.log", env=env) as projector,
        httpx.Client(timeout=30) as client,
    ):
        yield Register(ledger.base_url, projector.base_url, client)
