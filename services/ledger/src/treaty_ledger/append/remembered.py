"""Remember what was recorded last, so that most groups can be decided without asking the database first.

What is remembered may be wrong: another process may have recorded something since. It is only ever used to record, and
what contradicts the database is refused there by constraints; nobody is refused anything because of it.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from treaty_ledger.append.outcomes import Appended, Decision
from treaty_ledger.store.values import Entry, Prior, Wanted

_AT_MOST = 20_000
"""How many streams, and how many identities, are remembered before all are forgotten."""

_TRUSTED_SECONDS = 1.0
"""How long since the database was asked: its clock is the one that counts, and is followed no longer than this."""

_WARY_GROUPS = 100
"""How many groups ask the database after one for which memory was no use."""


@dataclass(slots=True)
class _Known:
    """Hold where the log ended, and what the database's clock showed when it was asked."""

    size: int
    last_recorded_at: datetime | None
    clock: datetime
    asked_at: float


class Remembered:
    """Hold what one connection recorded, as long as nothing went wrong on it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: _Known | None = None
        self._versions: dict[str, int] = {}
        self._identities: set[bytes] = set()
        self._wary = 0

    def prior(self, wanted: Wanted) -> Prior | None:
        """Return what must be known to decide; None when the database must be asked."""
        known, passed = self._known, 0.0
        if self._wary:
            self._wary -= 1
            return None
        if known is None or (passed := self._clock() - known.asked_at) > _TRUSTED_SECONDS:
            return None
        if wanted.targets or wanted.codes or not self._identities.isdisjoint(wanted.identities):
            return None
        versions = {stream: self._versions.get(stream, 0) for stream in wanted.streams}
        if not all(versions.values()):
            return None
        return Prior(
            size=known.size,
            now=known.clock + timedelta(seconds=passed),
            last_recorded_at=known.last_recorded_at,
            versions=versions,
            known={},
            targets={},
            codes=frozenset(),
        )

    def learn(self, prior: Prior, decision: Decision) -> None:
        """Remember what the database said under its lock, and what was recorded on top of it."""
        if any(not isinstance(outcome, Appended) for outcomes in decision.outcomes for outcome in outcomes):
            self._wary = _WARY_GROUPS  # what is posted again, or refused, seldom comes alone
        if self._known is None or self._known.size != prior.size:
            self.forget()
        self._known = _Known(prior.size, prior.last_recorded_at, prior.now, self._clock())
        self._versions.update(prior.versions)
        self.extend(decision.entries)

    def extend(self, entries: Sequence[Entry]) -> None:
        """Remember what was recorded on top of what is remembered."""
        if self._known is None or not entries:
            return
        if len(self._versions) > _AT_MOST or len(self._identities) > _AT_MOST:
            self._versions.clear()
            self._identities.clear()
        self._known.size = entries[-1].position + 1
        self._known.last_recorded_at = entries[-1].recorded_at
        for entry in entries:
            self._versions[entry.stream] = entry.version
            self._identities.add(entry.identity)

    def mistaken(self) -> None:
        """Forget everything, and be wary for a while: somebody else records too, or something is posted again."""
        self.forget()
        self._wary = _WARY_GROUPS

    def forget(self) -> None:
        """Forget everything."""
        self._known = None
        self._versions.clear()
        self._identities.clear()
