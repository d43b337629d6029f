"""Say how a table maps to events: its columns, what its actions and names mean, and what all events share."""

import re
import tomllib
from collections.abc import Mapping as Mapped
from fnmatch import translate
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from treaty_contracts.events import CATALOGUE
from treaty_contracts.names import ParticipantCode
from treaty_contracts.participants import KNOWN
from treaty_standalone.importing.errors import BadMapping
from treaty_standalone.importing.table import act_column

PartOf: TypeAlias = Literal["consent", "notice", "same_act"]
"""What a row may belong to: it gives a consent or a notice its day of effect, or tells of the same act as a consent."""

DAYS: Final = ("received_on", "signed_on", "announced_on", "decided_on", "effective_on", "on", "until_on")
"""Fields that may hold the day of a row, the decisive one first."""

DEFAULTS: Final = "defaults.toml"


def _check_type(type_: str) -> str:
    if type_ not in CATALOGUE:
        raise ValueError(f"{type_!r} is no type of event")
    return type_


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Columns(_Section):
    """Name the columns of a table of actions; one that the table lacks is empty, unless the mapping file names it."""

    table: str = "source"
    treaty: str = "treaty"
    participant: str = "participant"
    name: str = "participant_name"
    action: str = "action"
    date: str = "date"
    precision: str = "precision"
    detail: str = "detail"
    effective_on: str = "effective_on"


class TreatyColumns(_Section):
    """Name the columns of a table of treaties."""

    table: str = "source"
    treaty: str = "treaty"
    title: str = "title"
    adopted_on: str = "adopted_on"
    adopted_at: str = "adopted_at"
    in_force_on: str = "in_force_on"
    depositary: str = "depositary"
    subject: str = "subject"
    kind: str = "kind"


class Format(_Section):
    """Say how cells are separated, and how days are written where not as 2002-01-31."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    date: str | None = None


class Constants(_Section):
    """Hold what all rows share; {table} and {row} stand for the table's name and the row's own words."""

    source: str = "urn:status-table:{table}"
    citation: str = "{table}: {row}"
    asserted_by: Literal["depositary", "official", "party", "press"] = "depositary"
    table: str | None = None
    treaty: str | None = None
    kind: str = "multilateral"


class NewParticipant(_Section):
    """Name a participant that the reference list lacks, to be registered first."""

    code: ParticipantCode
    kind: Literal["state", "organisation", "territory"]
    name: str


class Rule(_Section):
    """Say what rows with an action, and a detail, become."""

    action: str
    detail: str = "*"
    type: Annotated[str, AfterValidator(_check_type)] | None = None
    data: dict[str, str | bool] = Field(default_factory=dict)
    day: str | None = None
    detail_as: str = "note"
    part_of: PartOf | None = None
    reject: str | None = None

    def fits(self, action: str, detail: str) -> bool:
        """Tell whether the rule is about rows with these words; capitals do not matter."""
        return bool(_pattern(self.action).fullmatch(action) and _pattern(self.detail).fullmatch(detail))

    @property
    def is_consent(self) -> bool:
        """Tell whether such a row expresses consent to be bound."""
        return self.type == "instrument.deposited" or (
            self.type == "signature.affixed" and self.data.get("definitive") is True
        )

    def day_field(self) -> str:
        """Return the field of the event that holds the row's day."""
        fields = () if self.type is None else CATALOGUE[self.type].model_fields
        return self.day or next((name for name in DAYS if name in fields), "")

    def effect_field(self) -> str | None:
        """Return the field of the event that holds a day of effect beside the row's day, if it has one."""
        fields = () if self.type is None else CATALOGUE[self.type].model_fields
        names = (name for name in ("states_effective_on", "effective_on") if name in fields)
        return next((name for name in names if name != self.day_field()), None)

    @model_validator(mode="after")
    def _is_clear(self) -> "Rule":
        if (self.reject is None) == (self.type is None and self.part_of is None):
            raise ValueError("give a type, part_of, or the words to reject the row with")
        fields = set() if self.type is None else set(CATALOGUE[self.type].model_fields)
        named = {*self.data, *([self.day] if self.day else [])} - fields
        if named:
            raise ValueError(f"{self.type} has no field {', '.join(sorted(named))}")
        if self.type is not None and self.detail_as and self.detail_as not in fields:
            raise ValueError(f"{self.type} has no field {self.detail_as} for the detail")
        if self.type is not None and not self.day_field():
            raise ValueError(f"{self.type} has no field for the day of a row")
        return self


class Mapping(_Section):
    """Hold a whole mapping, as a file gives it, upon the built-in one."""

    columns: Columns = Columns()
    acts: Mapped[str, str] = Field(default_factory=dict)
    """In a table with a column for every action: its heading, and the word for the action."""
    treaty_columns: TreatyColumns = TreatyColumns()
    format: Format = Format()
    constants: Constants = Constants()
    rules: tuple[Rule, ...] = Field(default=(), strict=False)
    aliases: Mapped[str, str] = Field(default_factory=dict)
    participants: tuple[NewParticipant, ...] = Field(default=(), strict=False)

    def action_columns(self) -> tuple[dict[str, str], frozenset[str]]:
        """Return the headings of a table of actions by name, and the names of those that it must have."""
        acts = {act_column(heading): heading for heading in self.acts}
        required = {*self.columns.model_fields_set, *acts}
        if not acts:
            required |= {"action", "date"}
        if self.constants.treaty is None:
            required.add("treaty")
        return {**self.columns.model_dump(), **acts}, frozenset(required)

    def columns_of_treaties(self) -> tuple[dict[str, str], frozenset[str]]:
        """Return the headings of a table of treaties by name, and the names of those that it must have."""
        required = {*self.treaty_columns.model_fields_set, "title"}
        if self.constants.treaty is None:
            required.add("treaty")
        return self.treaty_columns.model_dump(), frozenset(required)

    def rule(self, action: str, detail: str) -> Rule | None:
        """Return the first rule that fits."""
        return next((rule for rule in self.rules if rule.fits(action, detail)), None)


def load_mapping(path: Path | None = None) -> Mapping:
    """Return the mapping of a file upon the built-in one: its rules come first. Raises BadMapping."""
    defaults = Mapping.model_validate(tomllib.loads(resources.files(__package__).joinpath(DEFAULTS).read_text("utf-8")))
    if path is None:
        return defaults
    try:
        own = Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise BadMapping(path, f"{error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadMapping(path, f"{where}: {first['msg']}.") from error
    except ValueError as error:
        raise BadMapping(path, f"{error}.") from error
    codes = {*KNOWN, *(each.code for each in own.participants)}
    if strange := sorted(name for name, code in own.aliases.items() if code not in codes):
        raise BadMapping(path, f"aliases.{strange[0]}: {own.aliases[strange[0]]} is no known code.")
    return own.model_copy(
        update={"rules": own.rules + defaults.rules, "aliases": {**defaults.aliases, **own.aliases}},
    )


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(translate(words), re.IGNORECASE)
