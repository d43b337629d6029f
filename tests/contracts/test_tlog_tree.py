"""Check growing, proofs and tiles of the log's tree against RFC 6962 taken to the letter."""

from hashlib import sha256
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.merkle import leaf_hash
from treaty_contracts.tlog.frontier import Frontier, Subtree, edges, frontier_of, grow
from treaty_contracts.tlog.proofs import (
    ProofWrong,
    Run,
    Span,
    check_consistency,
    consistency_spans,
    hash_of_run,
    hash_of_span,
    inclusion_spans,
    root_by_inclusion,
    runs_of,
)

SIZES = (0, 1, 2, 3, 7, 255, 256, 257, 1_000)
LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(1_000)]


def naive_root(hashes: list[bytes]) -> bytes:
    """Follow RFC 6962, 2.1 to the letter, from the leaves' hashes."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else sha256(b"").digest()
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return sha256(b"\x01" + naive_root(hashes[:split]) + naive_root(hashes[split:])).digest()


def naive_path(index: int, hashes: list[bytes]) -> list[bytes]:
    """Follow RFC 6962, 2.1.1 to the letter."""
    if len(hashes) <= 1:
        return []
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if index < split:
        return [*naive_path(index, hashes[:split]), naive_root(hashes[split:])]
    return [*naive_path(index - split, hashes[split:]), naive_root(hashes[:split])]


def naive_extension(old: int, hashes: list[bytes], *, whole: bool = True) -> list[bytes]:
    """Follow RFC 6962, 2.1.2 to the letter."""
    if old == len(hashes):
        return [] if whole else [naive_root(hashes)]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    if old <= split:
        return [*naive_extension(old, hashes[:split], whole=whole), naive_root(hashes[split:])]
    return [*naive_extension(old - split, hashes[split:], whole=False), naive_root(hashes[:split])]


def told(spans: list[Span]) -> list[bytes]:
    """Return the hashes that a proof's spans name, from the tree's complete subtrees."""
    return [hash_of_span([_subtree(run) for run in runs_of(span)]) for span in spans]


def _subtree(run: Run) -> bytes:
    width = 256**run.level
    hashes = [
        naive_root(LEAVES[place * width : (place + 1) * width]) for place in range(run.first, run.first + run.count)
    ]
    return hash_of_run(hashes)


sizes = st.sampled_from(SIZES) | st.integers(0, len(LEAVES))


@pytest.mark.property
@given(sizes, sizes)
def test_a_tree_grown_in_portions_has_the_root_of_rfc_6962(size: int, cut: int) -> None:
    cut = min(size, cut)
    first, done = grow(Frontier(), LEAVES[:cut])
    whole, more = grow(first, LEAVES[cut:size])
    assert whole.size == size
    assert whole.root() == naive_root(LEAVES[:size])
    assert (whole, done + more) == grow(Frontier(), LEAVES[:size])


def test_growing_tells_each_complete_subtree_once() -> None:
    _, done = grow(Frontier(), LEAVES)
    assert done == tuple(Subtree(1, place, naive_root(LEAVES[place * 256 : (place + 1) * 256])) for place in range(3))


def test_a_tree_of_three_levels_of_tiles_tells_the_middle_and_the_top_one() -> None:
    leaves = [leaf_hash(b"")] * 256**2
    whole, done = grow(Frontier(), leaves)
    doubled = list(accumulate(range(16), lambda hash_, _: sha256(b"\x01" + hash_ * 2).digest(), initial=leaves[0]))
    assert whole.root() == doubled[16]
    assert done[-1] == Subtree(2, 0, doubled[16])
    assert {(subtree.level, subtree.hash) for subtree in done} == {(1, doubled[8]), (2, doubled[16])}


@pytest.mark.property
@given(sizes)
def test_a_tree_is_read_back_from_its_edges(size: int) -> None:
    whole, done = grow(Frontier(), LEAVES[:size])
    stored = {0: LEAVES, 1: [subtree.hash for subtree in done]}
    read = frontier_of(stored[edge.level][edge.first : edge.first + edge.count] for edge in edges(size))
    assert (read.size, read.root()) == (size, whole.root())


@pytest.mark.property
@given(st.data(), sizes.filter(bool))
def test_inclusion_is_proved_as_in_rfc_6962(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes = told(inclusion_spans(index, size))
    assert hashes == naive_path(index, LEAVES[:size])
    assert root_by_inclusion(LEAVES[index], index, size, hashes) == naive_root(LEAVES[:size])


@pytest.mark.property
@given(st.data(), sizes.filter(lambda size: size > 1))
def test_an_altered_inclusion_proof_leads_elsewhere_or_nowhere(data: st.DataObject, size: int) -> None:
    index = data.draw(st.integers(0, size - 1))
    hashes, root = naive_path(index, LEAVES[:size]), naive_root(LEAVES[:size])
    place = data.draw(st.integers(0, len(hashes) - 1))
    altered = [*hashes[:place], sha256(hashes[place]).digest(), *hashes[place + 1 :]]
    assert root_by_inclusion(LEAVES[index], index, size, altered) != root
    assert root_by_inclusion(sha256(LEAVES[index]).digest(), index, size, hashes) != root
    for misshapen in (hashes[:-1], [*hashes, root]):
        with pytest.raises(ProofWrong):
            root_by_inclusion(LEAVES[index], index, size, misshapen)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 2), (7, 3)])
def test_a_leaf_outside_the_log_has_no_proof(index: int, size: int) -> None:
    with pytest.raises(ProofWrong, match=f"size {size} has no leaf {index}"):
        root_by_inclusion(LEAVES[0], index, size, [])


@pytest.mark.property
@given(sizes, sizes)
def test_consistency_is_proved_as_in_rfc_6962(one: int, other: int) -> None:
    old, new = sorted((one, other))
    hashes = told(consistency_spans(old, new))
    assert hashes == (naive_extension(old, LEAVES[:new]) if old else [])
    check_consistency(old, naive_root(LEAVES[:old]), new, naive_root(LEAVES[:new]), hashes)


@pytest.mark.property
@given(st.data(), st.integers(2, len(LEAVES)))
def test_no_altered_log_is_consistent(data: st.DataObject, new: int) -> None:
    old = data.draw(st.integers(1, new - 1))
    hashes, roots = naive_extension(old, LEAVES[:new]), (naive_root(LEAVES[:old]), naive_root(LEAVES[:new]))
    place = data.draw(st.integers(0, len(hashes) - 1))
    altered = [*hashes[:place], sha256(hashes[place]).digest(), *hashes[place + 1 :]]
    other = sha256(b"another").digest()
    for old_root, new_root, given_ in (
        (*roots, altered),
        (*roots, hashes[:-1]),
        (*roots, [*hashes, other]),
        (other, roots[1], hashes),
        (roots[0], other, hashes),
    ):
        with pytest.raises(ProofWrong):
            check_consistency(old, old_root, new, new_root, given_)


def test_no_log_extends_a_larger_one() -> None:
    with pytest.raises(ProofWrong, match="size 1 cannot extend one of size 2"):
        check_consistency(2, LEAVES[1], 1, LEAVES[0], [])


def test_one_size_has_one_root() -> None:
    with pytest.raises(ProofWrong):
        check_consistency(3, LEAVES[0], 3, LEAVES[1], [])


def test_a_span_of_large_trees_is_made_of_hashes_of_high_tiles() -> None:
    assert runs_of(Span(0, 256**2)) == [Run(2, 0, 1)]
    assert runs_of(Span(0, 70_000)) == [
        Run(2, 0, 1),
        Run(1, 256, 16),
        Run(1, 272, 1),
        Run(0, 69_888, 64),
        Run(0, 69_952, 32),
        Run(0, 69_984, 16),
    ]
