"""Bound how many events a principal records: a bucket of tokens each, which fills up again as time passes."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from treaty_ledger.errors import TooManyRequests

_BUCKETS = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


@dataclass(frozen=True, slots=True)
class Standing:
    """Tell how much of an allowance is left, and when it is whole again."""

    quota: int
    window_seconds: int
    left: int
    whole_after_seconds: int


class Allowances:
    """Count what each principal records against the same allowance: so many events a second, and a burst of them.

    A request is let in when one event is left of the allowance, and takes it at once; what else it holds may overdraw
    the allowance, and the next request then waits until that is made up for.
    """

    def __init__(self, *, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    @property
    def limited(self) -> bool:
        """Tell whether there is a limit at all."""
        return self._rate > 0

    @property
    def known(self) -> int:
        """Return how many principals are counted at the moment."""
        return len(self._buckets)

    def admit(self, principal: str) -> None:
        """Take one event off what a principal has left; raise TooManyRequests when there is none."""
        if not self.limited:
            return
        bucket = self._bucket(principal)
        if bucket.left < 1:
            wait = math.ceil((1 - bucket.left) / self._rate)
            raise TooManyRequests(
                principal,
                quota=self._burst,
                window_seconds=self._window,
                retry_after_seconds=max(1, wait),
                whole_after_seconds=self._whole_after(bucket),
            )
        bucket.left -= 1

    def spend(self, principal: str, events: int) -> float:
        """Take events off, also where none is left; return the seconds until the allowance is no longer overdrawn."""
        if not self.limited:
            return 0.0
        bucket = self._bucket(principal)
        bucket.left -= events
        return max(0.0, -bucket.left / self._rate)

    def standing(self, principal: str) -> Standing | None:
        """Return what a principal has left; None where nothing is limited."""
        if not self.limited:
            return None
        bucket = self._bucket(principal)
        return Standing(
            quota=self._burst,
            window_seconds=self._window,
            left=max(0, math.floor(bucket.left)),
            whole_after_seconds=self._whole_after(bucket),
        )

    @property
    def _window(self) -> int:
        return max(1, math.ceil(self._burst / self._rate))

    def _whole_after(self, bucket: _Bucket) -> int:
        return math.ceil((self._burst - bucket.left) / self._rate)

    def _bucket(self, principal: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(principal)
        if bucket is None:
            if len(self._buckets) >= _BUCKETS:
                self._forget_full(now)
            bucket = self._buckets[principal] = _Bucket(float(self._burst), now)
        self._fill(bucket, now)
        return bucket

    def _fill(self, bucket: _Bucket, now: float) -> None:
        bucket.left = min(float(self._burst), bucket.left + (now - bucket.at) * self._rate)
        bucket.at = now

    def _forget_full(self, now: float) -> None:
        """Drop the buckets that are full again: a new one would be just like them."""
        for principal, bucket in list(self._buckets.items()):
            self._fill(bucket, now)
            if bucket.left >= self._burst:
                del self._buckets[principal]
