"""The last leaves are at hand as they were signed, and never others in their place."""

from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.tlog.tiles import WIDTH
from treaty_ledger.log.tail import Tail

portions = st.lists(st.tuples(st.booleans(), st.integers(min_value=1, max_value=3 * WIDTH)), min_size=1, max_size=6)


@given(portions, st.integers(min_value=0, max_value=10_000), st.integers(min_value=1, max_value=WIDTH))
def test_what_is_at_hand_is_what_was_signed_last_without_a_gap(
    portions: list[tuple[bool, int]], first: int, width: int
) -> None:
    tail, size, began = Tail(), 0, 0
    for is_further, count in portions:
        if not is_further:  # another process signed in between
            size += 10
            began = size
        tail.extend(size, [b"%d" % position for position in range(size, size + count)])
        size += count
    end = first + width
    found = tail.between(first, end)
    if max(began, size - 2 * WIDTH) <= first and end <= size:
        assert found == [b"%d" % position for position in range(first, end)]
    else:
        assert found is None


def test_the_bundle_that_is_not_full_is_always_at_hand_after_it_was_signed_leaf_by_leaf() -> None:
    tail = Tail()
    for size in range(3 * WIDTH):
        tail.extend(size, [b"%d" % size])
        start = size // WIDTH * WIDTH
        assert tail.between(start, size + 1) == [b"%d" % position for position in range(start, size + 1)]
