"""Check what clients were told against what was recorded in the end: pure values in, violations out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from treaty_contracts.tlog.frontier import Frontier, grow
from treaty_contracts.tlog.proofs import ProofWrong, check_consistency

Kind: TypeAlias = Literal[
    "lost",
    "moved",
    "duplicated",
    "receipts differ",
    "appended twice",
    "refused and recorded",
    "invented",
    "positions not dense",
    "versions not dense",
    "instants not rising",
    "batch torn",
    "out of order",
    "read contradicted",
    "checkpoint contradicted",
    "consistency not proved",
    "unexpected answer",
]


Outcome: TypeAlias = Literal["appended", "replayed", "conflict", "refused", "unknown", "wrong"]


@dataclass(frozen=True, slots=True)
class Violation:
    """Say which promise was broken, and how."""

    kind: Kind
    detail: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """Hold what the ledger answered about one event."""

    position: int
    stream: str
    version: int
    recorded_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Hold one post of one or several events, and what came of it; instants are seconds of one clock that rises.

    `outcome` is `appended` and `replayed` with receipts, `conflict` and `refused` when it must not record anything,
    `unknown` when the answer was lost or left it open, and `wrong` for an answer that no promise allows.
    """

    events: tuple[str, ...]
    invoked_at: float
    answered_at: float
    outcome: Outcome
    receipts: tuple[Receipt, ...] = ()
    told: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """Hold one recorded event, as the log gives it in the end."""

    event: str
    receipt: Receipt
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """Hold a checkpoint that somebody saw, its signature checked."""

    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Hold what the log gave as proof that one checkpoint extends another."""

    old: Seen
    new: Seen
    hashes: tuple[bytes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """Hold all that is known of one log: what was tried, read and seen meanwhile, and what it is in the end."""

    attempts: Sequence[Attempt]
    log: Sequence[Entry]
    read: Sequence[tuple[int, str]] = ()
    """What a reader that followed the log was given, in the order in which it was given."""
    checkpoints: Sequence[Seen] = ()
    proofs: Sequence[Proof] = ()


def violations(history: History) -> list[Violation]:
    """Return every promise that a history breaks; none where all is well."""
    places = _places(history.log)
    return [
        *_about_the_log(history.log),
        *_about_answers(history.attempts, history.log, places),
        *_about_outcomes(history.attempts, places),
        *_about_batches(history.attempts, places),
        *_about_order(history.attempts),
        *_about_reading(history.read, history.log),
        *_about_checkpoints(history),
    ]


def _places(log: Sequence[Entry]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(log):
        places[entry.event].append(place)
    return places


def _about_the_log(log: Sequence[Entry]) -> Iterator[Violation]:
    """Positions are dense from 0, versions from 1 in each stream, instants rise, no event stands twice."""
    versions: Counter[str] = Counter()
    for place, entry in enumerate(log):
        receipt = entry.receipt
        if receipt.position != place:
            yield Violation("positions not dense", f"{receipt.position} stands where {place} follows")
        versions[receipt.stream] += 1
        if receipt.version != versions[receipt.stream]:
            yield Violation("versions not dense", f"{receipt.stream}: {receipt.version} at position {place}")
    for earlier, later in pairwise(log):
        if later.receipt.recorded_at <= earlier.receipt.recorded_at:
            yield Violation("instants not rising", f"at position {later.receipt.position}")
    for event, count in Counter(entry.event for entry in log).items():
        if count > 1:
            yield Violation("duplicated", f"{event} is recorded {count} times")


def _about_answers(
    attempts: Sequence[Attempt], log: Sequence[Entry], places: Mapping[str, Sequence[int]]
) -> Iterator[Violation]:
    """Each receipt is the log's own, and one event gets one receipt."""
    receipts: dict[str, set[Receipt]] = defaultdict(set)
    for attempt in attempts:
        if attempt.outcome == "wrong":
            yield Violation("unexpected answer", f"{attempt.events[0]}: {attempt.told}")
        for event, receipt in zip(attempt.events, attempt.receipts, strict=False):
            receipts[event].add(receipt)
    for event, told in receipts.items():
        yield from _about_receipts(event, told, log, places.get(event, ()))


