"""Roles can be made before the first migration or long after it, by a superuser or not, or not at all."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import httpx
import pytest
from builders import registered
from database import fresh_database, make_roles, migrate, running_ledger
from register import event

from treaty_standalone.postgres import RunningPostgres, start

SECTIONS = ("ledger", "projector")
OWNER = "SELECT CAST(CAST(relowner AS regrole) AS text) FROM pg_class WHERE oid = to_regclass($1)"
ROLES = "SELECT rolname, rolcanlogin FROM pg_roles WHERE rolname !~ '^pg_' ORDER BY rolname"


def as_user(url: str, user: str, word: str = "secret") -> str:
    """Return the URL of the same database for another user."""
    host = urlsplit(url).netloc.rpartition("@")[2]
    return urlunsplit(urlsplit(url)._replace(netloc=f"{user}:{word}@{host}"))


def parts(url: str, word: str = "secret") -> dict[str, str]:
    """Return an address of each part."""
    names = ("migrate", "ledger", "projector")
    return {f"TREATY_{name.upper()}_DATABASE_URL": as_user(url, f"treaty_{name}", word) for name in names}


async def ask(url: str, question: str, *values: object) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(question, *values)]
    finally:
        await connection.close()


def migrated(url: str) -> str:
    """Migrate both schemas; return what was said."""
    said = ""
    for section in SECTIONS:
        done = migrate(url, section)
        assert done.returncode == 0, done.stderr
        said += done.stderr
    return said


def record(url: str, folder: Path, id_: str) -> int:
    """Run a ledger as the user of that URL and post one fact; return its position."""
    fact = event(*registered(), subject=id_)
    folder.mkdir(exist_ok=True)
    with running_ledger(url, log=folder / "ledger.log", env={"TREATY_LEDGER_DATABASE_URL": url}) as ledger:
        answer = httpx.post(f"{ledger.base_url}/v1/events", json=fact)
    assert answer.status_code == 201, answer.text
    position: int = answer.json()["position"]
    return position


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[RunningPostgres]:
    """Run a server of one's own, since roles belong to the whole of it."""
    with start(folder, fsync=False) as server:
        yield server


@pytest.fixture
async def keeper(tmp_path: Path) -> AsyncIterator[str]:
    """Give a database without roles to a user who is no superuser but may make them, as a hosted server does."""
    with start(tmp_path / "postgres", fsync=False) as server:
        await ask(server.url(), "CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'secret'")
        async with fresh_database(server.url()) as url:
            await ask(url, f"ALTER DATABASE {urlsplit(url).path[1:]} OWNER TO keeper")
            yield as_user(url, "keeper")


async def test_without_roles_one_user_does_everything_and_is_told_so(keeper: str, tmp_path: Path) -> None:
    assert "this user does not act as ledger_owner" in migrated(keeper)
    assert await ask(keeper, OWNER, "ledger.events") == [("keeper",)]
    assert record(keeper, tmp_path, "first") == 0


async def test_roles_made_later_by_one_who_is_no_superuser_take_everything_over(keeper: str, tmp_path: Path) -> None:
    migrated(keeper)
    assert record(keeper, tmp_path, "first") == 0
    for _ in range(2):
        made = make_roles(keeper, **parts(keeper))
        assert made.returncode == 0, made.stderr
    assert migrated(as_user(keeper, "treaty_migrate")) == ""
    for table, owner in (("ledger.events", "ledger_owner"), ("projector.alembic_version", "projector_owner")):
        assert await ask(keeper, OWNER, table) == [(owner,)]
    assert record(as_user(keeper, "treaty_ledger"), tmp_path, "second") == 1
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(as_user(keeper, "treaty_ledger"), "DELETE FROM ledger.events")


async def test_a_second_register_on_a_server_needs_no_roles_of_its_own(server: RunningPostgres, tmp_path: Path) -> None:
    for number in range(2):
        async with fresh_database(server.url()) as url:
            assert make_roles(url, **parts(url)).returncode == 0
            assert migrated(as_user(url, "treaty_migrate")) == ""
            assert record(as_user(url, "treaty_ledger"), tmp_path / str(number), "first") == 0
            roles = await ask(url, ROLES)
    assert [name for name, may_log_in in roles if not may_log_in] == [
        "ledger_app", "ledger_owner", "projector_app", "projector_owner",
    ]  # fmt: skip


async def test_making_roles_again_replaces_the_passwords(server: RunningPostgres) -> None:
    for word in ("first", "second"):
        assert make_roles(server.url(), **parts(server.url(), word)).returncode == 0
    assert await ask(as_user(server.url(), "treaty_ledger", "second"), "SELECT 1") == [(1,)]
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(as_user(server.url(), "treaty_ledger", "first"), "SELECT 1")


async def test_a_user_plays_one_part(server: RunningPostgres) -> None:
    once, then = as_user(server.url(), "one"), "SELECT pg_has_role('one', $1, 'MEMBER')"
    assert make_roles(server.url(), TREATY_MIGRATE_DATABASE_URL=once).returncode == 0
    assert make_roles(server.url(), TREATY_LEDGER_DATABASE_URL=once).returncode == 0
    roles = ("ledger_owner", "projector_owner", "projector_app", "ledger_app")
    assert [await ask(server.url(), then, role) for role in roles] == [[(False,)], [(False,)], [(False,)], [(True,)]]


async def test_a_password_never_reaches_the_server(server: RunningPostgres, folder: Path) -> None:
    await ask(server.url(), "ALTER ROLE postgres SET log_statement = 'all'")
    assert make_roles(server.url(), **parts(server.url(), "never-in-a-log")).returncode == 0
    log = (folder / "server.log").read_text()
    assert "ALTER ROLE treaty_ledger LOGIN PASSWORD" in log
    assert "never-in-a-log" not in log


@pytest.mark.parametrize(
    ("env", "said"),
    [
        ({"TREATY_ADMIN_DATABASE_URL": ""}, "set TREATY_ADMIN_DATABASE_URL"),
        ({"TREATY_LEDGER_DATABASE_URL": "postgresql://127.0.0.1/treaty"}, "TREATY_LEDGER_DATABASE_URL needs a user"),
        ({"TREATY_LEDGER_DATABASE_URL": "postgresql://a:ü@b/c"}, "a password in ASCII"),
        (
            dict.fromkeys(("TREATY_MIGRATE_DATABASE_URL", "TREATY_PROJECTOR_DATABASE_URL"), "postgresql://a:b@c/d"),
            "has the user of TREATY_MIGRATE_DATABASE_URL: each part needs a user of its own",
        ),
    ],
)
def test_an_address_that_will_not_do_is_said_in_one_line(env: dict[str, str], said: str) -> None:
    done = make_roles("postgresql://nobody@127.0.0.1:1/none", **env)
    assert done.returncode == 1
    assert done.stderr.startswith("cannot make roles: ")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


async def test_a_superuser_plays_no_part(postgres: str) -> None:
    done = make_roles(postgres, TREATY_LEDGER_DATABASE_URL=postgres)
    assert done.returncode == 1
    assert "is a superuser, to whom nothing is refused" in done.stderr


async def test_who_may_not_make_roles_is_told_in_one_line(server: RunningPostgres) -> None:
    await ask(server.url(), "CREATE ROLE guest LOGIN PASSWORD 'secret'")
    done = make_roles(as_user(server.url(), "guest"), **parts(server.url()))
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "permission denied to" in done.stderr
