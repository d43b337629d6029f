"""Strike: each function does one kind of harm to a register that is being written, and undoes it where it must."""

import asyncio
import signal
import subprocess
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import programs
from database import as_part, drop_database, with_database
from faults.scene import Scene
from faults.servers import backends, frozen

_APPENDS = "ledger append"
_UNAVAILABLE = 503


async def nothing(scene: Scene) -> None:
    """Do nothing for a while."""
    await scene.recorder.more(150)


async def kill_ledger(scene: Scene) -> None:
    """Kill the ledger at a random moment; it is started again."""
    await scene.some()
    scene.ledger.tell(signal.SIGKILL)
    await scene.recorder.more(20)


async def wait_for_failpoint(scene: Scene) -> None:
    """Let the ledger fail where it was told to; wake it where it paused."""
    struck = await scene.until(lambda: "failpoint " in scene.ledger.said())
    scene.require(holds=struck, promise="the failpoint was passed and struck")
    await scene.until(lambda: scene.ledger.is_stopped or scene.ledger.starts > 1, seconds=1.0)
    if scene.ledger.is_stopped:
        await scene.sometime(0.1, 0.8)
        scene.ledger.tell(signal.SIGCONT)
    await scene.recorder.more(30)


async def outlast_lock(scene: Scene) -> None:
    """Let a ledger pause with the lock for longer than the server allows, while another wants to record."""
    await scene.until(lambda: scene.ledger.is_stopped)
    await scene.sometime(10.5, 11.0)
    scene.ledger.tell(signal.SIGCONT)
    await scene.recorder.more(30)


async def break_connections(scene: Scene) -> None:
    """Break the connection that appends, in the middle of transactions."""
    await _tell_backends(scene, "pg_terminate_backend")


async def cancel_statements(scene: Scene) -> None:
    """Cancel statements that append, as a timeout of the server would."""
    await _tell_backends(scene, "pg_cancel_backend")


async def _tell_backends(scene: Scene, function: str) -> None:
    told = 0
    while told < scene.rng.randrange(3, 8):
        await scene.recorder.more(scene.rng.randrange(1, 20))
        connection = await asyncpg.connect(scene.database_url)
        told += await connection.fetchval(
            f"SELECT count(*) FILTER (WHERE {function}(pid)) FROM pg_stat_activity"  # noqa: S608 - one of two names
            " WHERE datname = current_database() AND application_name = $1"
            " AND state IN ('active', 'idle in transaction')",
            _APPENDS,
        )
        await connection.close()
    await scene.recorder.more(20)


async def kill_postgres(scene: Scene) -> None:
    """Kill PostgreSQL with all its processes, and start it again."""
    await scene.some()
    scene.ground.server.kill()
    await asyncio.to_thread(scene.ground.server.start_again)
    await scene.recorder.more(20)


async def kill_both(scene: Scene) -> None:
    """Kill PostgreSQL and the ledger at once."""
    await scene.some()
    scene.ground.server.kill()
    scene.ledger.tell(signal.SIGKILL)
    await asyncio.to_thread(scene.ground.server.start_again)
    await scene.recorder.more(20)


async def freeze_ledger(scene: Scene) -> None:
    """Stop the ledger for a while, as a machine that is moved would."""
    await scene.some()
    scene.ledger.tell(signal.SIGSTOP)
    await scene.sometime(0.1, 1.0)
    scene.ledger.tell(signal.SIGCONT)
    await scene.recorder.more(20)


async def freeze_backend(scene: Scene) -> None:
    """Stop the server's process that appends, or the one that stores checkpoints, for a while."""
    await scene.some()
    with frozen(await backends(scene.database_url, scene.rng.choice((_APPENDS, "ledger log")))):
        await scene.sometime(0.1, 1.0)
    await scene.recorder.more(20)


async def hang_up(scene: Scene) -> None:
    """Let clients hang up before they can have an answer."""
    before = scene.recorder.unknown
    await scene.recorder.until(lambda: scene.recorder.unknown > before + 30)


async def kill_one_of_two(scene: Scene) -> None:
    """Kill one of two ledgers on a database, perhaps the one that signs; the other goes on."""
    await scene.some()
    scene.rng.choice(scene.ledgers).tell(signal.SIGKILL)
    await scene.recorder.more(60)


async def exhaust_reads(scene: Scene) -> None:
    """Let every connection for reads hang: reads are sent away, and recording goes on."""
    await scene.some()
    async with httpx.AsyncClient(base_url=scene.ledger.base_url, timeout=40) as client:
        await asyncio.gather(*(client.get("/v1/events/0") for _ in range(8)))
        held: list[int] = []
        while len(held) < 2:
            held = await backends(scene.database_url, "ledger reads", idle=True)
        with frozen(held):
            reading = [asyncio.create_task(client.get("/v1/events/0")) for _ in range(8)]
            await scene.recorder.more(100)
            sent_away = [task.result() for task in await _first(reading, 4)]
        scene.require(
            holds=all(a.status_code == _UNAVAILABLE and int(a.headers["retry-after"]) > 0 for a in sent_away),
            promise="a read without a connection is answered 503 with Retry-After",
        )
        await asyncio.gather(*reading)


