"""Treaties lie in slices by their names alone, and workers share the slices fairly."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from random import Random

import pytest
from chaos.story import Story
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.canonical import canonical_bytes
from treaty_projector.bitemporal.versions import Change
from treaty_projector.desk import Desk
from treaty_projector.entries import Entry, Kept
from treaty_projector.folding import Folder
from treaty_projector.law.state import Fact
from treaty_projector.sharing.portions import Portion
from treaty_projector.sharing.work import Part, next_work
from treaty_projector.slices import PARTS, SLICES, TreatiesOf, fair_share, slice_of


def test_a_treaty_lies_in_the_same_slice_for_ever() -> None:
    """Rows of the database are numbered by slices: another way to cut would give them to the wrong worker."""
    assert [slice_of(treaty) for treaty in ("open-skies", "rome-statute", "cmc", "traité")] == [7, 31, 35, 53]


def test_treaties_spread_over_all_slices() -> None:
    counts = Counter(slice_of(f"bilateral-{number}") for number in range(6_400))
    assert len(counts) == SLICES
    assert max(counts.values()) < 2 * 6_400 / SLICES


@given(st.integers(min_value=1, max_value=200))
def test_fair_shares_leave_no_part_over_and_are_as_small_as_they_can_be(workers: int) -> None:
    assert fair_share(workers) * workers >= PARTS
    assert (fair_share(workers) - 1) * workers < PARTS


@given(st.text(min_size=1), st.sets(st.integers(min_value=0, max_value=SLICES - 1)))
def test_each_treaty_is_in_one_of_two_halves_of_the_slices(treaty: str, some: set[int]) -> None:
    assert (treaty in TreatiesOf(some)) != (treaty in TreatiesOf(set(range(SLICES)) - some))


def test_slices_that_were_left_behind_are_caught_up_by_themselves_first() -> None:
    held = [Part(0, 1, 50, 100), Part(1, 1, 20, 50), Part(2, 4, 20, 50), Part(3, 1, 100, None), Part(64, 1, 0, None)]
    work = next_work(held)
    assert work is not None
    assert (work.numbers, work.start, work.end) == ((1, 2), 20, 50)
    assert next_work(held[3:]) is None


EVERY = frozenset(range(SLICES))


class Stored:
    """Be what a desk brings treaties from: entries that are stored, and what was known of ties before the first."""

    def __init__(self, entries: Sequence[Kept]) -> None:
        self.entries = entries

    async def facts(self, stream: str, size: int) -> list[Fact]:
        return [entry.fact() for entry in self.entries[:size] if entry.stream == stream]

    async def streams_of(self, participants: Iterable[str]) -> list[str]:
        named = [f'"{participant}"'.encode() for participant in participants]
        return sorted({entry.stream for entry in self.entries if any(name in entry.data for name in named)})

    async def falls(self) -> list[tuple[str, str]]:
        return []


class Gathered(Portion):
    """Keep every change, one by one."""

    def __init__(self) -> None:
        super().__init__(0)
        self.changes: list[Change] = []

    def add(self, entry: Entry | Kept, changes: Sequence[Change]) -> None:
        super().add(entry, changes)
        self.changes += changes


def told(seed: int, count: int) -> list[Kept]:
    """Return a story of treaties that fall together, as stored entries."""
    story = Story(Random(seed))  # noqa: S311 - repeatable
    events = [*story.beginning(), *(story.next() for _ in range(count))]
    return [
        Kept(position, str(event["subject"]), str(event["type"]), "urn:test:told", 1, canonical_bytes(event["data"]))
        for position, event in enumerate(events)
    ]


async def changes_of(slices: Iterable[int], entries: Sequence[Kept], *, capacity: int) -> list[Change]:
    """Return what one worker writes that has these slices from the first entry on."""
    desk = Desk(Stored(entries), capacity=capacity, mine=TreatiesOf(slices))
    folder, gathered = Folder(desk), Gathered()
    await folder.begin([], [])
    for start in range(0, len(entries), 5):
        assert await folder.fold(gathered, entries[start : start + 5]) is None
        desk.written()
    return gathered.changes


@pytest.mark.parametrize("capacity", [1, 10_000])
@pytest.mark.parametrize("some", [("annex",), ("protocol",), ("annex", "framework"), ("protocol", "other")])
@pytest.mark.parametrize("seed", [14, 17, 54])
def test_two_workers_write_together_what_one_alone_writes_also_where_ties_come_to_be(
    seed: int, some: Sequence[str], capacity: int
) -> None:
    entries = told(seed, 120)
    slices = set(map(slice_of, some))
    apart = [asyncio.run(changes_of(share, entries, capacity=capacity)) for share in (slices, EVERY - slices)]
    together = asyncio.run(changes_of(EVERY, entries, capacity=10_000))
    assert sorted(map(repr, [*apart[0], *apart[1]])) == sorted(map(repr, together))
