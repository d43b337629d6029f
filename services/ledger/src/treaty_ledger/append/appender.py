"""Record what queued up, all in one transaction, while the next requests queue up behind it.

Group commit without a timer: the commit before is the wait. One task appends; requests only wait for its answer.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import assert_never

from treaty_door.pulse import Loop
from treaty_door.request_ids import CURRENT
from treaty_ledger.append.outcomes import Appended, Outcome, Outcomes, Replayed, Request, Submission
from treaty_ledger.append.recording import AppenderCounts, Recording
from treaty_ledger.errors import (
    OutcomeUnknown,
    QueueFull,
    Refusal,
    RefusedByDatabase,
    Unavailable,
)
from treaty_ledger.failpoints import Failpoints
from treaty_ledger.store.appends import Appends

EVENTS_AT_ONCE = 500
"""A transaction takes in no further request once it holds so many events."""

BYTES_AT_ONCE = 4 * 2**20
"""A transaction takes in no further request once its events have so many bytes."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AppenderLimits:
    """Bound what may wait to be recorded, and how long."""

    queued_requests: int
    queued_bytes: int
    wait_seconds: float


@dataclass(frozen=True, slots=True)
class _Waiting:
    submission: Submission
    size: int
    deadline: float | None
    traceparent: str | None
    answer: asyncio.Future[Outcomes] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Appender:
    """Take requests in, record them in their order, and answer each with its own outcome.

    `require_extended` raises when a database of that size lacks what is known to be recorded; `recorded` hears the
    log's size after each transaction.
    """

    def __init__(
        self,
        appends: Appends,
        *,
        limits: AppenderLimits,
        require_extended: Callable[[int], None],
        recorded: Callable[[int], None],
        failpoints: Failpoints,
        loop: Loop,
    ) -> None:
        self.counts = AppenderCounts()
        self._recording = Recording(
            appends, self.counts, require_extended=require_extended, recorded=recorded, failpoints=failpoints
        )
        self._limits = limits
        self._loop = loop
        self._queue: asyncio.Queue[_Waiting | None] = asyncio.Queue(limits.queued_requests)
        self._queued_bytes = 0

    @property
    def waiting(self) -> int:
        """Return how many requests wait to be recorded."""
        return self._queue.qsize()

    @property
    def waiting_bytes(self) -> int:
        """Return how many bytes of events wait to be recorded."""
        return self._queued_bytes

    async def append(self, request: Request) -> Outcome:
        """Record one request; return what became of it once that is durable.

        Raises QueueFull at once when too much is waiting, and Unavailable when its turn does not come in time.
        """
        submission = Submission((request,))
        size = submission.size
        if self._queued_bytes and self._queued_bytes + size > self._limits.queued_bytes:
            raise QueueFull
        waiting = _Waiting(submission, size, time.monotonic() + self._limits.wait_seconds, self._asked_in())
        try:
            self._queue.put_nowait(waiting)
        except asyncio.QueueFull as error:
            raise QueueFull from error
        self._queued_bytes += size
        return (await waiting.answer)[0]

    async def append_all(self, submission: Submission) -> Outcomes:
        """Record several requests in their order, waiting for room; return the outcome of each that was tried."""
        waiting = _Waiting(submission, submission.size, None, self._asked_in())
        await self._queue.put(waiting)
        self._queued_bytes += waiting.size
        return await waiting.answer

    async def run(self) -> None:
        """Record until closed, and then what still waits."""
        while (first := await self._queue.get()) is not None:
            self._loop.turned()
            group, open_ = self._drain(first)
            with self._span(group):
                await self._record(group)
            if not open_:
                return
            self._loop.rests()

    async def close(self) -> None:
        """Let `run` end after everything that waits."""
        await self._queue.put(None)

    def _asked_in(self) -> str | None:
        """Return the trace of the request that asks, if anybody hears of traces."""
        ids = CURRENT.get() if self._loop.traced else None
        return ids.traceparent if ids else None

    def _span(self, group: Sequence[_Waiting]) -> AbstractContextManager[None]:
        if not self._loop.traced:
            return nullcontext()
        follows = [waiting.traceparent for waiting in group if waiting.traceparent]
        return self._loop.span("record", follows=follows, events=sum(one.submission.events for one in group))

    def _drain(self, first: _Waiting) -> tuple[list[_Waiting], bool]:
        """Return what waits by now, within bounds, and whether more may come."""
        group = [first]
        events, size = first.submission.events, first.size
        while events < EVENTS_AT_ONCE and size < BYTES_AT_ONCE and not self._queue.empty():
            waiting = self._queue.get_nowait()
            if waiting is None:
                return self._admitted(group), False
            group.append(waiting)
            events += waiting.submission.events
            size += waiting.size
        return self._admitted(group), True

    def _admitted(self, group: list[_Waiting]) -> list[_Waiting]:
        """Return those whose turn came in time and who still wait."""
        now = time.monotonic()
        admitted = []
        for waiting in group:
            self._queued_bytes -= waiting.size
            if waiting.answer.done():
                continue
            if waiting.deadline is not None and waiting.deadline < now:
                self._fail(waiting, QueueFull())
                continue
            admitted.append(waiting)
        return admitted

    async def _record(self, group: Sequence[_Waiting]) -> None:
        if not group:
            return
        try:
            decision = await self._recording.decided([waiting.submission for waiting in group])
        except RefusedByDatabase as error:
            _log.warning("a transaction was refused, each request gets its own: %s", error)
            for waiting in group:
                await self._record_alone(waiting)
        except Unavailable as error:
            for waiting in group:
                self._fail(waiting, error)
        else:
            for waiting, outcomes in zip(group, decision.outcomes, strict=True):
                self._answer(waiting, outcomes)

    async def _record_alone(self, waiting: _Waiting) -> None:
        """Record each request in a transaction of its own, so that a refused one harms no other."""
        outcomes: list[Outcome] = []
        for request in waiting.submission.requests:
            try:
                outcomes += (await self._recording.decided([Submission((request,))])).outcomes[0]
            except RefusedByDatabase as refusal:
                outcomes.append(refusal)
            except Unavailable as error:
                self._fail(waiting, OutcomeUnknown() if outcomes else error)
                return
            if waiting.submission.stops_at_refusal and isinstance(outcomes[-1], Refusal):
                break
        self._answer(waiting, tuple(outcomes))

    def _answer(self, waiting: _Waiting, outcomes: Outcomes) -> None:
        for outcome in outcomes:
            match outcome:
                case Appended():
                    self.counts.appended += 1
                case Replayed():
                    self.counts.replayed += 1
                case Refusal():
                    self.counts.refused += 1
                case _:
                    assert_never(outcome)
        if not waiting.answer.done():
            waiting.answer.set_result(outcomes)

    def _fail(self, waiting: _Waiting, error: Unavailable) -> None:
        self.counts.failed += len(waiting.submission.requests)
        if not waiting.answer.done():
            waiting.answer.set_exception(error)
