"""Measure what folding one more fact costs in treaties of several sizes."""

import time
from collections.abc import Iterator, Sequence
from itertools import count

from figures import OURS, Figure, Run

from treaty_contracts.canonical import JSON, JsonObject, canonical_bytes
from treaty_contracts.participants import KNOWN
from treaty_projector.entries import fact_of
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import Fact

SIZES = (10, 200, 5_000, 20_000)
"""How many facts the treaties have: 2, 100, 200 and 200 participants, the last with a hundred facts each."""

CODES = sorted(code for code, participant in KNOWN.items() if participant.kind == "state")[:200]
CLAUSES: dict[str, JSON] = {
    "entry_into_force": {
        "rule": "after_deposits",
        "count": 20,
        "delay": {"rule": "period", "period": "P90D"},
    },
    "joining": {"delay": {"rule": "period", "period": "P30D"}},
    "withdrawal": {"article": "10", "notice": {"rule": "period", "period": "P1Y"}},
}

SLOWER_JOINING: dict[str, JSON] = {**CLAUSES, "joining": {"delay": {"rule": "period", "period": "P60D"}}}
TERMINATION: dict[str, JSON] = {"effective_on": "2011-01-01", "reason": "by_consent"}


def measure_folding(rounds: int) -> list[Figure]:
    """Return facts a second for each size, beside reading the same facts alone, and what treaty-level facts cost."""
    amendment: JsonObject = {"clauses": dict(CLAUSES), "effective_on": "2015-01-01"}
    of_joining: JsonObject = {"clauses": dict(SLOWER_JOINING), "effective_on": "1980-01-01"}
    return [
        *(_by_size(size, rounds) for size in SIZES),
        _treaty_fact("an amendment after the last act", "treaty.clauses_amended", amendment, rounds),
        _treaty_fact("an amendment that moves everyone", "treaty.clauses_amended", of_joining, rounds),
        _treaty_fact("a termination", "treaty.terminated", dict(TERMINATION), rounds),
    ]


def _by_size(size: int, rounds: int) -> Figure:
    """Fold whole treaties of one size, fact by fact; the peer only reads the facts."""
    repeats = max(1, 5_000 // size)
    raw = list(_told(size))
    ours, reading = [], []
    for number in range(rounds + 1):
        began = time.perf_counter()
        for _ in range(repeats):
            facts = _read(raw)
        read = time.perf_counter()
        for _ in range(repeats):
            folding = Folding("measured", successions={})
            for fact in facts:
                folding.step(fact)
        folded = time.perf_counter()
        if number:
            ours.append(Run(size * repeats / (folded - read)))
            reading.append(Run(size * repeats / (read - began)))
    name = f"folding, treaties of {size:,} facts"
    return Figure(name=name, unit="/s", runs={OURS: ours, "reading the facts": reading})


def _treaty_fact(what: str, type_: str, data: JsonObject, rounds: int) -> Figure:
    """Fold one fact about the treaty itself where there are 200 parties; the peer is one accession there."""
    facts = _read(list(_told(600)))
    accession: JsonObject = {"participant": "USA", "instrument": "accession", "received_on": "2016-01-01"}
    ours, peers = [], []
    for number in range(rounds + 1):
        folding = Folding("measured", facts, successions={})
        runs = []
        for position, (told, said) in enumerate(((type_, data), ("instrument.deposited", accession)), len(facts)):
            fact = fact_of(position, told, "urn:measured", 1, canonical_bytes(said))
            began = time.perf_counter()
            folding.step(fact)
            runs.append(Run((time.perf_counter() - began) * 1000))
        if number:
            ours.append(runs[0])
            peers.append(runs[1])
    return Figure(
        name=f"folding {what}, 200 parties", unit="ms", runs={OURS: ours, "folding an accession there": peers}
    )


def _told(size: int) -> Iterator[tuple[str, JsonObject]]:
    """Tell of accessions, then of notices and their revocations in turn, until there are enough facts."""
    yield "treaty.registered", {"title": "Measured", "kind": "multilateral", "clauses": dict(CLAUSES)}
    parties = CODES[: max(2, min(len(CODES), size // 2))]
    for index, code in enumerate(parties):
        day = f"{1990 + index % 20}-03-01"
        yield "instrument.deposited", {"participant": code, "instrument": "accession", "received_on": day}
    left = size - 1 - len(parties)
    for number in count():
        for code in parties:
            if left <= 0:
                return
            type_ = "withdrawal.revoked" if number % 2 else "withdrawal.notified"
            yield type_, {"participant": code, "received_on": f"{2012 + number // 4}-0{1 + number % 4 * 2}-01"}
            left -= 1


def _read(raw: Sequence[tuple[str, JsonObject]]) -> list[Fact]:
    return [
        fact_of(position, type_, "urn:measured", 1, canonical_bytes(data)) for position, (type_, data) in enumerate(raw)
    ]
