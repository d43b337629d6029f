"""The Python package pymerkle, which builds the trees of RFC 6962 itself, agrees with the register's proofs."""

from functools import cache

import pytest
from contracts.written_logs import WrittenLog, entry
from pymerkle import InclusionProof, InmemoryTree, InvalidProof, verify_consistency, verify_inclusion
from verifiers.published import (
    SIZES,
    altered_entry,
    altered_first_tile,
    altered_root,
    entries_of,
    entry_of,
    inclusion,
    log_of,
    places_in,
    signed_of,
)

from treaty_contracts.merkle import leaf_hash


@cache
def tree_of(size: int) -> InmemoryTree:
    """Let pymerkle build the tree over the entries as they stand in the bundles."""
    tree = InmemoryTree(algorithm="sha256")
    tree.append_entries(entries_of(log_of(size)))
    return tree


def check(log: WrittenLog, index: int, *, body: bytes) -> None:
    """Let pymerkle check our proof: it counts from one, and its paths begin with the leaf; raise InvalidProof."""
    signed = signed_of(log)
    own: InclusionProof = tree_of(signed.size).prove_inclusion(index + 1, signed.size)
    hashes = [leaf_hash(body), *inclusion(log, index)]
    proof = InclusionProof("sha256", True, signed.size, index + 1, own.rule, hashes)  # noqa: FBT003 - its signature
    verify_inclusion(
        leaf_hash(body), signed.root, proof, index=index + 1, size=signed.size, algorithm="sha256", security=True
    )


@pytest.mark.parametrize("size", SIZES)
def test_the_entries_have_the_root_that_was_signed(size: int) -> None:
    assert tree_of(size).get_root() == signed_of(log_of(size)).root


@pytest.mark.parametrize("size", SIZES)
def test_an_inclusion_proof_is_accepted_and_one_of_another_entry_is_not(size: int) -> None:
    for index in places_in(size):
        check(log_of(size), index, body=entry_of(log_of(size), index))
        with pytest.raises(InvalidProof):
            check(log_of(size), index, body=entry(size))


@pytest.mark.parametrize("size", SIZES)
def test_an_altered_entry_is_refused(size: int) -> None:
    altered = entry_of(altered_entry(log_of(size)), size - 1)
    with pytest.raises(InvalidProof):
        check(log_of(size), size - 1, body=altered)


@pytest.mark.parametrize("size", [size for size in SIZES if size > 1])
def test_a_proof_from_an_altered_tile_is_refused(size: int) -> None:
    with pytest.raises(InvalidProof):
        check(altered_first_tile(log_of(size)), 1, body=entry_of(log_of(size), 1))


@pytest.mark.parametrize("size", SIZES)
def test_a_root_that_was_not_signed_is_refused(size: int) -> None:
    with pytest.raises(InvalidProof):
        check(altered_root(log_of(size)), 0, body=entry_of(log_of(size), 0))


@pytest.mark.parametrize("size", SIZES)
def test_its_own_proof_of_growth_leads_from_one_signed_root_to_the_other(size: int) -> None:
    now = signed_of(log_of(size)).root
    for earlier in (one for one in SIZES if one <= size):
        proof = tree_of(size).prove_consistency(earlier, size)
        verify_consistency(signed_of(log_of(earlier)).root, now, proof, prior_size=earlier, later_size=size)
        with pytest.raises(InvalidProof):
            verify_consistency(bytes(32), now, proof, prior_size=earlier, later_size=size)
