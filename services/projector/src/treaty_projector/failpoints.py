"""Fail on purpose at named places, for tests alone: nothing fails unless TREATY_PROJECTOR_FAILPOINTS says so.

A failpoint is `place:action:when`; several stand behind commas. The places:

    before-commit    a batch is written, nothing is committed: `before-commit:kill:3` at the third passing
    after-commit     a batch is committed, memory does not know it: `after-commit:kill:3`
    folding          a defect of the fold: `folding:raise:TREATY@POSITION`, for its facts from there on
"""

from __future__ import annotations

import logging
import os
import re
import signal
from collections import Counter
from collections.abc import Sequence
from typing import Literal, TypeAlias

from treaty_projector.errors import NotReady
from treaty_projector.law.state import Fact

Place: TypeAlias = Literal["before-commit", "after-commit"]

_KILL = re.compile(r"(before-commit|after-commit):kill:([1-9]\d*)")
_RAISE = re.compile(r"folding:raise:([a-z0-9][a-z0-9-]*)@(\d+)")
_log = logging.getLogger(__name__)


class Failpoints:
    """Know which places fail; `Failpoints()` lets every place be passed."""

    def __init__(self, text: str | None = None) -> None:
        self._kills: dict[str, int] = {}
        self._raises: dict[str, int] = {}
        self._passed: Counter[str] = Counter()
        for one in text.split(",") if text else ():
            self._arm(one.strip())
        if text:
            _log.warning("FAILPOINTS ARE ON: this projector fails on purpose (%s); never run it on what counts", text)

    def passing(self, place: Place) -> None:
        """Pass a place, or end there at once."""
        self._passed[place] += 1
        if self._kills.get(place) == self._passed[place]:
            _log.warning("failpoint %s: kill", place)
            os.kill(os.getpid(), signal.SIGKILL)

    def folding(self, treaty: str, facts: Sequence[Fact]) -> None:
        """Pass the folding of facts, or raise as a defect of the fold would."""
        since = self._raises.get(treaty)
        if since is not None and any(fact.position >= since for fact in facts):
            raise ZeroDivisionError("a failpoint stands for a defect")

    def _arm(self, one: str) -> None:
        if kill := _KILL.fullmatch(one):
            self._kills[kill[1]] = int(kill[2])
        elif defect := _RAISE.fullmatch(one):
            self._raises[defect[1]] = int(defect[2])
        else:
            raise NotReady(
                f"{one[:100]!r} is no failpoint; leave TREATY_PROJECTOR_FAILPOINTS out: it is for tests alone"
            )
