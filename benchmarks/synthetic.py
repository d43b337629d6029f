"""Make ledgers of any size with the shape of the real tables: the same ones for the same seed, wherever they are made.

python benchmarks/synthetic.py SIZE [--seed N]    count what a ledger of that size holds
"""

import argparse
from collections import Counter
from collections.abc import Generator, Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple, TypeAlias

from treaty_contracts.canonical import JSON
from treaty_contracts.participants import KNOWN

EVENTS_PER_TREATY = 83
"""On average: 5 million events are about 60,000 treaties."""

PARTICIPANTS = "participants"

_MOST_OPEN = 2_000
"""How many treaties are spoken of in turns at most: the facts of one lie far apart in the log."""

_STATES = sorted(code for code, known in KNOWN.items() if known.kind == "state" and code.isalpha())
_FIRST_DAY = date(1950, 1, 1)
_LAST_DAY = date(2025, 12, 31)
_SUCCESSIONS = (("CSK", "CZE", "1993-01-01"), ("CSK", "SVK", "1993-01-01"), ("SCG", "MNE", "2006-06-03"))
_JOINING_DELAYS = ("P30D", "P60D", "P90D", "P3M")
_NOTICES = ("P3M", "P6M", "P1Y", "P2Y")

Data: TypeAlias = dict[str, JSON]
Telling: TypeAlias = Generator[tuple[str, Data], int, None]
"""Gives facts of one stream, and hears the position of each."""


class Told(NamedTuple):
    """Hold one event, in the order of the log."""

    position: int
    stream: str
    place: int
    """Its place in the stream, from 1 on."""
    type: str
    data: Data


def tell(size: int, *, seed: int) -> Iterator[Told]:
    """Yield so many events: the graph of participants, then treaties in turns until there are enough."""
    most_open = max(10, min(_MOST_OPEN, size // (4 * EVENTS_PER_TREATY)))
    chance = Random(seed)  # noqa: S311 - no secret: the same ledger for the same seed
    position = 0
    waiting: dict[str, tuple[Telling, int, int]] = {PARTICIPANTS: (_relations(), 0, 0)}
    names = [PARTICIPANTS]
    number = 0
    while position < size:
        while len(names) < most_open:
            name = f"synthetic-{number:06d}"
            waiting[name] = (_treaty(Random(seed * 1_000_003 + number), number), 0, 0)  # noqa: S311 - as above
            names.append(name)
            number += 1
        at = chance.randrange(len(names))
        telling, place, heard = waiting[names[at]]
        try:
            type_, data = next(telling) if place == 0 else telling.send(heard)
        except StopIteration:
            del waiting[names[at]]
            names[at] = names[-1]
            names.pop()
            continue
        place += 1
        yield Told(position, names[at], place, type_, data)
        waiting[names[at]] = (telling, place, position)
        position += 1


def _relations() -> Telling:
    for from_, to, day in _SUCCESSIONS:
        yield "participant.related", {"from": from_, "to": to, "relation": "succeeds", "on": day}


def _treaty(chance: Random, number: int) -> Telling:
    """Tell one treaty: who signed, consented, left, came back, was recorded late or by mistake."""
    opened = _FIRST_DAY + timedelta(days=chance.randrange(25_000))
    yield "treaty.registered", _registration(chance, number, opened)
    acts = [act for code in chance.sample(_STATES, _members(chance)) for act in _life(chance, code, opened)]
    acts.sort(key=lambda act: act[0])
    for _, type_, data in acts:
        position = yield type_, data
        if chance.random() < 0.01:  # noqa: PLR2004 - one record in a hundred is mistaken
            corrected: Data = {**data, "note": "Corrected by the depositary."}
            yield (
                "record.superseded",
                {"position": position, "reason": "a slip", "replacement": {"type": type_, "data": corrected}},
            )


def _members(chance: Random) -> int:
    """Return 2 to 200 participants, few in most treaties and many in some: 22 on average."""
    return min(len(_STATES), 200, 2 + int(chance.paretovariate(1.05) * 5))


def _registration(chance: Random, number: int, opened: date) -> Data:
    clauses: Data = {
        "entry_into_force": {
            "rule": "after_deposits",
            "count": chance.randint(2, 10),
            "delay": {"rule": "period", "period": "P90D"},
        },
        "joining": {"delay": {"rule": "period", "period": chance.choice(_JOINING_DELAYS)}},
        "withdrawal": {
            "article": str(chance.randint(5, 60)),
            "notice": {"rule": "period", "period": chance.choice(_NOTICES)},
            "later_date_allowed": True,
        },
    }
    if number % 100 == 99:  # noqa: PLR2004 - one treaty in a hundred falls with the one before it
        clauses["falls_with"] = [f"synthetic-{number - 1:06d}"]
    return {
        "title": f"Convention No. {number} on Matters of Common Interest",
        "kind": "multilateral",
        "adopted_on": opened.isoformat(),
        "clauses": clauses,
    }


def _life(chance: Random, code: str, opened: date) -> Iterator[tuple[float, str, Data]]:
    """Give the acts of one participant, each with the time of its recording: some are recorded years late."""
    day = opened + timedelta(days=chance.randrange(400))
    if chance.random() < 0.6:  # noqa: PLR2004 - the others accede
        yield _act(chance, day, "signature.affixed", {"participant": code, "signed_on": day.isoformat()})
    while True:
        day += timedelta(days=30 + int(chance.expovariate(1 / 1_500)))
        received: JSON = [{"by": "CHE", "on": day.isoformat()}]
        yield _act(
            chance,
            day,
            "instrument.deposited",
            {"participant": code, "instrument": chance.choice(("accession", "ratification")), "received": received},
        )
        for _ in range(chance.choice((0, 0, 0, 1, 2))):
            later = day + timedelta(days=chance.randrange(3_000))
            made: Data = {"participant": code, "received_on": later.isoformat(), "text": "With an understanding."}
            yield _act(chance, later, "reservation.made", made)
        if chance.random() > 0.25:  # noqa: PLR2004 - most stay
            return
        day += timedelta(days=400 + chance.randrange(6_000))
        yield _act(chance, day, "withdrawal.notified", {"participant": code, "received_on": day.isoformat()})
        if chance.random() < 0.4:  # noqa: PLR2004 - and some of the others think better of it
            day += timedelta(days=chance.randrange(80))
            yield _act(chance, day, "withdrawal.revoked", {"participant": code, "received_on": day.isoformat()})
            return
        if day > _LAST_DAY or chance.random() < 0.5:  # noqa: PLR2004 - half of those who left come back
            return
        day += timedelta(days=900)


def _act(chance: Random, day: date, type_: str, data: Data) -> tuple[float, str, Data]:
    late = chance.expovariate(1 / 1_500) if chance.random() < 0.1 else chance.random()  # noqa: PLR2004 - one in ten
    return day.toordinal() + late, type_, data


def main() -> None:
    """Print what a ledger of some size holds."""
    parser = argparse.ArgumentParser(description="Count what a synthetic ledger holds.")
    parser.add_argument("size", type=int)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    types, streams = Counter[str](), Counter[str]()
    for told in tell(asked.size, seed=asked.seed):
        types[told.type] += 1
        streams[told.stream] += 1
    print(f"{asked.size:,} events about {len(streams):,} treaties, the largest with {max(streams.values()):,}")
    for type_, number in types.most_common():
        print(f"{number:>10,} {type_}")


if __name__ == "__main__":
    main()
