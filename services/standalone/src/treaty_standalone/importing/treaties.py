"""Turn rows of a table of treaties into registrations and stated entries into force."""

from treaty_contracts.canonical import JSON, JsonObject
from treaty_standalone.importing.days import read_day
from treaty_standalone.importing.errors import RowRejected
from treaty_standalone.importing.mapping import Mapping
from treaty_standalone.importing.table import Row
from treaty_standalone.importing.translate import checked_event, common_data, row_label, slug


class TreatyReader:
    """Read rows of treaties by a mapping."""

    def __init__(self, mapping: Mapping, *, table: str) -> None:
        self._mapping = mapping
        self._table = table

    def registration(self, row: Row) -> tuple[bytes, RowRejected | None]:
        """Return the event that puts a treaty on the books, without final clauses. Raises RowRejected.

        A day of adoption that cannot be used is left out, and comes back as the reason.
        """
        if row.is_torn:
            raise RowRejected("the row has more cells than the header")
        treaty = self.treaty(row)
        data = self._common(row, row_label(row, treaty, row["title"]))
        data |= {"title": row["title"], "kind": row["kind"].casefold() or self._mapping.constants.kind}
        data |= {"depositaries": _listed(row["depositary"]), "subjects": _listed(row["subject"])}
        if row["adopted_at"]:
            data["adopted_at"] = row["adopted_at"]
        left_out = None
        try:
            if row["adopted_on"]:
                data["adopted_on"] = read_day(row["adopted_on"], written=self._mapping.format.date)
        except RowRejected as error:
            left_out = RowRejected(f"left out, the day of adoption: {error.reason}", error.said)
        return self._event(row, "treaty.registered", f"{treaty}/registered/{row.digest()}", data), left_out

    def entry_into_force(self, row: Row) -> bytes | None:
        """Return the event of an entry into force that the table states, if it does. Raises RowRejected."""
        if not row["in_force_on"] or row.is_torn:
            return None
        day = read_day(row["in_force_on"], written=self._mapping.format.date)
        data = self._common(row, row_label(row, self.treaty(row), "in force", row["in_force_on"]))
        data["effective_on"] = day
        return self._event(row, "treaty.entered_into_force", f"{self.treaty(row)}/in-force/{day}", data)

    def treaty(self, row: Row) -> str:
        """Return the id of the treaty that a row is about."""
        return slug(row["treaty"] or self._mapping.constants.treaty or "")

    def _common(self, row: Row, label: str) -> JsonObject:
        common: dict[str, JSON] = dict(common_data(self._mapping, table=self._name(row), label=label))
        return common

    def _event(self, row: Row, type_: str, id_: str, data: JsonObject) -> bytes:
        table, subject = self._name(row), self.treaty(row)
        return checked_event(self._mapping, table=table, id_=id_, type_=type_, subject=subject, data=data)

    def _name(self, row: Row) -> str:
        return row["table"] or self._table


def _listed(cell: str) -> list[JSON]:
    return [cell] if cell else []
