"""Make events like those that depositaries send: the same ones for the same name, whenever they are made."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import orjson

from treaty_contracts.canonical import JSON
from treaty_contracts.participants import KNOWN

EVENTS_PER_TREATY = 100
"""A registration and 99 acts: 40 signatures, 40 deposits, 8 notices, 4 revocations, 5 reservations, 2 allegations."""

_PARTICIPANTS = 40
_STATES = sorted(code for code, known in KNOWN.items() if known.kind == "state" and code.isalpha())
_OPENED = date(2001, 3, 1)
_CLAUSES: Mapping[str, JSON] = {
    "entry_into_force": {"rule": "after_deposits", "count": 20, "delay": {"rule": "period", "period": "P90D"}},
    "joining": {"delay": {"rule": "period", "period": "P30D"}},
    "withdrawal": {"article": "15(2)", "notice": {"rule": "period", "period": "P6M"}, "later_date_allowed": True},
}


@dataclass(frozen=True, slots=True)
class Workload:
    """Hold events as the bytes of their JSON: registrations, and acts that may come in any order after them."""

    registrations: tuple[bytes, ...]
    acts: tuple[bytes, ...]
    treaties: tuple[str, ...]


def make_workload(name: str, *, treaties: int, acts: int | None = None, staggered: bool = False) -> Workload:
    """Return the events of so many treaties, those of different treaties taking turns; at most so many acts.

    All treaties come to the same point together, unless they are staggered: each begins a little after the one before.
    """
    ids = tuple(f"{name}-{number:04d}" for number in range(treaties))
    apart = EVENTS_PER_TREATY / treaties if staggered else 0.0
    in_turns = sorted(
        (place + number * apart, number, event)
        for number, treaty in enumerate(ids)
        for place, event in enumerate(_acts(treaty, number))
    )
    chosen = tuple(event for _, _, event in in_turns[:acts])
    return Workload(tuple(_registration(treaty) for treaty in ids), chosen, ids)


def treaties_for(acts: int) -> int:
    """Return how many treaties so many acts are about."""
    return -(-acts // (EVENTS_PER_TREATY - 1))


def _registration(treaty: str) -> bytes:
    data: dict[str, JSON] = {
        "title": f"Convention {treaty} on the Peaceful Use of Measurements",
        "kind": "multilateral",
        "adopted_on": _OPENED.isoformat(),
        "depositaries": ["CHE"],
        "subjects": ["measurement"],
        "identifiers": {"untc": treaty},
        "clauses": dict(_CLAUSES),
    }
    return _event("treaty.registered", treaty, 0, data)


def _acts(treaty: str, number: int) -> Iterator[bytes]:
    start = number * 7 % len(_STATES)
    participants = (_STATES * 2)[start : start + _PARTICIPANTS]
    for place, (type_, data) in enumerate(_facts(participants), start=1):
        yield _event(type_, treaty, place, data)


def _facts(participants: Sequence[str]) -> Iterator[tuple[str, dict[str, JSON]]]:
    """Yield who signed, then who consented, then who took it back or left: each on a later day than the one before."""
    for days, participant in enumerate(participants):
        yield "signature.affixed", {"participant": participant, "signed_on": _day(days), "definitive": False}
    for days, participant in enumerate(participants):
        received: JSON = [{"by": "CHE", "on": _day(200 + 20 * days)}]
        yield (
            "instrument.deposited",
            {"participant": participant, "instrument": "ratification", "received": received},
        )
    for days, participant in enumerate(participants[::8]):
        text = "Subject to the understanding that measurements are repeated."
        yield "reservation.made", {"participant": participant, "received_on": _day(1100 + days), "text": text}
    for days, participant in enumerate(participants[::5]):
        yield "withdrawal.notified", {"participant": participant, "received_on": _day(3000 + 400 * days)}
    for days, participant in enumerate(participants[::10]):
        yield "withdrawal.revoked", {"participant": participant, "received_on": _day(3060 + 800 * days)}
    for days, participant in enumerate(participants[:2]):
        yield (
            "breach.alleged",
            {"participant": participant, "against": participants[3], "on": _day(6500 + days), "provisions": ["4(1)"]},
        )


def _day(days: int) -> str:
    return (_OPENED + timedelta(days=days)).isoformat()


def _event(type_: str, treaty: str, place: int, data: Mapping[str, JSON]) -> bytes:
    cited = {"citation": f"Depositary notification C.N.{place}.2001", "source_url": f"https://example.org/cn/{place}"}
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": f"{treaty}/{place}",
            "source": "urn:example:depositary",
            "type": type_,
            "subject": treaty,
            "data": {**data, **cited},
        }
    )
