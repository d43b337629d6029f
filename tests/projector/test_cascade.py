"""An exit from a treaty is an exit from those that fall with it, in whatever order it was recorded."""

import pytest
from builders import SIMPLE_CLAUSES, acted, deposited, notified, registered
from register import Register

from treaty_contracts.canonical import JSON


def falling_with(*parents: str) -> dict[str, JSON]:
    return {**SIMPLE_CLAUSES, "falls_with": list(parents)}


def exits(register: Register, treaty: str, as_of: str) -> list[tuple[JSON, JSON, JSON]]:
    answer = register.ask(f"/v1/pending-exits?treaty={treaty}&as_of={as_of}")["pending_exits"]
    assert isinstance(answer, list)
    return [(exit_["participant"], exit_["effective_on"], exit_["rule"]) for exit_ in answer if isinstance(exit_, dict)]


def tell_framework(register: Register, name: str) -> None:
    register.post(
        registered(),
        deposited("USA", "2001-01-01"),
        deposited("FRA", "2001-01-01"),
        notified("USA", "2010-01-01"),
        subject=name,
    )


def tell_protocol(register: Register, name: str, *parents: str) -> None:
    register.post(
        registered(falling_with(*parents)), deposited("USA", "2003-01-01"), deposited("FRA", "2003-01-01"), subject=name
    )


@pytest.mark.parametrize("protocol_first", [True, False])
def test_leaving_the_framework_leaves_the_protocol_on_the_same_day(register: Register, *, protocol_first: bool) -> None:
    framework, protocol = f"framework-{protocol_first}".lower(), f"protocol-{protocol_first}".lower()
    if protocol_first:
        tell_protocol(register, protocol, framework)
    tell_framework(register, framework)
    if not protocol_first:
        tell_protocol(register, protocol, framework)

    assert exits(register, protocol, "2010-06-01") == [("USA", "2011-01-01", f"falls_with {framework}")]
    assert register.parties("2010-12-31", treaty=protocol) == {"FRA", "USA"}
    assert register.parties("2011-01-01", treaty=protocol) == {"FRA"}


def test_revoking_the_cause_revokes_what_follows_from_it(register: Register) -> None:
    tell_framework(register, "taken-back")
    tell_protocol(register, "follows-back", "taken-back")
    known = register.size
    register.post(acted("withdrawal.revoked", "USA", received_on="2010-03-01"), subject="taken-back")

    assert exits(register, "follows-back", "2010-02-28") == [("USA", "2011-01-01", "falls_with taken-back")]
    assert exits(register, "follows-back", "2010-03-01") == []
    assert register.parties("2012-01-01", treaty="follows-back") == {"FRA", "USA"}
    assert register.parties("2012-01-01", treaty="follows-back", more=f"&known_size={known}") == {"FRA"}


def test_an_exit_is_carried_through_a_chain_and_never_around_a_circle(register: Register) -> None:
    tell_protocol(register, "circle-c", "circle-b")
    tell_protocol(register, "circle-b", "circle-a")
    tell_protocol(register, "circle-a", "circle-c")
    register.post(notified("USA", "2010-01-01"), subject="circle-a")

    for treaty in ("circle-a", "circle-b", "circle-c"):
        assert register.parties("2010-12-31", treaty=treaty) == {"FRA", "USA"}
        assert register.parties("2011-01-01", treaty=treaty) == {"FRA"}
