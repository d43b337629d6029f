"""Check the Merkle tree against its definition and known values."""

from functools import reduce
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.merkle import EMPTY_ROOT, CompactRange, leaf_hash, node_hash


def naive_root(leaves: list[bytes]) -> bytes:
    """Follow RFC 6962, 2.1 to the letter."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def grown(leaves: list[bytes]) -> CompactRange:
    return reduce(lambda tree, leaf: tree.append(leaf_hash(leaf)), leaves, CompactRange())


@pytest.mark.property
@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_that_of_rfc_6962(leaves: list[bytes]) -> None:
    assert grown(leaves).root() == naive_root(leaves)
    assert grown(leaves).size == len(leaves)


def test_the_empty_log_has_the_hash_of_nothing() -> None:
    assert CompactRange().root() == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_the_roots_are_those_of_the_published_vectors() -> None:
    leaves = [
        bytes.fromhex(leaf)
        for leaf in (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        )
    ]
    assert grown(leaves[:1]).root().hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert grown(leaves[:3]).root().hex() == "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"
    assert grown(leaves).root().hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_log_holds_one_hash_a_set_bit_of_its_size() -> None:
    tree = CompactRange()
    for size in range(1, 300):
        tree = tree.append(leaf_hash(b""))
        assert len(tree.hashes) == size.bit_count()


def test_a_leaf_never_hashes_like_a_node() -> None:
    left, right = leaf_hash(b"a"), leaf_hash(b"b")
    assert leaf_hash(left + right) != node_hash(left, right)