def _about_outcomes(attempts: Sequence[Attempt], places: Mapping[str, Sequence[int]]) -> Iterator[Violation]:
    """One event is new once, and only an attempt that was not refused can have recorded it."""
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    for attempt in attempts:
        for event in attempt.events:
            outcomes[event][attempt.outcome] += 1
    for event, times in outcomes.items():
        if times["appended"] > 1:
            yield Violation("appended twice", f"{event} was answered as new {times['appended']} times")
    for event in places:
        if event not in outcomes:
            yield Violation("invented", f"{event} is recorded, and nobody posted it")
        elif not outcomes[event].keys() & {"appended", "unknown"}:
            yield Violation("refused and recorded", f"{event}: {dict(outcomes[event])}")


def _about_receipts(event: str, told: set[Receipt], log: Sequence[Entry], places: Sequence[int]) -> Iterator[Violation]:
    if not places:
        yield Violation("lost", f"{event} was acknowledged at {sorted(one.position for one in told)}")
        return
    if len(told) > 1:
        yield Violation("receipts differ", f"{event}: {sorted(told, key=lambda one: one.position)}")
    for receipt in told:
        if receipt != log[places[0]].receipt:
            yield Violation("moved", f"{event}: {receipt} was acknowledged, {log[places[0]].receipt} is recorded")


def _about_batches(attempts: Sequence[Attempt], places: Mapping[str, Sequence[int]]) -> Iterator[Violation]:
    """Events posted as one batch stand together, or none of them is recorded."""
    for batch in {attempt.events for attempt in attempts if len(attempt.events) > 1}:
        found = [places[event][0] for event in batch if event in places]
        if found and found != list(range(found[0], found[0] + len(batch))):
            yield Violation("batch torn", f"{batch[0]} and those with it are at {found}")


def _about_order(attempts: Sequence[Attempt]) -> Iterator[Violation]:
    """What was acknowledged before another event was first posted stands before it."""
    first: dict[str, float] = {}
    known: dict[str, tuple[float, int]] = {}
    for attempt in attempts:
        for event in attempt.events:
            first[event] = min(first.get(event, attempt.invoked_at), attempt.invoked_at)
        for event, receipt in zip(attempt.events, attempt.receipts, strict=False):
            answer = (attempt.answered_at, receipt.position)
            known[event] = min(known.get(event, answer), answer)
    acknowledged = sorted((at, position, event) for event, (at, position) in known.items())
    highest, ended = (-1, ""), 0
    for invoked_at, event in sorted((first[event], event) for event in known):
        while ended < len(acknowledged) and acknowledged[ended][0] < invoked_at:
            highest = max(highest, acknowledged[ended][1:])
            ended += 1
        if known[event][1] < highest[0]:
            yield Violation("out of order", f"{event} stands before {highest[1]}, acknowledged before it was posted")


def _about_reading(read: Sequence[tuple[int, str]], log: Sequence[Entry]) -> Iterator[Violation]:
    """Whoever follows the log is given each position once, in order, and what it was given stays."""
    for place, (position, event) in enumerate(read):
        if position != place:
            yield Violation("read contradicted", f"a reader was given {position} where {place} follows")
            return
        if place >= len(log) or log[place].event != event:
            yield Violation("read contradicted", f"a reader was given {event} at {position}, which is not there")
            return


def _about_checkpoints(history: History) -> Iterator[Violation]:
    """The log extends every checkpoint that anybody saw, and proves it."""
    wanted = sorted(set(history.checkpoints), key=lambda seen: seen.size)
    roots = _roots(history.log, {seen.size for seen in wanted})
    for seen in wanted:
        if roots.get(seen.size) != seen.root:
            yield Violation("checkpoint contradicted", f"the log does not extend the checkpoint of size {seen.size}")
    for proof in history.proofs:
        try:
            check_consistency(proof.old.size, proof.old.root, proof.new.size, proof.new.root, proof.hashes)
        except ProofWrong as error:
            yield Violation("consistency not proved", f"from {proof.old.size} to {proof.new.size}: {error}")


def _roots(log: Sequence[Entry], sizes: Iterable[int]) -> Mapping[int, bytes]:
    frontier, roots = Frontier(), {}
    for size in sorted(sizes):
        if size > len(log):
            break
        frontier, _ = grow(frontier, (entry.leaf_hash for entry in log[frontier.size : size]))
        roots[size] = frontier.root()
    return roots
