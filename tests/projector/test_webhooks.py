"""A webhook is told of every change of membership, in order, signed, and of what it asked for only."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest
from builders import deposited, registered
from projector.receivers import ON_LOOPBACK, make_webhook, positions, receiving, webhooks
from register import Register, event, running_register
from standalone.processes import wait_until

from treaty_contracts.canonical import JsonObject

CODES = ("AUT", "BEL", "CHE", "DNK", "FIN")


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    folder = Path(tmp_path_factory.mktemp("webhooks"))
    with running_register(module_database_url, folder, env=ON_LOOPBACK) as running:
        yield running


def all_changes(register: Register, query: str) -> list[JsonObject]:
    """Return what the API says changed, page by page."""
    found: list[JsonObject] = []
    answer = register.ask(f"/v1/changes?{query}")
    while True:
        found += cast("list[JsonObject]", answer["changes"])
        if answer["next"] is None:
            return found
        answer = register.ask(f"/v1/changes?{query}&cursor={answer['next']}")


def test_every_change_arrives_in_order_signed_and_without_gaps(register: Register, module_database_url: str) -> None:
    register.post(registered(), subject="ordered")
    with receiving() as receiver:
        start = register.ask("/v1/projection")["size"]
        name, secret = make_webhook(module_database_url, receiver.url, "--treaty", "ordered")
        for code in CODES:
            register.post(deposited(code, "2001-01-01"), subject="ordered")
        arrived = receiver.changes(len(CODES))

        assert arrived == all_changes(register, f"from_size={start}&treaty=ordered")
        assert [change["participant"] for change in arrived] == list(CODES)
        assert all(request.verified(secret) for request in receiver.received)
        covered = [(request.data["from_size"], request.data["to_size"]) for request in receiver.received]
        assert covered[0][0] == start
        assert all(before[1] == after[0] for before, after in pairwise(covered))
        assert {request.said["type"] for request in receiver.received} == {"treaty.membership.changed"}
        wait_until(lambda: "none" in webhooks(module_database_url, "show", name).stdout)


def test_a_webhook_is_told_of_its_treaties_and_participants_only(register: Register, module_database_url: str) -> None:
    for treaty in ("one", "two", "three"):
        register.post(registered(), subject=treaty)
    register.ask("/v1/treaties")
    with receiving() as receiver:
        options = ("--treaty", "one", "--treaty", "two", "--participant", "FRA", "--participant", "ITA")
        make_webhook(module_database_url, receiver.url, *options)
        for treaty in ("three", "two", "one"):
            register.post(*(deposited(code, "2001-01-01") for code in ("AUT", "FRA", "ITA")), subject=treaty)
        told = [(change["treaty"], change["participant"]) for change in receiver.changes(4)]

    assert told == [("two", "FRA"), ("two", "ITA"), ("one", "FRA"), ("one", "ITA")]


def test_what_one_entry_changes_for_hundreds_arrives_in_several_deliveries(
    register: Register, module_database_url: str
) -> None:
    clauses: JsonObject = {"entry_into_force": {"rule": "after_deposits", "count": 150, "delay": {"rule": "immediate"}}}
    codes = [f"X{number:03}" for number in range(150)]
    named = (event("participant.registered", _participant(code), subject="participants") for code in codes)
    acts = (registered(clauses), *(deposited(code, "2001-01-01") for code in codes))
    register.post_lines([*named, *(event(*act, subject="crowd") for act in acts)])
    wait_until(lambda: register.get("/v1/projection").json()["size"] == register.size)
    expected = all_changes(register, "from_size=0&treaty=crowd")
    with receiving() as receiver:
        make_webhook(module_database_url, receiver.url, "--treaty", "crowd", "--from-size", "0")
        arrived = receiver.changes(len(expected))

        last = expected[-1]["position"]
        assert positions(expected).count(last) == len(codes)
        assert arrived == expected
        assert max(len(request.changes) for request in receiver.received) <= 100
        ends = [(request.data["from_size"], request.data["to_size"]) for request in receiver.received]
        assert all(before[1] == after[0] for before, after in pairwise(ends))
        assert ends[-2][1] == last  # a size is reached when all of its entry is told


def _participant(code: str) -> JsonObject:
    return {"code": code, "kind": "state", "names": [{"name": f"State {code}"}]}


@pytest.mark.usefixtures("register")
def test_while_a_secret_is_changed_both_verify_and_after_a_second_change_the_first_does_not(
    module_database_url: str,
) -> None:
    with receiving() as receiver:
        name, first = make_webhook(module_database_url, receiver.url)
        second = webhooks(module_database_url, "rotate-secret", name).stdout.strip()
        assert webhooks(module_database_url, "test", name).exit_code == 0
        third = webhooks(module_database_url, "rotate-secret", name).stdout.strip()
        assert webhooks(module_database_url, "test", name).exit_code == 0
        early, late = receiver.wait_for(lambda received: len(received) == 2)

    assert early.verified(first)
    assert early.verified(second)
    assert late.verified(second)
    assert late.verified(third)
    with pytest.raises(Exception, match="No matching signature"):
        late.verified(first)
    assert early.said["type"] == "treaty.webhook.ping"
    shown = webhooks(module_database_url, "show", name).stdout + webhooks(module_database_url, "list").stdout
    assert not any(secret in shown for secret in (first, second, third))


def test_a_paused_webhook_hears_everything_when_it_is_resumed_and_a_removed_one_nothing(
    register: Register, module_database_url: str
) -> None:
    register.post(registered(), subject="paused")
    register.ask("/v1/treaties")
    with receiving() as receiver, receiving() as other:
        paused, _ = make_webhook(module_database_url, receiver.url, "--treaty", "paused")
        removed, _ = make_webhook(module_database_url, other.url, "--treaty", "paused")
        assert webhooks(module_database_url, "pause", paused).exit_code == 0
        assert webhooks(module_database_url, "remove", removed).exit_code == 0
        register.post(*(deposited(code, "2001-01-01") for code in CODES), subject="paused")
        register.ask("/v1/treaties")
        assert not receiver.received
        assert webhooks(module_database_url, "resume", paused).exit_code == 0

        assert [change["participant"] for change in receiver.changes(len(CODES))] == list(CODES)
        assert not other.received


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("add", "ftp://example.org/"), "give an https URL"),
        (("add", "https://user:secret@example.org/"), "leave user and password out"),
        (("add", "https://example.org/#part"), "leave the fragment"),
        (("add", "https://"), "give a URL with a host"),
        (("add", "http://10.0.0.3/hook"), "10.0.0.3 is no address of the public internet"),
        (("add", "http://nobody.invalid/hook"), "its address is not known"),
        (("add", "http://127.0.0.1:1/", "--treaty", "nowhere"), "no treaty of that name is on record"),
        (("add", "http://127.0.0.1:1/", "--participant", "NOBODY"), "no participant has that code"),
        (("add", "http://127.0.0.1:1/", "--from-size", "1000000"), "give a size from 0 to"),
        (("show", "wh_none"), "there is no webhook wh_none"),
        (("remove", "wh_none"), "there is no webhook wh_none"),
        (("test", "wh_none"), "there is no webhook wh_none"),
    ],
)
def test_a_command_that_cannot_be_done_says_why_in_one_line(
    module_database_url: str, arguments: tuple[str, ...], says: str
) -> None:
    done = webhooks(module_database_url, *arguments)

    assert (done.exit_code, done.stdout) == (1, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
