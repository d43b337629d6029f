"""A long table is sent while it is read, and costs little however slowly, or not at all, a client reads it."""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import orjson
import pyarrow.parquet as pq
import pytest
from builders import registered
from database import RunningService, running_ledger
from projector.long_lists import LONG, begun, document, fill
from register import Register, running_projector

from treaty_projector.http.streams import MOST_SENT

ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Long:
    """Hold a projector that knows a long list, and has one connection for all questions."""

    register: Register
    projector: RunningService
    database_url: str

    @asynccontextmanager
    async def connected(self) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """Reach the read model behind the projector's back, wherever it lies."""
        connection = await asyncpg.connect(self.database_url)
        try:
            await connection.execute(
                "SELECT set_config('search_path', min(schemaname), false) FROM pg_tables WHERE tablename = 'membership'"
            )
            yield connection
        finally:
            await connection.close()

    async def execute(self, statement: str, *values: object) -> None:
        """Change the read model."""
        async with self.connected() as connection:
            await connection.execute(statement, *values)

    def begun(self, path: str) -> AbstractContextManager[Callable[[], bytes]]:
        """Ask for a table and read its beginning; give what reads it to its end."""
        return begun(self.projector.base_url, path)


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
        async with long.connected() as connection:
            await fill(connection, "projector_blue", rows=ROWS)
        yield long


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


async def test_a_table_outlasts_a_question_that_keeps_the_only_connection(long: Long) -> None:
    past = f"{long.projector.base_url}/v1/treaties/long/members?as_of=2010-01-01&known_size=1"
    with long.begun("/v1/members?format=csv") as rest:
        async with long.connected() as connection, httpx.AsyncClient(timeout=60) as client:
            async with connection.transaction():
                await connection.execute("LOCK TABLE membership IN ACCESS EXCLUSIVE MODE")
                table = asyncio.create_task(asyncio.to_thread(rest))
                while "cannot be reached" not in (await client.get(past)).json()["detail"]:
                    pass  # it came after a page of the table, and was told that it would wait for too long
            whole = await table

    assert whole.count(b"\r\n") == 1 + ROWS


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
