"""An operator sees in the metrics how deliveries to webhooks are getting on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from builders import deposited, registered
from projector.receivers import ON_LOOPBACK, Receiver, make_webhook, receiving, webhooks
from prometheus_client.parser import text_string_to_metric_families
from register import Register, running_register
from standalone.processes import wait_until

ONCE_MORE = {"TREATY_PROJECTOR_WEBHOOK_RETRY_SECONDS": "0.05"}
ATTEMPTS = ("delivered", "failed", "given_up", "gone")


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    with running_register(database_url, tmp_path, env={**ON_LOOPBACK, **ONCE_MORE}) as running:
        running.post(registered())
        running.ask("/v1/treaties")
        yield running


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


def figures(register: Register) -> dict[str, float]:
    """Return the metrics about webhooks, by name and label."""
    families = text_string_to_metric_families(register.get("/metrics").text)
    return {
        " ".join([sample.name.removeprefix("treaty_projector_webhook"), *sample.labels.values()]): sample.value
        for family in families
        for sample in family.samples
        if sample.name.startswith("treaty_projector_webhook") and "_seconds_" not in sample.name
    }


def attempts(register: Register) -> tuple[float, ...]:
    found = figures(register)
    return tuple(found[f"_attempts_total {outcome}"] for outcome in ATTEMPTS)


def test_each_attempt_is_counted_by_what_became_of_it(
    register: Register, database_url: str, receiver: Receiver
) -> None:
    assert attempts(register) == (0, 0, 0, 0)
    receiver.answers = [(500, {}), (500, {})]
    name, _ = make_webhook(database_url, receiver.url)
    register.post(deposited("AUT", "2001-01-01"))
    wait_until(lambda: figures(register)["_dead_letters"] == 1)
    assert attempts(register) == (0, 1, 1, 0)

    assert webhooks(database_url, "replay", name).exit_code == 0
    wait_until(lambda: attempts(register) == (1, 1, 1, 0))
    assert figures(register)["_dead_letters"] == 0

    receiver.answers = [(410, {})]
    register.post(deposited("BEL", "2001-01-01"))
    wait_until(lambda: figures(register)["s gone"] == 1)
    assert attempts(register) == (1, 1, 1, 1)
    assert figures(register)["s active"] == 0


def test_a_webhook_is_behind_until_its_delivery_arrives_or_it_is_paused(
    register: Register, database_url: str, receiver: Receiver
) -> None:
    receiver.answers = [(503, {"Retry-After": "3600"})]
    name, _ = make_webhook(database_url, receiver.url)
    assert figures(register)["_behind_seconds"] == 0
    register.post(deposited("AUT", "2001-01-01"))
    wait_until(lambda: attempts(register) == (0, 1, 0, 0))
    first = figures(register)["_behind_seconds"]
    assert figures(register)["_behind_seconds"] > first > 0

    assert webhooks(database_url, "pause", name).exit_code == 0

    assert (figures(register)["_behind_seconds"], figures(register)["s paused"]) == (0, 1)
