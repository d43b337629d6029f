"""Hash the log as RFC 6962 does, one appended leaf at a time."""

from dataclasses import dataclass
from functools import reduce
from hashlib import sha256
from typing import Final

EMPTY_ROOT: Final = sha256(b"").digest()
"""The root of a log without leaves (RFC 6962, 2.1)."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256 of 0x00 and its bytes (RFC 6962, 2.1)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over two subtrees: SHA-256 of 0x01 and both hashes (RFC 6962, 2.1)."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class CompactRange:
    """Hold a log's size and the roots of its full subtrees, largest first: all that its root needs."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()

    def append(self, leaf: bytes) -> "CompactRange":
        """Return the range with one more leaf, given by its hash."""
        hashes, merged = list(self.hashes), leaf
        size = self.size
        while size & 1:
            merged = node_hash(hashes.pop(), merged)
            size >>= 1
        return CompactRange(self.size + 1, (*hashes, merged))

    def root(self) -> bytes:
        """Return the Merkle tree hash of the whole log."""
        if not self.hashes:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(self.hashes))
