"""Decide on a group and commit what it records, whatever breaks meanwhile."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from treaty_door.figures import Spread
from treaty_ledger.append.decide import decide
from treaty_ledger.append.outcomes import Appended, Decision, Outcome, Replayed, Submission, wanted
from treaty_ledger.append.remembered import Remembered
from treaty_ledger.errors import DatabaseUnavailable, LogInconsistent, OutcomeUnknown, RefusedByDatabase
from treaty_ledger.failpoints import Failpoints
from treaty_ledger.store.appends import Appends
from treaty_ledger.store.values import Wanted

_PAUSES_SECONDS = (0.2, 1.0)
"""How long to wait before the second attempt to record, and before the third and last."""

_GROUPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class AppenderCounts:
    """Count what an appender did since it began."""

    transactions: int = 0
    at_once: int = 0
    transaction_seconds: float = 0.0
    groups: Spread = field(default_factory=lambda: Spread(_GROUPS))
    seconds: Spread = field(default_factory=Spread)
    appended: int = 0
    replayed: int = 0
    refused: int = 0
    failed: int = 0

    def transaction(self, *, events: int, seconds: float) -> None:
        """Count a transaction, and the events it recorded."""
        self.transactions += 1
        self.transaction_seconds += seconds
        self.seconds.note(seconds)
        if events:
            self.groups.note(events)


@dataclass(slots=True)
class _Group:
    """Hold what a group asks, and what the last attempt may have recorded of it."""

    submissions: Sequence[Submission]
    wanted: Wanted
    tried: Decision | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    decision: Decision
    size: int


class Recording:
    """Record groups, one after the other.

    `require_extended` raises when a database of that size lacks what is known to be recorded; `recorded` hears the
    log's size after each transaction.
    """

    def __init__(
        self,
        appends: Appends,
        counts: AppenderCounts,
        *,
        require_extended: Callable[[int], None],
        recorded: Callable[[int], None],
        failpoints: Failpoints,
    ) -> None:
        self._appends = appends
        self._counts = counts
        self._require_extended = require_extended
        self._recorded = recorded
        self._failpoints = failpoints
        self._remembered = Remembered()

    async def decided(self, submissions: Sequence[Submission]) -> Decision:
        """Decide and commit; after a broken connection again, which finds what the first attempt had committed."""
        group = _Group(submissions, wanted(submissions))
        pauses = iter(_PAUSES_SECONDS)
        while True:
            began = time.monotonic()
            try:
                done = await self._at_once(group) or await self._asking(group)
            except DatabaseUnavailable as error:
                _log.warning("recording failed: %s", error.reason)
                self._remembered.forget()
                pause = next(pauses, None)
                if pause is None and group.tried is None:
                    raise
                if pause is None:
                    raise OutcomeUnknown from error
                await asyncio.sleep(pause)
                continue
            self._counts.transaction(events=len(done.decision.entries), seconds=time.monotonic() - began)
            self._recorded(done.size)
            return done.decision

    async def _at_once(self, group: _Group) -> _Done | None:
        """Record a group in one exchange, when what is remembered tells that all of it can be; else return None."""
        prior = None if group.tried else self._remembered.prior(group.wanted)
        if prior is None or not self._is_newest(prior.size):
            return None
        decision = decide(prior, group.submissions)
        if not all(isinstance(outcome, Appended) for outcomes in decision.outcomes for outcome in outcomes):
            return None
        group.tried = decision
        self._failpoints.passing("before-commit")
        try:
            await self._appends.append(decision.entries)
        except RefusedByDatabase:
            group.tried = None
            self._remembered.mistaken()
            return None
        self._failpoints.passing("after-commit")
        self._remembered.extend(decision.entries)
        self._counts.at_once += 1
        return _Done(decision, prior.size + len(decision.entries))

    def _is_newest(self, size: int) -> bool:
        """Tell whether a remembered size is not known to be outdated: another process may have recorded since."""
        try:
            self._require_extended(size)
        except LogInconsistent:
            self._remembered.mistaken()
            return False
        return True

    async def _asking(self, group: _Group) -> _Done:
        """Ask the database under the lock, decide, and record what is accepted."""
        async with self._appends.transaction() as transaction:
            prior = await transaction.lock_and_read(group.wanted)
            self._failpoints.passing("locked")
            self._require_extended(prior.size)
            decision = decide(prior, group.submissions)
            if group.tried is not None:
                decision = _as_first_answered(decision, group.tried)
            if decision.entries:
                group.tried = decision
                await transaction.append(decision.entries)
                self._failpoints.passing("before-commit")
        if decision.entries:
            self._failpoints.passing("after-commit")
        self._remembered.learn(prior, decision)
        return _Done(decision, prior.size + len(decision.entries))


def _as_first_answered(decision: Decision, tried: Decision) -> Decision:
    """Return the decision with what an earlier attempt of ours recorded as appended, not as replayed."""
    outcomes = tuple(
        tuple(_first(outcome, earlier) for outcome, earlier in zip(new, old, strict=False)) + new[len(old) :]
        for new, old in zip(decision.outcomes, tried.outcomes, strict=True)
    )
    return Decision(outcomes, decision.entries)


def _first(outcome: Outcome, earlier: Outcome) -> Outcome:
    ours = isinstance(outcome, Replayed) and isinstance(earlier, Appended) and outcome.receipts == earlier.receipts
    return earlier if ours else outcome
