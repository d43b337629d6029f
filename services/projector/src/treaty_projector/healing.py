"""Fold quarantined treaties again as a whole from stored entries, as a projector would that meets them only now.

What was missed is written so that the rows known at each size, and the digest, are those of a projector that never
failed. What was known before a treaty was quarantined must come out the same, row by row: otherwise the law has
changed, the treaty stays as it is, and a rebuild is the way.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_projector.bitemporal.versions import Batch, Change, add_terms
from treaty_projector.failpoints import Failpoints
from treaty_projector.quarantine import Quarantined, Ruling
from treaty_projector.records import Record, record_of
from treaty_projector.replay import Replayed, graph_steps, recorded, replay
from treaty_projector.store import Store

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tell what became of one quarantined treaty."""

    before: Quarantined
    after: Quarantined | None
    """None for one that is healed."""

    @property
    def stays(self) -> Quarantined | None:
        """Return how it is stored in the quarantine from now on; None for one that is healed."""
        is_as_before = self.after is not None and self.after.since == self.before.since
        return self.before if is_as_before else self.after

    @property
    def line(self) -> str:
        """Return it as one line for an operator."""
        if self.after is None:
            return f"{self.before.treaty} is healed: it was quarantined since position {self.before.since}"
        return f"{self.before.treaty} stays quarantined since position {self.after.since}: {self.after.reason}"


async def heal(store: Store, failpoints: Failpoints) -> list[Outcome]:
    """Heal what can be healed, treaty by treaty with those tied to it; return what became of each.

    Raise CursorMoved when somebody else wrote meanwhile: nothing of that group is written then.
    """
    held = await store.quarantined()
    told: list[Outcome] = []
    ties = {*await store.falls(), *((each.treaty, each.via) for each in held if each.via is not None)}
    for group in _groups(held, ties):
        outcomes = await _heal_group(store, [each for each in held if each.treaty in group], group, failpoints)
        for outcome in outcomes:
            _log.log(logging.WARNING if outcome.after else logging.INFO, "%s", outcome.line)
        told += outcomes
    return told


async def _heal_group(
    store: Store, held: Sequence[Quarantined], group: set[str], failpoints: Failpoints
) -> list[Outcome]:
    cursor = await store.cursor()
    replayed = await _replayed(store, group, cursor.size, failpoints)
    outcomes = [await _judge(store, each, replayed) for each in held]
    outcomes = _without_those_that_fall(outcomes, replayed)
    moved = [outcome for outcome in outcomes if outcome.after is None or outcome.after.since > outcome.before.since]
    if not moved:
        return outcomes
    batch = Batch()
    for outcome in moved:
        for change in _missed(outcome.before, replayed.changes):
            batch.add(change)
    digest_sum = add_terms(cursor.digest_sum, batch.terms)
    await store.write(
        expected=cursor,
        cursor=replace(cursor, digest_sum=digest_sum, healings=cursor.healings + 1),
        entries=(),
        batch=batch,
        falls=sorted(replayed.ties),
        ruling=Ruling(
            held=tuple(outcome.after for outcome in moved if outcome.after is not None),
            released=tuple(outcome.before.treaty for outcome in moved if outcome.after is None),
            healed=tuple(outcome.before for outcome in moved),
        ),
    )
    await store.settle()
    return outcomes


async def _replayed(store: Store, group: set[str], size: int, failpoints: Failpoints) -> Replayed:
    """Replay a group; one that turns out to be tied to others is replayed with them."""
    while True:
        graph = graph_steps(await store.kept([PARTICIPANTS_SUBJECT], size))
        entries = [recorded(entry) for entry in await store.kept(sorted(group), size)]
        replayed = await replay(entries, graph, failpoints)
        grown = group | {treaty for pair in replayed.ties for treaty in pair}
        if grown == group:
            return replayed
        group = grown


async def _judge(store: Store, before: Quarantined, replayed: Replayed) -> Outcome:
    """Return what a treaty is from now on: healed, quarantined since a later position, or as before."""
    after = replayed.held.get(before.treaty)
    if after is not None and after.since <= before.since:
        return Outcome(before, before)
    stored = await store.versions(before.treaty)
    if stored != _known_by(before, replayed.changes):
        reason = "this release concludes otherwise from what was folded before; rebuild the projection"
        return Outcome(before, replace(before, reason=reason))
    return Outcome(before, after)


def _without_those_that_fall(outcomes: list[Outcome], replayed: Replayed) -> list[Outcome]:
    """Leave everything as it was where something stays: what falls with it is as uncertain as before."""
    staying = {
        outcome.before.treaty
        for outcome in outcomes
        if outcome.after is not None and outcome.after.since == outcome.before.since
    }
    uncertain = set(staying)
    while more := {child for child, parent in replayed.ties if parent in uncertain} - uncertain:
        uncertain |= more
    falling = uncertain - staying
    return [Outcome(each.before, each.before) if each.before.treaty in falling else each for each in outcomes]


def _known_by(held: Quarantined, changes: Sequence[Change]) -> set[tuple[str, Record]]:
    """Return the rows of a treaty as they are stored while its entries from `since` on are not folded."""
    batch = Batch()
    for change in changes:
        if change.treaty == held.treaty and change.at <= held.since:
            batch.add(change)
    return {record_of(version) for version in batch.inserts.values()}


def _missed(held: Quarantined, changes: Sequence[Change]) -> list[Change]:
    return [change for change in changes if change.treaty == held.treaty and change.at > held.since]


def _groups(held: Sequence[Quarantined], ties: set[tuple[str, str]]) -> list[set[str]]:
    """Return the quarantined treaties with all that are tied to them, directly or through others, group by group."""
    groups: list[set[str]] = []
    for each in held:
        if any(each.treaty in group for group in groups):
            continue
        group = {each.treaty}
        while more := {treaty for pair in ties if group.intersection(pair) for treaty in pair} - group:
            group |= more
        groups.append(group)
    return groups
