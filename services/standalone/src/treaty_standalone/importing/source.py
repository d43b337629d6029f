"""Read both tables and yield the events to post: participants and treaties first, then what was done."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from treaty_standalone.importing.account import Account, Kind
from treaty_standalone.importing.errors import RowRejected
from treaty_standalone.importing.joining import Joining
from treaty_standalone.importing.mapping import Mapping
from treaty_standalone.importing.table import Row, read_rows, split_acts
from treaty_standalone.importing.translate import Act, ActionReader, event_of, registrations_of_participants
from treaty_standalone.importing.treaties import TreatyReader

_SUFFIXES: Final = frozenset({".csv", ".gz"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """Hold an event to post, canonical, and the row it stands for."""

    kind: Kind
    row: int
    says: str
    event: bytes


class Source:
    """Hold two tables and how they map to events. The actions are read twice, so that the order of rows is free."""

    def __init__(self, actions: Path, treaties: Path, mapping: Mapping) -> None:
        self._actions = actions
        self._treaties = treaties
        self._mapping = mapping
        self._reader = ActionReader(mapping, table=mapping.constants.table or _name(actions))
        self._joining = Joining()
        self._listed: set[str] = set()
        self._in_force: set[str] = set()

    def survey(self) -> int:
        """Find which rows belong together; return how many rows both tables have. Raises BadTable."""
        count = sum(1 for _ in self._treaty_rows())
        for row in self._action_rows():
            count += 1
            try:
                self._joining.add(self._reader.read(row))
            except RowRejected:
                continue  # the reason is told when the row is imported
        self._joining.close()
        return count

    def proposals(self, account: Account) -> Iterator[Proposal]:
        """Yield the events to post; rows that yield none are accounted for. Survey first. Raises BadTable."""
        yield from self._of_participants(account)
        yield from self._of_treaties(account)
        for row in self._action_rows():
            account.read(Kind.ACTIONS)
            try:
                act = self._reader.read(row)
                if self._joining.is_joined(act):
                    account.join(Kind.ACTIONS)
                    continue
                effective_on = self._joining.effect_of(act)
                event = event_of(act, self._mapping, effective_on=effective_on)
            except RowRejected as error:
                account.reject(Kind.ACTIONS, row.number, _says(row), error)
                continue
            self._count_consent(act, effective_on, account)
            if act.treaty not in self._listed:
                account.unlisted[act.treaty] += 1
            yield Proposal(Kind.ACTIONS, row.number, _says(row), event)

    def _of_participants(self, account: Account) -> Iterator[Proposal]:
        table = self._mapping.constants.table or "participants"
        for number, event in enumerate(registrations_of_participants(self._mapping, table=table), 1):
            account.read(Kind.PARTICIPANTS)
            yield Proposal(Kind.PARTICIPANTS, number, self._mapping.participants[number - 1].code, event)

    def _of_treaties(self, account: Account) -> Iterator[Proposal]:
        reader = TreatyReader(self._mapping, table=self._mapping.constants.table or _name(self._treaties))
        for row in self._treaty_rows():
            says = f"{row['treaty']} {row['title']}"
            account.read(Kind.TREATIES)
            try:
                event, left_out = reader.registration(row)
            except RowRejected as error:
                account.reject(Kind.TREATIES, row.number, says, error)
                continue
            self._listed.add(reader.treaty(row))
            if left_out is not None:
                account.leave_out(Kind.TREATIES, row.number, says, left_out)
            yield Proposal(Kind.TREATIES, row.number, says, event)
            yield from self._entry_into_force(reader, row, account)

    def _entry_into_force(self, reader: TreatyReader, row: Row, account: Account) -> Iterator[Proposal]:
        says = f"{row['treaty']} in force on {row['in_force_on']}"
        try:
            event = reader.entry_into_force(row)
        except RowRejected as error:
            account.read(Kind.ENTRIES_INTO_FORCE)
            account.reject(Kind.ENTRIES_INTO_FORCE, row.number, says, error)
            return
        if event is not None:
            self._in_force.add(reader.treaty(row))
            account.read(Kind.ENTRIES_INTO_FORCE)
            yield Proposal(Kind.ENTRIES_INTO_FORCE, row.number, says, event)

    def _count_consent(self, act: Act, effective_on: str | None, account: Account) -> None:
        if not act.rule.is_consent:
            return
        account.consents.read += 1
        if effective_on is None and act.effective_on is None and act.treaty not in self._in_force:
            account.consents.open[act.table] += 1
            account.consents.treaties.add(act.treaty)

    def _action_rows(self) -> Iterator[Row]:
        columns, required = self._mapping.action_columns()
        for row in read_rows(self._actions, columns, required=required, delimiter=self._mapping.format.delimiter):
            if self._mapping.acts:
                yield from split_acts(row, self._mapping.acts)
            else:
                yield row

    def _treaty_rows(self) -> Iterator[Row]:
        columns, required = self._mapping.columns_of_treaties()
        return read_rows(self._treaties, columns, required=required, delimiter=self._mapping.format.delimiter)


def _name(path: Path) -> str:
    """Return a file's name without what only says how it is stored."""
    while path.suffix in _SUFFIXES:
        path = path.with_suffix("")
    return path.name


def _says(row: Row) -> str:
    who = row["participant"] or row["name"]
    return " ".join(filter(None, (row["treaty"], who, row["action"], row["date"])))
