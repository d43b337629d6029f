"""A long table is sent while it is read, and costs little however slowly, or not at all, a client reads it."""

import csv
import http.client
import io
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import orjson
import pyarrow.parquet as pq
import pytest
from builders import registered
from database import RunningService, running_ledger
from register import Register, running_projector

from treaty_projector.http.streams import MOST_SENT

ROWS = 20_000
LONG = 500
"""How many letters each row holds, so that a whole table is larger than what may lie between server and client."""

_SMALL = 4_096


@dataclass(frozen=True, slots=True)
class Long:
    """Hold a projector that knows a long list, and has one connection for all questions."""

    register: Register
    projector: RunningService
    database_url: str

    async def execute(self, statement: str, *values: object) -> None:
        """Change the read model behind the projector's back, wherever it lies."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(
                "SELECT set_config('search_path', min(schemaname), false) FROM pg_tables WHERE tablename = 'membership'"
            )
            await connection.execute(statement, *values)
        finally:
            await connection.close()

    @contextmanager
    def begun(self, path: str) -> Iterator[Callable[[], bytes]]:
        """Ask for a table as a client that takes in little at a time; give what reads it to its end."""
        address = urlsplit(self.projector.base_url)
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
            client.settimeout(60)
            client.connect((address.hostname, address.port))
            connection = http.client.HTTPConnection(address.netloc)
            connection.sock = client
            connection.request("GET", path)
            answer = connection.getresponse()
            assert answer.status == 200
            first = answer.read(_SMALL)
            assert first
            yield lambda: first + answer.read()
            answer.close()


@pytest.fixture(scope="module")
async def long(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Long]:
    folder = Path(tmp_path_factory.mktemp("long"))
    url = module_database_url
    one = {"TREATY_PROJECTOR_CONNECTIONS": "1"}
    with (
        running_ledger(url, log=folder / "ledger.log") as ledger,
        running_projector(url, ledger.base_url, log=folder / "projector.log", env=one) as projector,
        httpx.Client(timeout=60) as client,
    ):
        register = Register(ledger.base_url, projector.base_url, client)
        register.post(registered(), subject="long")
        register.ask("/v1/treaties")
        long = Long(register, projector, url)
        await long.execute(
            """
            INSERT INTO membership (treaty, participant, valid_from, known_from, consent, document)
            SELECT 'long', 'P' || to_char(n, 'FM00000'), '2001-01-01', 1, 'party', convert_to($1, 'UTF8')
              FROM generate_series(1, $2) AS n
            """,
            document("x" * LONG).decode(),
            ROWS,
        )
        yield long


def document(mode: str) -> bytes:
    return orjson.dumps(
        {
            "consent": "party",
            "since": "2001-01-01",
            "until": None,
            "mode": mode,
            "provisional": False,
            "operation": "in_operation",
            "exit": None,
            "contested": False,
            "approximate": False,
            "basis": [0],
        }
    )


async def test_the_first_rows_are_sent_before_the_last_are_read(long: Long) -> None:
    with long.begun("/v1/members?format=jsonl") as rest:
        await long.execute(
            "UPDATE membership SET document = $1 WHERE participant = 'P' || $2::text",
            document("y" * LONG),
            f"{ROWS:05}",
        )
        lines = rest().splitlines()

    modes = [orjson.loads(line)["mode"][0] for line in lines]
    assert modes == ["x"] * (ROWS - 1) + ["y"]


async def test_a_client_that_reads_slowly_keeps_nobody_from_asking(long: Long) -> None:
    with long.begun("/v1/members?format=csv") as rest:
        for _ in range(5):
            assert long.register.ask("/v1/treaties/long/members?limit=1")["next"] is not None
        table = rest()

    assert table.count(b"\r\n") == 1 + ROWS


async def test_clients_that_go_away_in_the_middle_leave_nothing_behind(long: Long) -> None:
    for _ in range(MOST_SENT + 1):
        with long.begun("/v1/members?format=csv"):
            pass

    table = csv.reader(io.StringIO(long.register.get("/v1/memberships?format=csv").text, newline=""))
    assert sum(1 for _ in table) == ROWS + 1


async def test_only_so_many_tables_are_sent_at_once(long: Long) -> None:
    with ExitStack() as others:
        for _ in range(MOST_SENT):
            others.enter_context(long.begun("/v1/members?format=csv"))
        refused = long.register.get("/v1/treaties?format=csv")

        assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
        assert "Retry-After" in refused.headers
        assert long.register.get("/v1/treaties").status_code == 200


async def test_a_connection_that_breaks_in_the_middle_breaks_no_table(long: Long) -> None:
    with long.begun("/v1/members?format=csv") as rest:
        await long.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'treaty-projector' AND datname = current_database()"
        )
        table = rest()

    assert table.count(b"\r\n") == 1 + ROWS


@pytest.mark.parametrize(("form", "most"), [("csv", 16), ("jsonl", 16), ("parquet", 64)])
def test_a_long_table_takes_little_memory(long: Long, form: str, most: int) -> None:
    long.register.get(f"/v1/treaties?format={form}")  # what is loaded once is no part of this
    Path(f"/proc/{long.projector.process.pid}/clear_refs").write_text("5")
    before = peak_megabytes(long.projector)

    content = long.register.get(f"/v1/members?format={form}").content

    assert peak_megabytes(long.projector) - before < most
    if form == "parquet":
        file = pq.ParquetFile(io.BytesIO(content))
        assert (file.metadata.num_rows, file.metadata.num_row_groups > 1) == (ROWS, True)
    else:
        assert len(content) > ROWS * LONG


def peak_megabytes(service: RunningService) -> float:
    status = Path(f"/proc/{service.process.pid}/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1024