async def _first(tasks: list[asyncio.Task[httpx.Response]], count: int) -> set[asyncio.Task[httpx.Response]]:
    done: set[asyncio.Task[httpx.Response]] = set()
    while len(done) < count:
        more, _ = await asyncio.wait(set(tasks) - done, return_when=asyncio.FIRST_COMPLETED)
        done |= more
    return done


async def flood(scene: Scene) -> None:
    """Post more than may wait: what is sent away is never recorded."""
    before = scene.recorder.sent_away
    await scene.recorder.until(lambda: scene.recorder.sent_away > before + 20)


async def turn_clock(scene: Scene) -> None:
    """Set the database's clock forward and back, for every session from now on."""
    name = scene.database_url.rpartition("/")[2]
    await scene.execute(
        "CREATE SCHEMA clock;"
        " CREATE TABLE clock.error (by interval NOT NULL);"
        " INSERT INTO clock.error VALUES ('0');"
        " CREATE FUNCTION clock.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE"
        " AS 'SELECT pg_catalog.clock_timestamp() + by FROM clock.error';"
        " GRANT USAGE ON SCHEMA clock TO PUBLIC; GRANT SELECT ON clock.error TO PUBLIC"
    )
    await scene.execute(f'ALTER DATABASE "{name}" SET search_path = clock, pg_catalog, public')
    await scene.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    for hours in (1, -2, 0.001, -0.001, 30, -30):
        await scene.recorder.more(20)
        await scene.execute("UPDATE clock.error SET by = make_interval(secs => $1)", hours * 3600.0)
    await scene.recorder.more(20)


async def restore_backup(scene: Scene) -> None:
    """Start a ledger over an older copy of the database, beside the running one and instead of it: it must not."""
    await scene.some()
    name = scene.database_url.rpartition("/")[2]
    await _without_ledger(scene, lambda: _copy(scene, name))
    await scene.recorder.more(100)
    refused = await asyncio.to_thread(_started_over, scene, f"{name}_old")
    of_two = "two copies of one log" in refused or "are missing" in refused
    scene.require(holds=of_two, promise=f"a copy beside the log is refused: {refused}")

    async def start_over_copy() -> None:
        told = await asyncio.to_thread(_started_over, scene, f"{name}_old")
        scene.require(holds="are missing" in told, promise=f"a restored backup is refused: {told}")

    await _without_ledger(scene, start_over_copy)
    await scene.recorder.more(20)
    await drop_database(scene.ground.server.url, f"{name}_old")


async def _without_ledger(scene: Scene, act: Callable[[], Awaitable[None]]) -> None:
    """Kill the ledger and do something before it is started again."""
    scene.ledger.watched = False
    scene.ledger.tell(signal.SIGKILL)
    await act()
    scene.ledger.watched = True


async def _copy(scene: Scene, name: str) -> None:
    """Copy the database, once nobody is connected to it."""
    connection = await asyncpg.connect(scene.ground.server.url)
    try:
        await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
        await connection.execute(f'CREATE DATABASE "{name}_old" TEMPLATE "{name}"')
    finally:
        await connection.close()


def _started_over(scene: Scene, name: str) -> str:
    """Return what a ledger says that is started over another database with the state of this one."""
    url = with_database(scene.database_url, name)
    env = {
        "TREATY_LEDGER_DATABASE_URL": as_part(url, "ledger"),
        "TREATY_LEDGER_STATE_DIR": str(scene.folder / "ledger-state"),
        "TREATY_LEDGER_PORT": "0",
    }
    try:
        done = programs.run(["treaty-ledger", "serve"], env=env)
    except subprocess.TimeoutExpired:
        return "it serves"
    return f"{done.returncode} {done.stderr.strip().splitlines()[-1]}"


async def fill_disk(scene: Scene) -> None:
    """Fill the disk of the server; once somebody was sent away, make room again."""
    await scene.some()
    disk = scene.ground.disk
    assert disk is not None
    ballast, recorder = disk / "ballast", scene.recorder
    before = recorder.sent_away + recorder.unknown
    try:
        await asyncio.to_thread(_fill, str(ballast))
        if scene.rng.random() < 0.5:
            await _switch_segment(scene)
        await recorder.until(lambda: recorder.sent_away + recorder.unknown > before + 5)
    finally:
        ballast.unlink()
        if await scene.until(lambda: scene.ground.server.ended, seconds=0.5):
            await asyncio.to_thread(scene.ground.server.start_again)
    await recorder.more(20)


def _fill(path: str) -> None:
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123 - unbuffered, byte by byte to the end
        for size in (2**20, 2**12):
            try:
                while file.write(b"\0" * size):
                    pass
            except OSError:
                continue


async def _switch_segment(scene: Scene) -> None:
    """Ask for a new segment of the write-ahead log, for which there may be no room."""
    try:
        await scene.execute("SELECT pg_switch_wal()")
    except (asyncpg.PostgresError, OSError):
        return
