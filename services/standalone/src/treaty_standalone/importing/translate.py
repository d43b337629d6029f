"""Turn rows into events: pure functions of a row, a mapping and what other rows say of the same act."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.envelope import PARTICIPANTS_SUBJECT
from treaty_contracts.events import CATALOGUE
from treaty_contracts.intake import InvalidEvent, accept
from treaty_contracts.names import SLUG_PATTERN
from treaty_standalone.importing.days import read_day
from treaty_standalone.importing.errors import RowRejected
from treaty_standalone.importing.mapping import Mapping, Rule
from treaty_standalone.importing.names import Participants
from treaty_standalone.importing.table import Row

_LONGEST_LABEL: Final = 400
_SLUG: Final = re.compile(SLUG_PATTERN)
_NOT_IN_SLUG: Final = re.compile("[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Hold what one row tells: who did what on which day, and by which rule it becomes an event."""

    row: Row
    table: str
    treaty: str
    participant: str
    rule: Rule
    day: str
    effective_on: str | None
    digest: str


class ActionReader:
    """Read rows of actions by a mapping."""

    def __init__(self, mapping: Mapping, *, table: str) -> None:
        self._mapping = mapping
        self._table = table
        self._participants = Participants(mapping)
        self._rules: dict[tuple[str, str], Rule | None] = {}

    def read(self, row: Row) -> Act:
        """Return what a row tells. Raises RowRejected with the reason why it tells nothing that can be posted."""
        if row.is_torn:
            raise RowRejected("the row has more cells than the header")
        rule = self._rule(row["action"], row["detail"])
        treaty = row["treaty"] or self._mapping.constants.treaty or ""
        if not treaty:
            raise RowRejected("the row names no treaty")
        written = self._mapping.format.date
        effective = row["effective_on"]
        return Act(
            row=row,
            table=row["table"] or self._table,
            treaty=slug(treaty),
            participant=self._participant(row, rule),
            rule=rule,
            day=read_day(row["date"], precision=row["precision"], written=written),
            effective_on=read_day(effective, written=written) if effective else None,
            digest=row.digest(),
        )

    def _rule(self, action: str, detail: str) -> Rule:
        if (action, detail) not in self._rules:
            self._rules[action, detail] = self._mapping.rule(action, detail)
        rule = self._rules[action, detail]
        if rule is None:
            raise RowRejected("no rule says what the action means", f"{action} ({detail})" if detail else action)
        if rule.reject is not None:
            raise RowRejected(rule.reject)
        return rule

    def _participant(self, row: Row, rule: Rule) -> str:
        if rule.type is not None and "participant" not in CATALOGUE[rule.type].model_fields:
            return ""
        return self._participants.find(row["participant"], row["name"])


def event_of(act: Act, mapping: Mapping, *, effective_on: str | None) -> bytes:
    """Return the event of an act, canonical; `effective_on` is the day that other rows give it. Raises RowRejected."""
    rule = act.rule
    if rule.type is None:
        raise RowRejected("there is no instrument whose day of effect this could be")
    label = row_label(act.row, act.treaty, act.participant, act.row["action"], act.row["date"], act.row["detail"])
    data: JsonObject = dict(common_data(mapping, table=act.table, label=label))
    data.update(rule.data)
    if act.participant:
        data["participant"] = act.participant
    data[rule.day_field()] = act.day
    effect, detail = act.effective_on or effective_on, act.row["detail"]
    if effect is not None:
        data[_effect_field(rule)] = effect
    if detail and rule.detail_as and detail.casefold() != act.row["action"].casefold():
        data[rule.detail_as] = detail
    id_ = "/".join(filter(None, (act.treaty, act.participant, act.digest)))
    return checked_event(mapping, table=act.table, id_=id_, type_=rule.type, subject=act.treaty, data=data)


def registrations_of_participants(mapping: Mapping, *, table: str) -> Iterator[bytes]:
    """Yield an event for each participant that the mapping adds. Raises RowRejected."""
    for each in mapping.participants:
        data: JsonObject = dict(common_data(mapping, table=table, label=f"participant {each.code}"))
        data |= {"code": each.code, "kind": each.kind, "names": [{"name": each.name}]}
        yield checked_event(
            mapping,
            table=table,
            id_=f"participant/{each.code}",
            type_="participant.registered",
            subject=PARTICIPANTS_SUBJECT,
            data=data,
        )


def common_data(mapping: Mapping, *, table: str, label: str) -> dict[str, str]:
    """Return what every event says of where it comes from."""
    citation = mapping.constants.citation.replace("{table}", table).replace("{row}", label)
    return {"asserted_by": mapping.constants.asserted_by, "citation": citation}


def row_label(row: Row, *cells: str) -> str:
    """Return a row in its own words, the same wherever in the table it stands."""
    precision = row["precision"]
    said = [*cells, precision if precision not in {"", "day"} else ""]
    return " | ".join(filter(None, said))[:_LONGEST_LABEL]


def checked_event(mapping: Mapping, *, table: str, id_: str, type_: str, subject: str, data: JsonObject) -> bytes:
    """Return the canonical bytes of an event that follows its schema. Raises RowRejected with what does not."""
    event: dict[str, JSON] = {
        "specversion": "1.0",
        "id": id_,
        "source": mapping.constants.source.replace("{table}", table),
        "type": type_,
        "subject": subject,
        "data": data,
    }
    try:
        return accept(event).canonical
    except InvalidEvent as error:
        first = error.errors[0]
        raise RowRejected(f"{first.pointer or '/'}: {first.detail}") from None


def slug(treaty: str) -> str:
    """Return a table's name of a treaty as an id: as it is where it can be one."""
    if _SLUG.fullmatch(treaty):
        return treaty
    plain = unicodedata.normalize("NFKD", treaty).encode("ascii", "ignore").decode().lower()
    return _NOT_IN_SLUG.sub("-", plain).strip("-")


def _effect_field(rule: Rule) -> str:
    field = rule.effect_field()
    if field is None:
        raise RowRejected(f"{rule.type} has no field for a day of effect")
    return field
