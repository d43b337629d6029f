"""Whoever dies between delivering and noting it delivers again under the same name; two who live deliver once."""

from collections import Counter
from pathlib import Path

import httpx
from builders import deposited, registered
from database import running_ledger
from projector.receivers import ON_LOOPBACK, make_webhook, receiving
from register import Register, running_projector, running_register


def test_a_projector_killed_between_delivering_and_noting_delivers_again_under_the_same_name(
    database_url: str, tmp_path: Path
) -> None:
    with receiving() as receiver, running_ledger(database_url, log=tmp_path / "ledger.log") as ledger:
        with (
            running_projector(database_url, ledger.base_url, log=tmp_path / "first.log", env=ON_LOOPBACK) as projector,
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
        with running_projector(database_url, ledger.base_url, log=tmp_path / "second.log", env=ON_LOOPBACK):
            first, second = receiver.wait_for(lambda received: len(received) == 2)

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
