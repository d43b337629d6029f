"""Build facts the short way, for tests of the law."""

import json
from collections.abc import Iterable, Mapping
from itertools import count

from treaty_contracts.canonical import JSON
from treaty_contracts.events import parse_data
from treaty_projector.law.fold import fold
from treaty_projector.law.state import Fact, TreatyState

SIMPLE_CLAUSES: dict[str, JSON] = {
    "entry_into_force": {"rule": "on_date", "date": "2000-01-01"},
    "joining": {"delay": {"rule": "period", "period": "P30D"}},
    "withdrawal": {"article": "10", "notice": {"rule": "period", "period": "P1Y"}, "later_date_allowed": True},
}


def fact(type_: str, position: int, data: Mapping[str, JSON], *, source: str = "urn:test") -> Fact:
    """Return a recorded fact."""
    return Fact(position, type_, parse_data(type_, dict(data)), source, f"{type_} {source} {json.dumps(data)}")


def facts(events: Iterable[tuple[str, Mapping[str, JSON]]], *, source: str = "urn:test") -> list[Fact]:
    """Return recorded facts at positions 0, 1, 2 …"""
    numbers = count()
    return [fact(type_, next(numbers), data, source=source) for type_, data in events]


def registered(clauses: Mapping[str, JSON] | None = None, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Put a treaty on the books: in force since 2000, one joins after 30 days, one leaves after a year."""
    chosen: JSON = dict(SIMPLE_CLAUSES if clauses is None else clauses)
    return ("treaty.registered", {"title": "A treaty", "kind": "multilateral", "clauses": chosen, **more})


def deposited(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody accede."""
    return (
        "instrument.deposited",
        {"participant": participant, "instrument": "accession", "received_on": received_on, **more},
    )


def notified(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody notify its withdrawal."""
    return ("withdrawal.notified", {"participant": participant, "received_on": received_on, **more})


def acted(type_: str, participant: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody do something else."""
    return (type_, {"participant": participant, **more})


def folded(*events: tuple[str, Mapping[str, JSON]]) -> TreatyState:
    """Return the state of a treaty after these events."""
    return fold("test", facts(events), successions={})
