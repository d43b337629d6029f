"""Write down every attempt of every client, and wake those who wait for a number of acknowledgements."""

import asyncio
import time
from collections.abc import Callable
from itertools import pairwise

from faults.history import Attempt, Outcome, Receipt, Seen


class Recorder:
    """Hold what was tried, read and seen in one round."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self.read: list[tuple[int, str]] = []
        self.checkpoints: list[Seen] = []
        self.notes: list[str] = []
        self.acknowledged = 0
        self.sent_away = 0
        self.unknown = 0
        self.replayed = 0
        self.at_once = 0
        self._changed = asyncio.Event()
        self._acknowledged_at: list[float] = []

    def add(
        self, events: tuple[str, ...], invoked_at: float, outcome: Outcome, *receipts: Receipt, told: str = ""
    ) -> None:
        """Write one attempt down, answered now."""
        now = time.monotonic()
        self.attempts.append(
            Attempt(
                events=events, invoked_at=invoked_at, answered_at=now, outcome=outcome, receipts=receipts, told=told
            )
        )
        match outcome:
            case "appended" | "replayed":
                self.acknowledged += len(receipts)
                self.replayed += len(receipts) * (outcome == "replayed")
                self._acknowledged_at.append(now)
            case "refused":
                self.sent_away += 1
            case "unknown":
                self.unknown += 1
            case "conflict" | "wrong":
                pass
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Return once a condition holds; it is looked at after each attempt."""
        while not condition():
            await self._changed.wait()

    async def more(self, count: int) -> None:
        """Return once so many more events are acknowledged."""
        wanted = self.acknowledged + count
        await self.until(lambda: self.acknowledged >= wanted)

    @property
    def longest_outage(self) -> float:
        """Return the longest time in which nobody got an acknowledgement, in seconds."""
        return max((later - earlier for earlier, later in pairwise(self._acknowledged_at)), default=0.0)
