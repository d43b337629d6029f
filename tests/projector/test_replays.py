"""What is folded group by group from the first entry on is what a worker folds that meets entry after entry."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random

import orjson
import pytest
from builders import SIMPLE_CLAUSES, deposited, notified, registered, succeeded, superseded
from hypothesis import example, given
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON, canonical_bytes
from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import add_terms
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, Kept, fact_of
from treaty_projector.errors import CannotFold
from treaty_projector.failpoints import Failpoints
from treaty_projector.folding import Folder
from treaty_projector.law.state import Fact
from treaty_projector.quarantine import Quarantine, Quarantined
from treaty_projector.rebuild.group import fold_group
from treaty_projector.rebuild.portions import groups_of, named_parents
from treaty_projector.replay import graph_steps, recorded
from treaty_projector.store import Cursor
from treaty_projector.transactions import Transaction

TREATIES = tuple("abcdef")
CODES = ("CSK", "CZE", "SVK", "FRA")
SIZE = 45

Known = tuple[bytes, set[Quarantined]]


def log(chance: Random) -> list[Entry]:
    """Return entries about treaties that are tied in many ways, some of which no release can read."""
    told: list[tuple[str, str, dict[str, JSON]]] = [(treaty, *registered(clauses(chance))) for treaty in TREATIES]
    while len(told) < SIZE:
        treaty, code, day = chance.choice(TREATIES), chance.choice(CODES), f"{chance.randint(1990, 2010)}-03-01"
        match chance.randrange(12):
            case 0:
                ends = dict(zip(("from", "to"), chance.sample(CODES, 2), strict=True))
                graph: dict[str, JSON] = {**ends, "relation": "succeeds", "on": day}
                told.append((PARTICIPANTS_SUBJECT, "participant.related", graph))
            case 1:
                told.append((treaty, "treaty.clauses_amended", {"clauses": clauses(chance), "effective_on": day}))
            case 2:
                mistaken = chance.choice([place for place, one in enumerate(told) if one[0] == treaty])
                told.append((treaty, *superseded(mistaken, succeeded(code, day))))
            case 3 if chance.random() < 0.3:
                told.append((treaty, "type.of_tomorrow", {"participant": code}))
            case 4 | 5 | 6:
                told.append((treaty, *notified(code, day)))
            case 7 | 8:
                told.append((treaty, *succeeded(code, day)))
            case _:
                told.append((treaty, *deposited(code, day)))
    return [entry(position, *one) for position, one in enumerate(told)]


def clauses(chance: Random) -> dict[str, JSON]:
    parents: list[JSON] = [*chance.sample(TREATIES, chance.choice([0, 0, 1, 2]))]
    return {**SIMPLE_CLAUSES, "falls_with": parents}


def entry(position: int, stream: str, type_: str, data: dict[str, JSON]) -> Entry:
    at = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return Entry(position, at, stream, None, type_, "urn:test", 1, canonical_bytes(data), bytes(32))


class Memory:
    """Keep what a worker wrote."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.ties: set[tuple[str, str]] = set()

    async def facts(self, stream: str, size: int) -> list[Fact]:
        return [
            fact_of(each.position, each.type, each.source, each.schema_version, each.data)
            for each in self.entries[:size]
            if each.stream == stream
        ]

    async def streams_of(self, participants: Iterable[str]) -> list[str]:
        named = [code.encode() for code in participants]
        return sorted({each.stream for each in self.entries if any(code in each.data for code in named)} & {*TREATIES})

    async def falls(self) -> list[tuple[str, str]]:
        return sorted(self.ties)


async def followed(entries: Sequence[Entry], failpoints: str, *, batch: int, capacity: int) -> Known:
    """Follow the log as a worker does; return the sum of the digest and who is quarantined."""
    store, quarantine, cursor = Memory(), Quarantine(), Cursor()
    desk = Desk(store, capacity=capacity, quarantine=quarantine, failpoints=Failpoints(failpoints))
    folder = Folder(desk)
    await folder.begin([], [])
    for start in range(0, len(entries), batch):
        rest = entries[start : start + batch]
        while rest:
            transaction = Transaction(cursor, "")
            trouble = await folder.fold(transaction, rest)
            if transaction.entries:
                cursor = transaction.cursor_after(cursor)
                store.entries += transaction.entries
                store.ties |= {*desk.new_falls()}
                desk.written()
                rest = rest[len(transaction.entries) :]
            if isinstance(trouble, CannotFold):
                await folder.hold(trouble, rest[0].position)
            else:
                assert trouble is None
    return cursor.digest_sum, {*quarantine.held()}


async def rebuilt(entries: Sequence[Entry], failpoints: str) -> Known:
    """Fold group by group, as a rebuild does."""
    kept = [Kept(e.position, e.stream, e.type, e.source, e.schema_version, e.data) for e in entries]
    graph = graph_steps(each for each in kept if each.stream == PARTICIPANTS_SUBJECT)
    ties = [(each.stream, parent) for each in kept for parent in named_parents(orjson.loads(each.data))]
    terms, held = bytes(32), set[Quarantined]()
    for group in groups_of(TREATIES, ties):
        read = [recorded(each) for each in kept if each.stream in group]
        folded = await fold_group(read, graph, Failpoints(failpoints), most=SIZE)
        terms = add_terms(terms, folded.terms)
        held |= {*folded.held}
    return terms, held


@pytest.mark.property
@given(
    seed=st.integers(0, 2**32),
    defects=st.dictionaries(st.sampled_from(TREATIES), st.integers(0, SIZE), max_size=3),
    batch=st.sampled_from([1, 7, SIZE]),
    capacity=st.sampled_from([1, SIZE]),
)
@example(seed=1, defects={"a": 0, "b": 20}, batch=7, capacity=1)
def test_a_rebuild_knows_and_quarantines_what_a_worker_does(
    seed: int, defects: dict[str, int], batch: int, capacity: int
) -> None:
    entries = log(Random(seed))  # noqa: S311 - the same log for the same seed
    failpoints = ",".join(f"folding:raise:{treaty}@{position}" for treaty, position in defects.items())

    live = asyncio.run(followed(entries, failpoints, batch=batch, capacity=capacity))

    assert asyncio.run(rebuilt(entries, failpoints)) == live
