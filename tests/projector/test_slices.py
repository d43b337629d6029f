"""Treaties lie in slices by their names alone, and workers share the slices fairly."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

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
