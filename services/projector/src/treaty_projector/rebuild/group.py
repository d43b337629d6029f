"""Fold one group of treaties from its first entry to its last, in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from treaty_projector.bitemporal.versions import Batch, Version
from treaty_projector.failpoints import Failpoints
from treaty_projector.quarantine import Quarantined
from treaty_projector.replay import GraphStep, Recorded, replay


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold all versions of a group's rows, the sum over its changes, its ties, and who of it is quarantined."""

    versions: Sequence[Version]
    terms: int
    falls: Sequence[tuple[str, str]]
    held: Sequence[Quarantined]


async def fold_group(
    entries: Sequence[Recorded], graph: Sequence[GraphStep], failpoints: Failpoints, *, most: int
) -> Folded:
    """Fold entry by entry, as a worker does that follows the log, without steps of the graph that move nobody here.

    Raise TooManyQuarantined where the worker would.
    """
    acting = {str(code) for entry in entries for code in _participants(entry)}
    replayed = await replay(entries, [step for step in graph if step.moved & acting], failpoints, most=most)
    batch = Batch()
    for change in replayed.changes:
        batch.add(change)
    return Folded([*batch.inserts.values()], batch.terms, sorted(replayed.ties), [*replayed.held.values()])


def _participants(entry: Recorded) -> Iterator[object]:
    """Give whom an entry speaks of, also as a replacement of another record."""
    data = getattr(entry.fact, "data", None)
    for said in (data, getattr(getattr(data, "replacement", None), "data", None)):
        participant = getattr(said, "participant", None)
        if participant is not None:
            yield participant
