"""Fail on purpose at named places, for tests alone: nothing fails unless TREATY_LEDGER_FAILPOINTS says so.

A failpoint is `place:action:when`; several stand behind commas. `when` is the number of a passing, such as `40`, or a
probability, such as `0.01`. The places:

    locked           the lock is held, nothing is decided
    before-commit    everything is decided, and inserted unless one exchange shall do; nothing is committed
    after-commit     everything is committed, nobody has an answer
    before-signing   events are recorded, no checkpoint covers them
    before-guard     the checkpoint is stored, the guard does not know it
    before-publish   the guard knows the checkpoint, nobody has seen it
"""

import logging
import os
import random
import signal
from dataclasses import dataclass
from typing import Literal, TypeAlias, cast, get_args

from treaty_ledger.errors import DatabaseUnavailable, UnknownFailpoint

Place: TypeAlias = Literal[
    "locked", "before-commit", "after-commit", "before-signing", "before-guard", "before-publish"
]
Action: TypeAlias = Literal["kill", "pause", "lose"]
"""End the process at once; stop it until somebody sends SIGCONT; behave as if the database had not answered."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Armed:
    action: Action
    nth: int | None
    probability: float
    passed: int = 0

    def strikes(self) -> bool:
        self.passed += 1
        if self.nth is not None:
            return self.passed == self.nth
        return random.random() < self.probability  # noqa: S311 - nothing secret hangs on it


class Failpoints:
    """Know which places fail, how and when; `Failpoints()` lets every place be passed."""

    def __init__(self, text: str | None = None) -> None:
        self._armed: dict[Place, _Armed] = dict(_parsed(one) for one in text.split(",")) if text else {}
        if text:
            _log.warning("FAILPOINTS ARE ON: this ledger fails on purpose (%s); never run it on what counts", text)

    def passing(self, place: Place) -> None:
        """Pass a place, or fail there; raise DatabaseUnavailable where an answer shall be lost."""
        armed = self._armed.get(place)
        if armed is None or not armed.strikes():
            return
        _log.warning("failpoint %s: %s", place, armed.action)
        match armed.action:
            case "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            case "pause":
                os.kill(os.getpid(), signal.SIGSTOP)
            case "lose":
                raise DatabaseUnavailable(f"failpoint {place}")


def _parsed(text: str) -> tuple[Place, _Armed]:
    """Return one place and what happens there; raise UnknownFailpoint."""
    place, action, when = (*text.strip().split(":"), "", "")[:3]
    if place not in get_args(Place) or action not in get_args(Action):
        raise UnknownFailpoint(text)
    try:
        nth, probability = (int(when), 0.0) if when.isdecimal() else (None, float(when))
    except ValueError as error:
        raise UnknownFailpoint(text) from error
    return cast(Place, place), _Armed(cast(Action, action), nth, probability)
