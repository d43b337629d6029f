"""Build facts the short way, for tests of the law."""

import json
from collections.abc import Iterable, Mapping
from itertools import count

from treaty_contracts.canonical import JSON
from treaty_contracts.events import parse_data
from treaty_projector.law.consent import Successions
from treaty_projector.law.fold import fold
from treaty_projector.law.state import Fact, TreatyState

Event = tuple[str, Mapping[str, JSON]]
"""The type and the data of an event; the tests give it a position."""

ONE_YEAR: dict[str, JSON] = {"rule": "period", "period": "P1Y"}
SIMPLE_CLAUSES: dict[str, JSON] = {
    "entry_into_force": {"rule": "on_date", "date": "2000-01-01"},
    "joining": {"delay": {"rule": "period", "period": "P30D"}},
    "withdrawal": {"article": "10", "notice": ONE_YEAR, "later_date_allowed": True},
}


def fact(type_: str, position: int, data: Mapping[str, JSON], *, source: str = "urn:test") -> Fact:
    """Return a recorded fact."""
    return Fact(position, type_, parse_data(type_, dict(data)), source, f"{type_} {source} {json.dumps(data)}")


def facts(events: Iterable[Event], *, source: str = "urn:test") -> list[Fact]:
    """Return recorded facts at positions 0, 1, 2 …"""
    numbers = count()
    return [fact(type_, next(numbers), data, source=source) for type_, data in events]


def leaving(notice: JSON = None, **more: JSON) -> dict[str, JSON]:
    """Return clauses that are simple but for how one leaves: after a year, unless told otherwise."""
    withdrawal: dict[str, JSON] = {"article": "10", "notice": ONE_YEAR if notice is None else notice, **more}
    return {**SIMPLE_CLAUSES, "withdrawal": withdrawal}


def registered(clauses: Mapping[str, JSON] | None = None, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Put a treaty on the books: in force since 2000, one joins after 30 days, one leaves after a year."""
    chosen: JSON = dict(SIMPLE_CLAUSES if clauses is None else clauses)
    return ("treaty.registered", {"title": "A treaty", "kind": "multilateral", "clauses": chosen, **more})


def signed(participant: str, signed_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody sign, subject to ratification unless told otherwise."""
    return ("signature.affixed", {"participant": participant, "signed_on": signed_on, **more})


def deposited(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody accede."""
    return (
        "instrument.deposited",
        {"participant": participant, "instrument": "accession", "received_on": received_on, **more},
    )


def succeeded(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody succeed to the treaty."""
    return deposited(participant, received_on, **{"instrument": "succession", **more})


def notified(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody notify its withdrawal."""
    return ("withdrawal.notified", {"participant": participant, "received_on": received_on, **more})


def revoked(participant: str, received_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody take its notice back."""
    return ("withdrawal.revoked", {"participant": participant, "received_on": received_on, **more})


def completed(participant: str, effective_on: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody state that a withdrawal took effect."""
    return ("withdrawal.completed", {"participant": participant, "effective_on": effective_on, **more})


def ceased(participant: str, effective_on: str, reason: str = "expulsion") -> tuple[str, dict[str, JSON]]:
    """Let participation end otherwise than by notice."""
    return ("participation.ceased", {"participant": participant, "effective_on": effective_on, "reason": reason})


def acted(type_: str, participant: str, **more: JSON) -> tuple[str, dict[str, JSON]]:
    """Let somebody do something else."""
    return (type_, {"participant": participant, **more})


def superseded(position: int, replacement: Event | None = None) -> tuple[str, dict[str, JSON]]:
    """Take a mistaken record out, and perhaps put another in its place."""
    data: dict[str, JSON] = {"position": position, "reason": "a slip of the pen"}
    if replacement is not None:
        data["replacement"] = {"type": replacement[0], "data": dict(replacement[1])}
    return ("record.superseded", data)


def folded(*events: Event, successions: Successions | None = None) -> TreatyState:
    """Return the state of a treaty after these events."""
    return fold("test", facts(events), successions=successions or {})
