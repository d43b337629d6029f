"""Draw a projector's conclusions anew from a log that is proven on the way, and say whether the projector agrees."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from treaty_contracts.canonical import JsonObject
from treaty_contracts.tlog.checkpoints import encode_hashes
from treaty_contracts.tlog.notes import Verifier
from treaty_projector.errors import (
    CannotFold,
    LedgerUnreachable,
    LogInconsistent,
    ProjectorError,
    StopsHere,
    UnreadableFact,
)
from treaty_projector.feed.log import LogFeed
from treaty_projector.feed.sources import open_source
from treaty_projector.quarantine import Quarantined
from treaty_projector.refolding import Refolding
from treaty_projector.trust import Signed, Trust
from treaty_standalone.answers import Projection
from treaty_standalone.auditing import Progress
from treaty_standalone.client import Service
from treaty_standalone.comparing import Compared, compare_answers
from treaty_standalone.errors import CannotVerify, LogNotProved, LogNotRead, ProjectorDiffers

_BATCH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """Say at which size of the log a projector agrees with what follows from it, and in what."""

    size: int
    root: str
    digest: str
    stands_at: int
    answers: Compared | None
    """What was compared answer by answer; None where the digest alone was."""

    def as_json(self) -> JsonObject:
        """Return it as a JSON object."""
        told: JsonObject = {"size": self.size, "root": self.root, "digest": self.digest, "stands_at": self.stands_at}
        if self.answers is not None:
            told |= {"treaties": self.answers.treaties, "standings": self.answers.standings}
        return told

    def line(self) -> str:
        """Return it as one line."""
        at = f"size {self.size}" if self.size == self.stands_at else f"size {self.size} of {self.stands_at}"
        line = f"AGREES: {at}, root {self.root}, digest {self.digest}"
        if self.answers is None:
            return line
        return (
            f"{line}; {self.answers.treaties} treaties and {self.answers.standings} standings answered as they follow"
        )


def open_feed(place: str, *, key: str | None = None) -> LogFeed:
    """Return what reads a log: from a ledger, with a key where it wants one, or from a folder that was exported."""
    return LogFeed(open_source(place, key=key), batch=_BATCH)


def run_audit(
    feed: LogFeed,
    keys: Sequence[Verifier],
    projector: Service,
    *,
    with_answers: bool,
    progress: Progress,
    say_whose_key: Callable[[str], None],
) -> Agreed:
    """Audit by the keys given, else by those that the log itself names, which is said; close the feed.

    Raises what `audit` does.
    """

    async def run() -> Agreed:
        try:
            trusted = keys or await _named(feed, say_whose_key)
            return await audit(feed, trusted, projector, with_answers=with_answers, progress=progress)
        finally:
            await feed.close()

    return asyncio.run(run())


async def audit(
    feed: LogFeed, keys: Iterable[Verifier], projector: Service, *, with_answers: bool, progress: Progress
) -> Agreed:
    """Fold the log up to where the projector stands, or as far as the log goes, and compare.

    At the projector's size, root and digest say it all, and every answer is looked at where they differ, to name the
    first; at an older size, which has no digest any more, every answer is compared. Raises ProjectorDiffers,
    LogNotProved, LogNotRead, Refused and Unreachable.
    """
    state, trust = Projection.model_validate(projector.ask("/v1/projection")), Trust(None, tuple(keys))
    today = datetime.now(UTC).date()
    try:
        signed = trust.open(await feed.note())
        model = Refolding([Quarantined(each.treaty, each.since, each.reason) for each in state.quarantined])
        await _fold(model, feed, signed, min(state.size, signed.checkpoint.size), progress)
    except LogInconsistent as error:
        raise LogNotProved(error.reason) from error
    except (CannotFold, StopsHere, UnreadableFact) as error:
        raise LogNotProved(f"{error}; audit with the release that the projector runs") from error
    except LedgerUnreachable as error:
        raise LogNotRead(error.url, error.reason) from error
    except ProjectorError as error:
        raise CannotVerify(f"This release cannot fold that log: {error}.") from error
    _require_same_log(state, Trust(signed.checkpoint.origin, trust.keys))
    size, (root,) = model.log.size, encode_hashes([model.log.root()])
    if size == state.size and root != state.root:
        raise ProjectorDiffers(f"at size {size} the root is answered as {state.root}, and {root} follows from the log")
    differs = size == state.size and model.digest != state.digest
    compared = None
    if differs or with_answers or size < state.size:
        compared = compare_answers(projector, model, size=size, as_of=today, progress=progress)
    if differs:
        raise ProjectorDiffers(
            f"at size {size} the digest is answered as {state.digest}, and {model.digest} follows from the log;"
            " what is answered about treaties and members at that size does not differ"
        )
    return Agreed(size=size, root=root, digest=model.digest, stands_at=state.size, answers=compared)


async def _fold(model: Refolding, feed: LogFeed, signed: Signed, size: int, progress: Progress) -> None:
    """Draw the conclusions from the first entries of a log, all of them proven."""
    async with aclosing(feed.proved(model.log, signed.checkpoint)) as windows:
        async for window in windows:
            for entry in window[: size - model.log.size]:
                await model.take(entry)
            progress(model.log.size, size)
            if model.log.size == size:
                break


def _require_same_log(state: Projection, trust: Trust) -> None:
    """Raise ProjectorDiffers unless the projector rests on a checkpoint of the same log."""
    if state.checkpoint is None:
        if state.size:
            raise ProjectorDiffers("the projector has proven nothing of what it serves")
        return
    try:
        trust.open(state.checkpoint)
    except LogInconsistent as error:
        raise ProjectorDiffers(f"the projector rests on another checkpoint: {error.reason}") from error


async def _named(feed: LogFeed, say_whose_key: Callable[[str], None]) -> tuple[Verifier, ...]:
    """Return the keys that the log itself names; whoever altered the log could have altered them too."""
    try:
        keys = await feed.named_keys()
    except LogInconsistent as error:
        raise LogNotProved(error.reason) from error
    except LedgerUnreachable as error:
        raise LogNotRead(error.url, error.reason) from error
    say_whose_key("".join(f"{key.vkey}\n" for key in keys))
    return keys
