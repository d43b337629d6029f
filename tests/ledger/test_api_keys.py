"""Keys are made, listed and revoked by commands; a ledger that runs hears of it."""

import asyncio
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import httpx
import programs
import pytest
from database import free_port
from ledger.clock import Clock
from ledger.facts import as_lines, post, problem, registered, unique
from ledger.guarded import Guarded, make_key
from standalone.processes import wait_until

from treaty_ledger.access.api_keys import make_api_key, read_api_key
from treaty_ledger.access.issuing import keep, revoke
from treaty_ledger.access.key_book import KeyBook
from treaty_ledger.access.scopes import parse_scopes
from treaty_ledger.commands.opened import opened_api_keys
from treaty_ledger.errors import KeyRefused, Unauthenticated


def keys_api(database_url: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `treaty-ledger keys api …` to its end."""
    return programs.run(
        ["treaty-ledger", "keys", "api", *arguments],
        env={**os.environ, "TREATY_DATABASE_URL": database_url, "COLUMNS": "300"},
    )


async def test_a_key_is_shown_once_and_stored_nowhere(guarded: Guarded) -> None:
    done = keys_api(guarded.database_url, "add", "cli", "--scope", "events:append", "--scope", "events:read")
    assert done.returncode == 0, done.stderr
    key = done.stdout.strip()
    assert read_api_key(key)
    async with guarded.client(key) as client:
        assert (await post(client, registered(unique("made")))).status_code == 201
    listed = keys_api(guarded.database_url, "list").stdout
    (line,) = [line for line in listed.splitlines() if line.startswith(key[:12])]
    assert "cli  events:append events:read  valid until " in line
    connection = await asyncpg.connect(guarded.database_url)
    stored = await connection.fetch("SELECT k::text FROM ledger.api_keys AS k")
    await connection.close()
    assert key[13:] not in listed + str(stored) + done.stderr


async def test_a_revoked_key_is_refused_within_seconds_and_for_ever(guarded: Guarded) -> None:
    key = await guarded.key("leaving", "events:append")
    async with guarded.client(key) as client:
        assert (await post(client, registered(unique("left")))).status_code == 201
        done = keys_api(guarded.database_url, "revoke", "leaving")
        assert done.stdout == f"{key[:12]}… is revoked\n"
        began = datetime.now(UTC)
        while (answer := await post(client, registered(unique("left")))).status_code == 201:
            assert (datetime.now(UTC) - began).total_seconds() < 6
        assert problem(answer) == "unauthenticated"
    again = keys_api(guarded.database_url, "revoke", "leaving")
    assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
    assert f"{key[:12]}…  leaving  events:append  revoked " in keys_api(guarded.database_url, "list").stdout


async def test_lines_of_a_revoked_key_are_refused_within_seconds_too(guarded: Guarded) -> None:
    key = await guarded.key("streaming", "events:append")
    url = httpx.URL(guarded.base_url)
    reader, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /v1/events HTTP/1.1\r\nHost: ledger\r\nContent-Type: application/jsonl\r\n"
        b"Transfer-Encoding: chunked\r\nAuthorization: Bearer %b\r\n\r\n" % key.encode()
    )
    async with opened_api_keys(guarded.database_url) as keys:
        await revoke(keys, "streaming")
    line, began, answer = as_lines([registered(unique("streamed"))]), datetime.now(UTC), b""
    while b"/problems/unauthenticated" not in answer:
        assert (datetime.now(UTC) - began).total_seconds() < 6
        writer.write(b"%x\r\n%b\r\n" % (len(line), line))
        answer = await reader.readuntil(b"}\n")
    await reader.readuntil(b"0\r\n\r\n")
    writer.close()
    await writer.wait_closed()


async def test_a_verified_key_is_not_looked_up_again_for_five_seconds(database_url: str) -> None:
    key, clock = await make_key(database_url, "remembered", "events:append"), Clock()
    async with opened_api_keys(database_url) as keys:
        book = KeyBook(keys, clock=clock)
        await book.principal(key)
        await revoke(keys, key[:12])
        clock.now += 4.9
        await book.principal(key)
        clock.now += 0.1
        with pytest.raises(Unauthenticated):
            await book.principal(key)


async def test_when_a_key_was_used_is_noted(guarded: Guarded) -> None:
    key = await guarded.key("noted", "events:append")
    async with guarded.client(key) as client:
        assert (await post(client, registered(unique("noted")))).status_code == 201
    wait_until(lambda: "last used" in listed(guarded.database_url, key))


def listed(database_url: str, key: str) -> str:
    """Return the line that lists a key."""
    lines = keys_api(database_url, "list").stdout.splitlines()
    return next(line for line in lines if line.startswith(key[:12]))


async def test_a_file_keeps_its_key_as_long_as_that_counts(guarded: Guarded, tmp_path: Path) -> None:
    file = tmp_path / "api-key"
    async with opened_api_keys(guarded.database_url) as keys:
        await keep(keys, "kept", ["events:append"], file=file)
        first = file.read_text()
        file.chmod(0o644)
        await keep(keys, "kept", ["events:append"], file=file)
        assert file.read_text() == first
        assert file.stat().st_mode & 0o777 == 0o600
        await revoke(keys, "kept")
        await keep(keys, "kept", ["events:append"], file=file)
        second = file.read_text()
    assert second != first
    async with guarded.client(second.strip()) as client:
        assert (await post(client, registered(unique("kept")))).status_code == 201


async def test_a_key_in_a_file_is_made_known_to_another_database(
    guarded: Guarded, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "api-key"
    async with opened_api_keys(database_url) as keys:
        await keep(keys, "moved", ["events:append"], file=file)
    key = file.read_text()
    async with opened_api_keys(guarded.database_url) as keys:
        await keep(keys, "moved", ["events:append"], file=file)
    assert file.read_text() == key
    async with guarded.client(key.strip()) as client:
        assert (await post(client, registered(unique("moved")))).status_code == 201


def test_a_folder_that_cannot_keep_a_key_is_one_line(guarded: Guarded) -> None:
    done = keys_api(guarded.database_url, "keep", "kept", "/nowhere/api-key", "--scope", "events:append")
    assert (done.returncode, done.stderr) == (
        1,
        "Cannot keep a key in /nowhere/api-key: No such file or directory.\n",
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("x y", "--scope", "events:append"),
        ("x" * 64, "--scope", "events:append"),
        ("x", "--scope", "events:write"),
        ("x", "--scope", "events:append:treaty/Open Skies"),
        ("x", "--scope", "events:append:source/a b"),
        ("x", "--scope", "events:append", "--expires", "soon"),
        ("x", "--scope", "events:append", "--expires", "0d"),
    ],
)
def test_what_cannot_be_a_key_is_one_line(guarded: Guarded, arguments: tuple[str, ...]) -> None:
    done = keys_api(guarded.database_url, "add", *arguments)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (1, "", 1), done.stderr


def test_a_name_in_the_record_is_not_given_to_somebody_else_by_mistake(guarded: Guarded) -> None:
    first = keys_api(guarded.database_url, "add", "once", "--scope", "events:append", "--expires", "never")
    second = keys_api(guarded.database_url, "add", "once", "--scope", "events:append")
    third = keys_api(guarded.database_url, "add", "once", "--scope", "events:append", "--again")
    assert (first.returncode, second.returncode, third.returncode) == (0, 1, 0)
    assert "another key with --again" in second.stderr


def test_a_database_out_of_reach_is_one_line() -> None:
    done = keys_api(f"postgresql://nobody@127.0.0.1:{free_port()}/none", "list")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_no_two_keys_are_alike() -> None:
    made = {make_api_key().text for _ in range(100)}
    assert len(made) == 100
    assert all(read_api_key(text) for text in made)


def test_a_scope_allows_what_it_says_and_nothing_else() -> None:
    scopes = parse_scopes(["events:append:treaty/npt", "events:append:source/urn:a"])
    assert scopes.allow("npt", "urn:x")
    assert scopes.allow("abm", "urn:a")
    assert not scopes.allow("abm", "urn:ab")
    assert not scopes.reads
    assert parse_scopes(["events:append"]).allow("abm", "urn:x")
    assert parse_scopes(["admin"]).reads
    assert not parse_scopes(["admin"]).append_something


@pytest.mark.parametrize("text", ["", "events", "events:append ", "EVENTS:APPEND", "events:append:treaty/A", "admin:*"])
def test_what_is_no_scope_is_refused(text: str) -> None:
    with pytest.raises(KeyRefused):
        parse_scopes([text])
