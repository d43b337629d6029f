"""Grow the log's Merkle tree leaf by leaf, holding only its right edge."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from treaty_contracts.merkle import EMPTY_ROOT, CompactRange, node_hash
from treaty_contracts.tlog.tiles import HEIGHT, WIDTH


@dataclass(frozen=True, slots=True)
class Subtree:
    """Hold the root of the complete subtree over 256^level leaves at a place among those of its level."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Edge:
    """Name hashes of one level that no complete tile of the next level up covers yet: `count` from `first` on."""

    level: int
    first: int
    count: int


def edges(size: int) -> tuple[Edge, ...]:
    """Return which hashes a tree of that size needs to grow on, from the leaves up; the last level has no more."""
    found, level = [], 0
    while (nodes := size >> level * HEIGHT) or level == 0:
        found.append(Edge(level, nodes // WIDTH * WIDTH, nodes % WIDTH))
        level += 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Frontier:
    """Hold the right edge of a tree, level by level from the leaves up: fewer than 256 subtrees of each."""

    levels: tuple[CompactRange, ...] = (CompactRange(),)

    @property
    def size(self) -> int:
        """Return how many leaves the tree has."""
        return sum(level.size << place * HEIGHT for place, level in enumerate(self.levels))

    def root(self) -> bytes:
        """Return the Merkle tree hash of the whole tree (RFC 6962, 2.1)."""
        hashes = [hash_ for level in reversed(self.levels) for hash_ in level.hashes]
        return reduce(lambda right, left: node_hash(left, right), reversed(hashes)) if hashes else EMPTY_ROOT


def frontier_of(levels: Iterable[Iterable[bytes]]) -> Frontier:
    """Return the frontier whose edges, from the leaves up, have these hashes."""
    return Frontier(tuple(reduce(CompactRange.append, hashes, CompactRange()) for hashes in levels))


def grow(frontier: Frontier, leaf_hashes: Iterable[bytes]) -> tuple[Frontier, tuple[Subtree, ...]]:
    """Return the frontier with more leaves, given by their hashes, and every subtree that they complete."""
    levels, size, done = list(frontier.levels), frontier.size, []
    for leaf_hash in leaf_hashes:
        size += 1
        level, hash_ = 0, leaf_hash
        while True:
            levels[level] = levels[level].append(hash_)
            if levels[level].size < WIDTH:
                break
            hash_ = levels[level].root()
            levels[level] = CompactRange()
            level += 1
            done.append(Subtree(level, (size >> level * HEIGHT) - 1, hash_))
            if level == len(levels):
                levels.append(CompactRange())
    return Frontier(tuple(levels)), tuple(done)
