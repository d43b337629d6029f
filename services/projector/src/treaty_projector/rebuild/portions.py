"""Divide the treaties of a log into portions that are folded apart: treaties that are tied stay together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from treaty_contracts.canonical import JSON

_MOST_ENTRIES = 4_000
"""How many entries a portion has at most, unless one group has more."""

_LEAST_PORTIONS = 16
"""How many portions each process gets at least, so that all end at about the same time."""


class Portion(NamedTuple):
    """Hold groups of treaties, and how many entries they have together."""

    groups: tuple[tuple[str, ...], ...]
    entries: int


def groups_of(streams: Iterable[str], ties: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the streams in groups that are tied directly or through others, by name."""
    tied: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in ties:
        tied[one].add(other)
        tied[other].add(one)
    wanted, seen = sorted(streams), set[str]()
    known = set(wanted)
    groups = []
    for stream in wanted:
        if stream not in seen:
            group = _reach(stream, tied)
            seen |= group
            groups.append(tuple(sorted(group & known)))
    return groups


def portions_of(groups: Iterable[tuple[str, ...]], sizes: Mapping[str, int], *, processes: int) -> list[Portion]:
    """Return the groups in portions of about the same size, by name: neighbours in the tables are written together."""
    most = min(_MOST_ENTRIES, sum(sizes.values()) // (processes * _LEAST_PORTIONS) + 1)
    portions: list[Portion] = []
    gathered: list[tuple[str, ...]] = []
    entries = 0
    for group in groups:
        gathered.append(group)
        entries += sum(sizes[stream] for stream in group)
        if entries >= most:
            portions.append(Portion(tuple(gathered), entries))
            gathered, entries = [], 0
    return portions if not gathered else [*portions, Portion(tuple(gathered), entries)]


def named_parents(data: JSON) -> Iterator[str]:
    """Give every treaty that is named under `falls_with`, however deep."""
    match data:
        case dict():
            for name, value in data.items():
                if name == "falls_with" and isinstance(value, list):
                    yield from map(str, value)
                else:
                    yield from named_parents(value)
        case list():
            for item in data:
                yield from named_parents(item)
        case _:
            return


def _reach(start: str, tied: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = {start}, [start]
    while waiting:
        more = tied.get(waiting.pop(), set()) - reached
        reached |= more
        waiting += more
    return reached
