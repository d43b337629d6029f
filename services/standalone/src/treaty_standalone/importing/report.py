"""Say what became of an import: in words and numbers for people, as JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from treaty_contracts.canonical import JSON, JsonObject
from treaty_standalone.importing.account import Account, Kind, Rejection, Tally
from treaty_standalone.importing.findings import Findings

NAMES = {
    Kind.PARTICIPANTS: "participants",
    Kind.TREATIES: "treaties",
    Kind.ENTRIES_INTO_FORCE: "entries into force",
    Kind.ACTIONS: "actions",
}

SHOWN_IN_FULL = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Hold the account of an import, and what the projector makes of what it posted."""

    account: Account
    findings: Findings | None
    dry_run: bool
    trouble: str | None = None
    """Why the projector could not be asked."""

    @property
    def failed(self) -> bool:
        """Tell whether rows were read and not one could be recorded."""
        return not self.account.recorded and any(tally.rejected for tally in self.account.tallies.values())

    def as_text(self, *, as_json: bool) -> str:
        """Return the report as the command prints it."""
        if as_json:
            return json.dumps(self.as_json(), ensure_ascii=False) + "\n"
        return "".join(f"{line}\n" for line in self.lines())

    def as_json(self) -> JsonObject:
        """Return the whole report as a JSON object: each row that was not posted is in it."""
        account = self.account
        rows: dict[str, JSON] = {kind.value: tally.as_json() for kind, tally in account.tallies.items()}
        rejected: list[JSON] = [rejection.as_json() for rejection in account.rejections]
        left_out: list[JSON] = [remark.as_json() for remark in account.remarks]
        unknown: list[JSON] = [
            {"code": code, "name": name, "rows": rows_} for (code, name), rows_ in account.unknown.most_common()
        ]
        reasons: dict[str, JSON] = {reason: len(rows_) for reason, rows_ in account.by_reason()}
        return {
            "dry_run": self.dry_run,
            "rows": rows,
            "rejected": rejected,
            "left_out": left_out,
            "by_reason": reasons,
            "unknown_participants": unknown,
            "unlisted_treaties": dict(sorted(account.unlisted.items())),
            "consents": account.consents.as_json(),
            "anomalies": None if self.findings is None else self.findings.as_json(),
            "trouble": self.trouble,
        }

    def lines(self) -> Iterator[str]:
        """Yield the report's lines."""
        verb = "to post" if self.dry_run else "posted"
        yield "Nothing was posted: this is what an import would do." if self.dry_run else "Imported."
        for kind, tally in self.account.tallies.items():
            if tally.read:
                yield f"  {NAMES[kind]}: {_counts(tally, verb)}"
        yield from self._rejections()
        yield from self._unknown()
        yield from self._unlisted()
        yield from self._consents()
        yield from self._anomalies()

    def _rejections(self) -> Iterator[str]:
        for reason, rejections in self.account.by_reason():
            yield f"Not recorded, {reason}: {len(rejections):,}"
            for (kind, said), group in groupby(sorted(rejections, key=_place), key=lambda each: _place(each)[:2]):
                yield from _rows(NAMES[Kind(kind)], said, list(group))

    def _unknown(self) -> Iterator[str]:
        if self.account.unknown:
            yield "Unknown participants; name them under [aliases] or [[participants]] of a mapping file:"
        for (code, name), rows in self.account.unknown.most_common():
            yield f"  {', '.join(filter(None, (code, name)))}: {_rows_in_words(rows)}"

    def _unlisted(self) -> Iterator[str]:
        if unlisted := self.account.unlisted:
            names = ", ".join(f"{treaty} ({_rows_in_words(rows)})" for treaty, rows in sorted(unlisted.items()))
            yield f"Not in the table of treaties, so the ledger must know them already: {names}"

    def _consents(self) -> Iterator[str]:
        consents = self.account.consents
        if waiting := consents.open.total():
            where = ", ".join(f"{table} {count:,}" for table, count in sorted(consents.open.items()))
            yield (
                f"{waiting:,} of {consents.read:,} consents, to {len(consents.treaties):,} treaties, stay contracting: "
                f"the tables give neither final clauses nor a day of entry into force for them ({where})."
            )

    def _anomalies(self) -> Iterator[str]:
        if self.trouble is not None:
            yield f"The anomalies are not known: {self.trouble}"
        if self.findings is None:
            return
        total = sum(finding.count for finding in self.findings.by_reason.values())
        yield f"Anomalies among the imported facts, at {self.findings.known_size:,} events: {total:,}"
        for reason, finding in self.findings.by_reason.items():
            example = finding.example
            who = f" {example.participant}" if example.participant else ""
            yield f"  {reason}: {finding.count:,}, such as event {example.position} ({example.treaty}{who})"
            yield f"    {example.detail}"


def _counts(tally: Tally, verb: str) -> str:
    parts = [
        (tally.posted, verb),
        (tally.already_there, "already there"),
        (tally.joined, "told within another row's event"),
        (tally.rejected, "rejected"),
    ]
    said = ", ".join(f"{count:,} {words}" for count, words in parts if count)
    return f"{tally.read:,} read{': ' if said else ''}{said}"


def _rows_in_words(rows: int) -> str:
    return f"{rows:,} {'row' if rows == 1 else 'rows'}"


def _place(rejection: Rejection) -> tuple[str, str, int]:
    return (rejection.kind, rejection.detail, rejection.row)


def _rows(name: str, said: str, rejections: Sequence[Rejection]) -> Iterator[str]:
    """Name rows by their numbers; a few also in their own words."""
    because = f" ({said})" if said else ""
    if len(rejections) <= SHOWN_IN_FULL:
        yield from (f"  {name}, row {each.row}: {each.says}{because}" for each in rejections)
    else:
        yield f"  {name}, rows {', '.join(str(each.row) for each in rejections)}{because}"
