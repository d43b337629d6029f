"""Group several reports of one act, and let the strongest of them count."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import replace

from treaty_projector.law.days import legal_day
from treaty_projector.law.state import Fact

ONE_ACT_WITHIN = dt.timedelta(days=31)
"""Reports by several sources whose days of receipt lie this close together are claims on one act."""

RANK = {"depositary": 3, "official": 2, "party": 1, "press": 0}
"""How strong an assertion is, by who makes it."""

CLAIMED = frozenset(
    {
        "consent.withdrawn",
        "instrument.deposited",
        "intention.renounced",
        "participation.ceased",
        "signature.affixed",
        "treaty.terminated",
        "withdrawal.completed",
        "withdrawal.notified",
        "withdrawal.revoked",
        "withdrawal.suspended",
    }
)
"""The acts of which several may report."""


class Claims:
    """Group the reports of one type of act: close in time, and each from another source.

    A report that comes last in legal order costs no more than those near it; an earlier one groups all of them again.
    """

    def __init__(self, reports: Iterable[Fact] = ()) -> None:
        self.strongest: list[Fact] = []
        """One fact for each act: the strongest report, then the latest recorded; its basis names the others."""
        self._groups: list[list[Fact]] = []
        self._reports: list[Fact] = []
        for report in reports:
            self.add(report)

    def add(self, report: Fact) -> bool:
        """Take one more report; tell whether it is of a further act, so that the others count as before."""
        insort(self._reports, report, key=_legal_order)
        if self._reports[-1] is report:
            return self._group(report)
        self._groups, self.strongest = [], []
        for each in self._reports:
            self._group(each)
        return False

    def _group(self, report: Fact) -> bool:
        """Put a report that comes last to the first act of which it can be a claim, or let it begin another."""
        since = legal_day(report).toordinal() - ONE_ACT_WITHIN.days
        for index in range(bisect_left(self._groups, since, key=_first_day), len(self._groups)):
            group = self._groups[index]
            if all(report.source != other.source for other in group):
                group.append(report)
                self.strongest[index] = _strongest(group)
                return False
        self._groups.append([report])
        self.strongest.append(report)
        return True


def _legal_order(fact: Fact) -> tuple[dt.date, str]:
    return legal_day(fact), fact.key


def _first_day(group: list[Fact]) -> int:
    return legal_day(group[0]).toordinal()


def _strongest(group: list[Fact]) -> Fact:
    best = max(group, key=lambda fact: (RANK[fact.data.asserted_by], fact.position))
    return replace(best, also=tuple(sorted(fact.position for fact in group if fact is not best)))
