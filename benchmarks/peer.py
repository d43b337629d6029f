"""Say what another event store is asked to do, and do it from several threads: its own client waits for each answer."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from threading import Lock
from time import perf_counter
from typing import Generic, Protocol, TypeAlias, TypeVar

import orjson
from figures import Run, timed

Native = TypeVar("Native")
Append: TypeAlias = Callable[[Sequence[Native]], object]
"""Records some events, all of them or none, and returns once they are on disk; several threads may call it at once."""


@dataclass(frozen=True, slots=True)
class Opened(Generic[Native]):
    """Hold the means to record in a store, and to count what it has."""

    append: Append[Native]
    count: Callable[[], int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Hold what a store is given of an event: the treaty, which of its events this is from 1, and the bytes."""

    treaty: str
    version: int
    type: str
    id: str
    content: bytes


class Peer(Protocol[Native]):
    """Be a store that is called from threads."""

    def native(self, fact: Fact) -> Native:
        """Return an event as the store's own client takes it."""
        ...

    def opened(self, clients: int) -> AbstractContextManager[Opened[Native]]:
        """Give an empty store, for so many clients."""
        ...


def facts_of(events: Sequence[bytes]) -> list[Fact]:
    """Return events as facts, in their order."""
    versions: dict[str, int] = {}
    facts = []
    for content in events:
        event = orjson.loads(content)
        treaty = event["subject"]
        versions[treaty] = versions.get(treaty, 0) + 1
        facts.append(Fact(treaty=treaty, version=versions[treaty], type=event["type"], id=event["id"], content=content))
    return facts


def record(peer: Peer[Native], facts: Sequence[Fact], *, at_once: int, clients: int) -> Run:
    """Record facts, so many at once, from so many threads; return events a second."""
    natives = [peer.native(fact) for fact in facts]
    portions = [natives[at : at + at_once] for at in range(0, len(natives), at_once)]
    with peer.opened(clients) as store, ThreadPoolExecutor(clients) as threads:
        taking = _Taking(portions)
        began = perf_counter()
        working = [threads.submit(_work, store.append, taking) for _ in range(clients)]
        durations = [duration for each in working for duration in each.result()]
        elapsed = perf_counter() - began
        assert store.count() == len(facts)
    return replace(timed(durations), value=len(facts) / elapsed)


class _Taking(Iterator[Sequence[Native]]):
    """Give each portion to one thread."""

    def __init__(self, portions: Sequence[Sequence[Native]]) -> None:
        self._left = iter(portions)
        self._lock = Lock()

    def __next__(self) -> Sequence[Native]:
        with self._lock:
            return next(self._left)


def _work(append: Append[Native], portions: Iterator[Sequence[Native]]) -> list[float]:
    durations = []
    for portion in portions:
        began = perf_counter()
        append(portion)
        durations.append(perf_counter() - began)
    return durations
