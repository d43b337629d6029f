"""Say in what two generations differ, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from treaty_contracts.canonical import JSON, JsonObject
from treaty_projector.bitemporal.versions import digest_of
from treaty_projector.generations import Generation
from treaty_projector.quarantine import Quarantined

_NOBODY = "none"


class Status(NamedTuple):
    """Hold where a participant stands on a day, with the answer's document."""

    consent: str
    exit_stage: str | None
    document: JsonObject

    @property
    def rests_on(self) -> JsonObject:
        """Return what the status rests on: the positions, and the rule of an exit."""
        exit_ = self.document.get("exit")
        about: JsonObject = exit_ if isinstance(exit_, dict) else {}
        return {
            "consent": self.consent,
            "exit": self.exit_stage,
            "since": self.document.get("since"),
            "until": self.document.get("until"),
            "mode": self.document.get("mode"),
            "effective_on": about.get("effective_on"),
            "rule": about.get("rule"),
            "article": about.get("article"),
            "basis": self.document.get("basis", []),
        }


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold one participant, or a treaty itself, of whom the two say something else."""

    treaty: str
    participant: str | None
    kind: str
    """`status` today, `answer` on other days or in details, or `history`: only what was known before."""
    before: Status | None
    after: Status | None

    def document(self) -> JsonObject:
        """Return the difference as JSON's values."""
        return {
            "treaty": self.treaty,
            "participant": self.participant,
            "differs": self.kind,
            "before": None if self.before is None else self.before.rests_on,
            "after": None if self.after is None else self.after.rests_on,
        }

    def line(self) -> str:
        """Return the difference in one line."""
        who = self.treaty if self.participant is None else f"{self.treaty}, {self.participant}"
        if self.kind == "status":
            return f"{who}: {_says(self.before)} -> {_says(self.after)}"
        said = "what is said now differs" if self.kind == "answer" else "only what was known earlier differs"
        return f"{who}: {said}, the status today does not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Hold what was found when two generations were compared at one size."""

    size: int
    as_of: str
    before: Generation
    after: Generation
    equal: int
    differing: int
    differences: Sequence[Difference]
    """The first ones."""
    quarantined: Sequence[Quarantined]
    """Who is quarantined by the later one alone, or since an earlier position."""

    @property
    def agrees(self) -> bool:
        """Tell whether the later says whatever the earlier does."""
        return not self.differing and not self.quarantined

    def document(self) -> JsonObject:
        """Return the report as JSON's values."""
        differences: list[JSON] = [difference.document() for difference in self.differences]
        same_size = self.before.size == self.after.size
        return {
            "size": self.size,
            "as_of": self.as_of,
            "before": _generation(self.before),
            "after": _generation(self.after),
            "digests_are_equal": self.before.digest_sum == self.after.digest_sum if same_size else None,
            "equal": self.equal,
            "differing": self.differing,
            "differences": differences,
            "quarantined": [
                {"treaty": each.treaty, "since": each.since, "reason": each.reason} for each in self.quarantined
            ],
        }

    def lines(self, *, most: int) -> Iterator[str]:
        """Give the report for people."""
        yield (
            f"generations {self.before.number} (law {self.before.law}) and {self.after.number} (law {self.after.law}) "
            f"at {self.size} entries: {self.equal} participants and treaties equal, {self.differing} differ"
        )
        for difference in self.differences[:most]:
            yield f"  {difference.line()}"
        if self.differing > most:
            yield f"  and {self.differing - min(most, len(self.differences))} more"
        for each in self.quarantined[:most]:
            yield f"  {each.treaty} is quarantined since position {each.since}: {each.reason}"
        if len(self.quarantined) > most:
            yield f"  and {len(self.quarantined) - most} more"


def differences_of(
    found: Iterable[tuple[str, str, bool]],
    before: Mapping[tuple[str, str], Status],
    after: Mapping[tuple[str, str], Status],
) -> list[Difference]:
    """Return the differences, from (treaty, participant or "", whether what is known now differs)."""
    differences = []
    for treaty, participant, differs_now in found:
        was, now = before.get((treaty, participant)), after.get((treaty, participant))
        kind = "history"
        if differs_now:
            kind = "answer" if _place(was) == _place(now) else "status"
        differences.append(Difference(treaty, participant or None, kind, was, now))
    return differences


def quarantined_anew(before: Iterable[Quarantined], after: Iterable[Quarantined]) -> list[Quarantined]:
    """Return who is stale in the later generation and not, or only since a later position, in the earlier."""
    since = {each.treaty: each.since for each in before}
    return [each for each in after if each.treaty not in since or each.since < since[each.treaty]]


def status_of(consent: str, exit_stage: str | None, document: bytes) -> Status:
    """Return a status from its row."""
    read = orjson.loads(document)
    return Status(consent, exit_stage, read if isinstance(read, dict) else {})


def _place(status: Status | None) -> tuple[str, str | None]:
    return (_NOBODY, None) if status is None else (status.consent, status.exit_stage)


def _says(status: Status | None) -> str:
    if status is None:
        return _NOBODY
    about = status.rests_on
    exit_ = "" if status.exit_stage is None else f", exit {status.exit_stage}"
    rule = f" by the rule {about['rule']}" if about["rule"] else ""
    return f"{status.consent} since {about['since']}{exit_}{rule} (rests on {about['basis']})"


def _generation(generation: Generation) -> JsonObject:
    return {
        "number": generation.number,
        "law": generation.law,
        "size": generation.size,
        "digest": digest_of(generation.digest_sum),
    }
