"""Prove that an entry is in the log, and that one log extends another (RFC 6962, 2.1; checked as in RFC 9162, 2.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce

from treaty_contracts.merkle import node_hash
from treaty_contracts.tlog.tiles import HEIGHT


class ProofWrong(ValueError):
    """A proof that does not show what it should."""


@dataclass(frozen=True, slots=True)
class Span:
    """Name the subtree over the leaves from `start` up to, not including, `end`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """Name hashes of one level of tiles that together make a complete subtree: a power of two of them."""

    level: int
    first: int
    count: int


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Return the subtrees whose hashes prove that a leaf is in the log of that size, the lowest first."""
    return list(_path(index, 0, size))


def consistency_spans(old: int, new: int) -> list[Span]:
    """Return the subtrees whose hashes prove that the log of size `new` extends the one of size `old`."""
    return list(_extension(old, 0, new, known=True)) if old else []


def runs_of(span: Span) -> list[Run]:
    """Return the complete subtrees a span is made of, the largest first, each as hashes of one level of tiles."""
    runs, start = [], span.start
    while start < span.end:
        height = (span.end - start).bit_length() - 1
        level, above = divmod(height, HEIGHT)
        runs.append(Run(level, start >> level * HEIGHT, 1 << above))
        start += 1 << height
    return runs


def hash_of_run(hashes: Sequence[bytes]) -> bytes:
    """Return the root of a complete subtree from a power of two of hashes."""
    while len(hashes) > 1:
        hashes = [node_hash(*pair) for pair in zip(hashes[::2], hashes[1::2], strict=True)]
    return hashes[0]


def hash_of_span(hashes: Sequence[bytes]) -> bytes:
    """Return the root over a span from the roots of the complete subtrees it is made of, the largest first."""
    return reduce(lambda right, left: node_hash(left, right), reversed(hashes))


def root_by_inclusion(leaf_hash: bytes, index: int, size: int, hashes: Sequence[bytes]) -> bytes:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2); raise ProofWrong when it is misshapen."""
    if not 0 <= index < size:
        raise ProofWrong(f"a log of size {size} has no leaf {index}")
    node, last, root = index, size - 1, leaf_hash
    for hash_ in hashes:
        if last == 0:
            raise ProofWrong("the proof has too many hashes")
        if node & 1 or node == last:
            root = node_hash(hash_, root)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, hash_)
        node, last = node >> 1, last >> 1
    if last:
        raise ProofWrong("the proof has too few hashes")
    return root


def check_consistency(old: int, old_root: bytes, new: int, new_root: bytes, hashes: Sequence[bytes]) -> None:
    """Raise ProofWrong unless the proof shows that the new log extends the old one (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        raise ProofWrong(f"a log of size {new} cannot extend one of size {old}")
    if old in {0, new}:
        if hashes or (old == new and old_root != new_root):
            raise ProofWrong("the proof does not fit")
        return
    given = list(hashes)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    start = given.pop(0) if node and given else old_root
    of_old = of_new = start
    for hash_ in given:
        if last == 0:
            raise ProofWrong("the proof has too many hashes")
        if node & 1 or node == last:
            of_old, of_new = node_hash(hash_, of_old), node_hash(hash_, of_new)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            of_new = node_hash(of_new, hash_)
        node, last = node >> 1, last >> 1
    if last or of_old != old_root or of_new != new_root:
        raise ProofWrong("the new log does not extend the old one")


def _split(size: int) -> int:
    """Return the largest power of two below a size of at least two."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, start: int, end: int) -> Iterator[Span]:
    if end - start == 1:
        return
    middle = start + _split(end - start)
    if index < middle:
        yield from _path(index, start, middle)
        yield Span(middle, end)
    else:
        yield from _path(index, middle, end)
        yield Span(start, middle)


def _extension(old: int, start: int, end: int, *, known: bool) -> Iterator[Span]:
    """Yield what shows that the leaves up to `old` are a beginning; `known` says that their root need not be given."""
    if old == end:
        if not known:
            yield Span(start, end)
        return
    middle = start + _split(end - start)
    if old <= middle:
        yield from _extension(old, start, middle, known=known)
        yield Span(middle, end)
    else:
        yield from _extension(old, middle, end, known=False)
        yield Span(start, middle)
