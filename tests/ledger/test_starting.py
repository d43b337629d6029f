"""A ledger that cannot start says why in one line; one that is told to stop ends well."""

import os
import socket
import subprocess
from collections.abc import Callable

import httpx
import pytest
from database import RunningService, as_part, fresh_database
from ledger.guarded import make_key
from programs import BIN

from treaty_ledger.settings import Settings


def started(**env: str) -> tuple[int, str]:
    """Run the command as far as it goes; return its exit code and what it said."""
    done = subprocess.run(
        [str(BIN / "treaty-ledger"), "serve"],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stderr.strip()


def test_a_port_in_use_is_said_in_one_line(ledger: RunningService, ledger_database_url: str) -> None:
    port = ledger.base_url.rsplit(":", 1)[1]
    code, said = started(TREATY_DATABASE_URL=as_part(ledger_database_url, "ledger"), TREATY_LEDGER_PORT=port)
    assert code == 1
    assert said == f"Cannot listen on 127.0.0.1:{port}: Address already in use. Set TREATY_LEDGER_PORT to another port."


def test_a_database_out_of_reach_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    code, said = started(TREATY_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{port}/none", TREATY_LEDGER_PORT="0")
    assert code == 1
    assert said.startswith("Cannot reach the database: ")
    assert len(said.splitlines()) == 1


async def test_a_database_without_tables_is_said_in_one_line(postgres: str, template: str) -> None:
    assert template  # which keeps the logins
    async with fresh_database(postgres) as url:
        code, said = started(TREATY_DATABASE_URL=as_part(url, "ledger"), TREATY_LEDGER_PORT="0")
    assert code == 1
    assert said == (
        "The database has no schema `ledger`: run `alembic -c migrations/alembic.ini -n ledger upgrade head`."
    )


def test_settings_that_are_missing_or_wrong_are_said_in_a_line_each(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TREATY_DATABASE_URL", "TREATY_LEDGER_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    code, said = started(TREATY_LEDGER_PORT="many")
    assert code == 1
    assert [line.split(":")[0] for line in said.splitlines()] == [
        "Setting TREATY_LEDGER_DATABASE_URL",
        "Setting TREATY_LEDGER_PORT",
    ]


def test_a_ledger_that_is_told_to_stop_ends_well(
    database_url: str, start_ledger: Callable[..., RunningService]
) -> None:
    assert start_ledger(database_url).stop() == 0


def test_a_ledger_that_strangers_reach_does_not_start_before_it_knows_somebody(database_url: str) -> None:
    code, said = started(TREATY_DATABASE_URL=database_url, TREATY_LEDGER_HOST="0.0.0.0", TREATY_LEDGER_PORT="0")  # noqa: S104 - the case
    assert code == 1
    assert said.startswith("On 0.0.0.0 a ledger wants to know who records, and it knows nobody: make a key with ")
    assert len(said.splitlines()) == 1


def test_a_ledger_that_strangers_reach_cannot_be_told_to_ask_nobody(database_url: str) -> None:
    code, said = started(
        TREATY_DATABASE_URL=database_url,
        TREATY_LEDGER_HOST="::",
        TREATY_LEDGER_PORT="0",
        TREATY_LEDGER_AUTHENTICATION="none",
    )
    assert code == 1
    assert said.startswith("On :: others than this machine could record without saying who they are: ")
    assert len(said.splitlines()) == 1


def test_an_issuer_is_named_as_a_whole() -> None:
    code, said = started(
        TREATY_DATABASE_URL="postgresql://127.0.0.1/none", TREATY_LEDGER_OIDC_ISSUER="https://issuer.test"
    )
    assert code == 1
    assert said.startswith("Settings: ")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("known", [{"TREATY_LEDGER_AUTHENTICATION": "required"}, {}])
async def test_a_ledger_that_strangers_reach_starts_when_told_to_or_when_it_knows_somebody(
    database_url: str, start_ledger: Callable[..., RunningService], known: dict[str, str]
) -> None:
    if not known:
        await make_key(database_url, "somebody", "events:append")
    service = start_ledger(database_url, TREATY_LEDGER_HOST="0.0.0.0", **known)  # noqa: S104 - the case
    async with httpx.AsyncClient(base_url=service.base_url) as client:
        assert (await client.post("/v1/events", content=b"{}")).status_code == 401


@pytest.mark.parametrize(
    ("given", "asks"),
    [
        ({}, False),
        ({"host": "::1"}, False),
        ({"host": "localhost"}, False),
        ({"authentication": "required"}, True),
        ({"public_reads": False}, True),
        ({"oidc_issuer": "https://i", "oidc_audience": "a", "oidc_jwks_url": "https://i/keys"}, True),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 - the case
        ({"host": "ledger.example.org"}, True),
        ({"host": ""}, True),
    ],
)
def test_who_records_is_asked_unless_only_this_machine_can(given: dict[str, object], *, asks: bool) -> None:
    settings = Settings.model_validate({"treaty_database_url": "postgresql://127.0.0.1/none", **given})
    assert settings.knows_writers is asks
