"""A receiver that fails gets the same delivery again, in time; one that is slow or gone keeps nobody else waiting."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import deposited, registered
from projector.receivers import ON_LOOPBACK, Receiver, make_webhook, positions, receiving, webhooks
from register import Register, running_register
from standalone.processes import wait_until

TWICE_MORE = {
    "TREATY_PROJECTOR_WEBHOOK_RETRY_SECONDS": "0.05,0.05",
    "TREATY_PROJECTOR_WEBHOOK_TIMEOUT_SECONDS": "4",
}


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    folder = Path(tmp_path_factory.mktemp("webhooks"))
    with running_register(module_database_url, folder, env={**ON_LOOPBACK, **TWICE_MORE}) as running:
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def treaty(register: Register, request: pytest.FixtureRequest) -> str:
    """Put a treaty of the test's own on record."""
    name = str(request.node.name).replace("_", "-")[:80]
    register.post(registered(), subject=name)
    register.ask("/v1/treaties")
    return name


def test_a_receiver_that_comes_back_gets_the_same_delivery_under_the_same_name(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    receiver.answers = [(503, {"Retry-After": "0"}), (500, {})]
    name, secret = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    register.post(deposited("FRA", "2001-01-01"), subject=treaty)
    tries = receiver.wait_for(lambda received: len(received) == 3)
    wait_until(lambda: "trouble:         none" in webhooks(module_database_url, "show", name).stdout)

    assert len({(each.id, each.body) for each in tries}) == 1
    assert all(each.verified(secret) for each in tries)
    assert len(receiver.received) == 3


def test_a_delivery_that_is_given_up_is_kept_later_ones_go_on_and_it_can_be_replayed(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    receiver.answers = [(500, {})] * 3
    name, _ = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    (first,) = register.post(deposited("FRA", "2001-01-01"), subject=treaty)
    receiver.wait_for(lambda received: len(received) == 3)
    (second,) = register.post(deposited("ITA", "2001-01-01"), subject=treaty)
    *lost, later = receiver.wait_for(lambda received: len(received) == 4)
    dead = webhooks(module_database_url, "dead").stdout

    assert positions(later.changes) == [second["position"]]
    assert dead.splitlines() == [line for line in dead.splitlines() if lost[0].id in line and name in line]
    assert "3 attempts, it answered 500" in dead
    assert later.data["from_size"] == lost[0].data["to_size"]

    nothing = webhooks(module_database_url, "replay", name, "--since", str(register.size + 1))
    assert "nothing to replay" in nothing.stderr
    assert webhooks(module_database_url, "replay", name).stdout == f"{lost[0].id} is tried again\n"
    again = receiver.wait_for(lambda received: len(received) == 5)[-1]
    assert (again.id, again.body) == (lost[0].id, lost[0].body)
    assert positions(again.changes) == [first["position"]]
    assert not webhooks(module_database_url, "dead").stdout


def test_a_replayed_delivery_that_fails_again_keeps_nothing_waiting_and_is_dead_again(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    receiver.answers = [(500, {})] * 3
    name, _ = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    register.post(deposited("FRA", "2001-01-01"), subject=treaty)
    lost = receiver.wait_for(lambda received: len(received) == 3)[-1]
    wait_until(lambda: lost.id in webhooks(module_database_url, "dead").stdout)
    receiver.always = 500
    webhooks(module_database_url, "replay", lost.id)
    receiver.wait_for(lambda received: len(received) == 6)
    wait_until(lambda: lost.id in webhooks(module_database_url, "dead").stdout)
    webhooks(module_database_url, "remove", name)

    assert {each.id for each in receiver.received} == {lost.id}


def test_a_receiver_that_is_gone_gets_nothing_until_it_is_resumed_and_then_everything(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    receiver.answers = [(410, {})]
    name, _ = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    register.post(deposited("FRA", "2001-01-01"), subject=treaty)
    wait_until(lambda: "state:           gone" in webhooks(module_database_url, "show", name).stdout)
    register.post(deposited("ITA", "2001-01-01"), subject=treaty)
    register.ask("/v1/treaties")
    assert len(receiver.received) == 1
    webhooks(module_database_url, "resume", name)

    assert [change["participant"] for change in receiver.changes(3)] == ["FRA", "FRA", "ITA"]
    assert receiver.received[0].id == receiver.received[1].id


def test_a_redirect_is_a_failure_and_leads_nowhere(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    with receiving() as elsewhere:
        receiver.answers = [(status, {"Location": elsewhere.url}) for status in (301, 307, 308)]
        make_webhook(module_database_url, receiver.url, "--treaty", treaty)
        register.post(deposited("FRA", "2001-01-01"), subject=treaty)
        wait_until(lambda: "it answered 308" in webhooks(module_database_url, "dead").stdout)

        assert not elsewhere.received


def test_a_slow_receiver_keeps_no_other_waiting_and_is_not_waited_for_without_end(
    register: Register, module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    receiver.may_answer.clear()
    name, _ = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    with receiving() as quick:
        make_webhook(module_database_url, quick.url, "--treaty", treaty)
        register.post(deposited("FRA", "2001-01-01"), subject=treaty)
        receiver.wait_for(lambda received: len(received) == 1)
        register.post(deposited("ITA", "2001-01-01"), subject=treaty)

        assert [change["participant"] for change in quick.changes(2)] == ["FRA", "ITA"]
        wait_until(lambda: "no answer within 4 seconds" in webhooks(module_database_url, "show", name).stdout)
        assert {each.id for each in receiver.received} == {receiver.received[0].id}


def test_nothing_is_sent_to_an_address_that_is_not_public(
    module_database_url: str, receiver: Receiver, treaty: str
) -> None:
    name, _ = make_webhook(module_database_url, receiver.url, "--treaty", treaty)
    refused = webhooks(module_database_url, "test", name, allow="127.0.0.2/32")

    assert refused.exit_code == 1
    assert "127.0.0.1 is no address of the public internet" in refused.stderr
    assert not receiver.received
