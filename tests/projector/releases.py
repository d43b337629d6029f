"""Deploy one release of the projector after another over one database and one log that all of them follow."""

import asyncio
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg
import httpx
import programs
from builders import Event, deposited, leaving, notified, registered
from database import RunningService, as_part, free_port, running, running_ledger
from register import Register, running_projector

from treaty_contracts.canonical import JSON, JsonObject

_numbers = count(1)

WITH_PARENT = registered({**leaving(), "falls_with": ["parent"]})
WITH_ILL = registered({**leaving(), "falls_with": ["ill"]})
WITH_CHILD = registered({**leaving(), "falls_with": ["child"]})
SUCCEEDS: Event = ("participant.related", {"from": "DEU", "to": "DDR", "relation": "succeeds", "on": "1990-10-03"})
SIGNED: Event = ("signature.affixed", {"participant": "DEU", "signed_on": "2001-01-01"})
DECLARED: Event = ("declaration.made", {"participant": "FRA", "received_on": "2001-01-01", "text": "None."})

STORY: Sequence[tuple[str, Event]] = [
    ("parent", registered()),
    ("ill", WITH_PARENT),
    ("child", WITH_ILL),
    ("ill", deposited("FRA", "2001-01-01")),
    ("child", deposited("FRA", "2001-01-01")),
    ("ill", notified("FRA", "2019-06-01")),
    ("ill", deposited("DEU", "2002-01-01")),
    ("late", WITH_CHILD),
    ("parent", deposited("DEU", "2001-01-01")),
    ("well", registered()),
    ("well", deposited("FRA", "2001-01-01")),
    ("exit", registered()),
    ("exit", deposited("FRA", "2001-01-01")),
    ("exit", notified("FRA", "2019-06-01")),
    ("exit", SIGNED),
    ("participants", SUCCEEDS),
    ("parent", notified("DEU", "2019-09-01")),
    *((f"one-of-{number}", one) for number in range(4) for one in (registered(), DECLARED)),
]
"""What is recorded, by position: `ill` may get a poisonous entry at 5, `exit` at 13 and 14."""

ROWS = ("treaty", "membership", "standing", "anomaly")
READ_MODEL = (*ROWS, "quarantine")


@dataclass
class Releases:
    """Hold a running ledger with the story, and deploy releases that follow it."""

    ledger: str
    folder: Path
    client: httpx.Client
    size: int = 0
    logs: list[Path] = field(default_factory=list)
    services: list[RunningService] = field(default_factory=list)

    def post(self, *told: tuple[str, Event]) -> None:
        """Record more."""
        register = Register(self.ledger, "", self.client, size=self.size)
        for subject, one in told:
            register.post(one, subject=subject)
        self.size = register.size

    @contextmanager
    def deployed(self, database_url: str, *, yesterday: str = "", **env: str) -> Iterator[Register]:
        """Run a release over a database: today's, or one that lacks what `yesterday` names."""
        self.logs.append(self.folder / f"release-{next(_numbers)}.log")
        more = {f"TREATY_PROJECTOR_{name.upper()}": value for name, value in env.items()}
        with self._release(database_url, self.logs[-1], yesterday, more) as service:
            self.services.append(service)
            yield Register(self.ledger, service.base_url, self.client, size=self.size)

    def rebuild(self, database_url: str, *words: str, yesterday: str = "", **env: str) -> tuple[int, str]:
        """Rebuild with a release, on two processes; return the exit code and what it said."""
        program = ["python", str(Path(__file__).with_name("yesterday.py"))] if yesterday else ["treaty-projector"]
        done = programs.run(
            [*program, "rebuild", "--processes", "2", *words],
            env={
                **os.environ,
                **self._settings(database_url, yesterday),
                **{f"TREATY_PROJECTOR_{name.upper()}": value for name, value in env.items()},
            },
        )
        return done.returncode, done.stdout + done.stderr

    def said(self) -> str:
        """Return what the last release wrote to its log."""
        return self.logs[-1].read_text()

    @contextmanager
    def _release(self, url: str, log: Path, yesterday: str, more: dict[str, str]) -> Iterator[RunningService]:
        if not yesterday:
            with running_projector(url, self.ledger, log=log, env=more) as service:
                yield service
            return
        port = free_port()
        settings = {"TREATY_PROJECTOR_PORT": str(port), **self._settings(url, yesterday), **more}
        base_url = f"http://127.0.0.1:{port}"
        with running(["yesterday", "serve"], env=settings, ready_url=f"{base_url}/livez", log=log) as process:
            yield RunningService(base_url, process, log)

    def _settings(self, url: str, yesterday: str) -> dict[str, str]:
        return {
            "TREATY_PROJECTOR_DATABASE_URL": as_part(url, "projector"),
            "TREATY_PROJECTOR_LEDGER_URL": self.ledger,
            "YESTERDAY": yesterday,
        }


@contextmanager
def releases(database_url: str, folder: Path) -> Iterator[Releases]:
    """Run a ledger in which the story is recorded."""
    with running_ledger(database_url, log=folder / "ledger.log") as ledger, httpx.Client(timeout=30) as client:
        running = Releases(ledger.base_url, folder, client)
        running.post(*STORY)
        yield running


def stopped(register: Register) -> str:
    """Wait until the projector says what keeps it from going on; return that."""
    while (answer := register.get("/readyz")).status_code == 200:  # it has not met it yet
        pass
    detail: str = answer.json()["detail"]
    return detail


def projection(register: Register) -> dict[str, JSON]:
    """Return what the projector says of itself, without what depends on the moment."""
    told = register.ask("/v1/projection")
    return {name: told[name] for name in ("size", "root", "digest", "quarantined", "quarantined_count")}


def named(told: dict[str, JSON], name: str) -> list[JsonObject]:
    """Return the objects listed in an answer."""
    listed = told[name]
    assert isinstance(listed, list)
    return [each for each in listed if isinstance(each, dict)]


def quarantined(register: Register) -> dict[JSON, JSON]:
    """Return who is quarantined, and since which position."""
    return {each["treaty"]: each["since"] for each in named(register.ask("/v1/projection"), "quarantined")}


def healed(register: Register, left: dict[JSON, JSON]) -> dict[str, JSON]:
    """Wait until a release that just started has healed all but these; return what it says of itself."""
    while quarantined(register) != left:  # it has not tried yet
        pass
    return projection(register)


def staleness(told: JsonObject) -> tuple[JSON, JSON]:
    """Return whether an answer is stale, and since when."""
    return told["stale"], told["stale_since"]


def healed_now(database_url: str) -> tuple[int, str]:
    """Run `treaty-projector heal`; return its exit code and what it said."""
    env = {"TREATY_PROJECTOR_DATABASE_URL": as_part(database_url, "projector")}
    done = programs.run(["treaty-projector", "heal"], env=env)
    return done.returncode, done.stdout + done.stderr


def rows(
    database_url: str, *, schema: str = "projector_blue", tables: Sequence[str] = ROWS
) -> dict[str, list[tuple[object, ...]]]:
    """Return every row version that a generation holds."""
    return asyncio.run(_rows(database_url, schema, tables))


async def _rows(database_url: str, schema: str, tables: Sequence[str]) -> dict[str, list[tuple[object, ...]]]:
    connection = await asyncpg.connect(database_url)
    try:
        return {
            table: sorted(
                (tuple(row) for row in await connection.fetch(f"SELECT * FROM {schema}.{table}")),  # noqa: S608 - names of ours
                key=repr,
            )
            for table in tables
        }
    finally:
        await connection.close()
