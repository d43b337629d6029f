"""Name the things every event speaks of: treaties, participants, days, durations and texts.

Each name is an annotated type that pydantic checks and JSON Schema describes; the functions read what a
checked value means.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, StringConstraints, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,126}$"
"""What the id of a treaty looks like."""

CODE_PATTERN = r"^[A-Z0-9][A-Z0-9-]{1,39}$"
"""What the code of a participant looks like."""

_LEGAL_DAY_PATTERN = r"^[12][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
_EXACT_DAY_PATTERN = r"^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_MONTH_DAY_PATTERN = r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_DURATION_PATTERN = r"^P([0-9]{1,3}Y([0-9]{1,4}M)?([0-9]{1,5}D)?|[0-9]{1,4}M([0-9]{1,5}D)?|[0-9]{1,5}D|[0-9]{1,4}W)$"
_URL_PATTERN = r"^https?://[^\s]+$"

_DAY_LENGTH, _MONTH_LENGTH = len("2002-01-01"), len("2002-01")
_PLACEHOLDERS = ("0001", "1900-01-01", "9999-12-31")
_LEGAL_DAY = re.compile(_LEGAL_DAY_PATTERN)
_EXACT_DAY = re.compile(_EXACT_DAY_PATTERN)
_MONTH_DAY = re.compile(_MONTH_DAY_PATTERN)
_DURATION = re.compile(_DURATION_PATTERN)
_PART = re.compile("([0-9]+)([YMWD])")
_CONTROL_IN_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_CONTROL_IN_PROSE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Span:
    """Measure a stretch of the calendar; weeks count as seven days, months never become days."""

    years: int = 0
    months: int = 0
    days: int = 0


@lru_cache(maxsize=65_536)
def first_day(day: str) -> date:
    """Return the first calendar day a legal day may mean: 1992-05 may be as early as 1992-05-01."""
    if len(day) == _DAY_LENGTH:
        return date.fromisoformat(day)
    month = int(day[5:7]) if len(day) == _MONTH_LENGTH else 1
    return date(int(day[:4]), month, 1)


def is_approximate(day: str) -> bool:
    """Tell whether a legal day is known only to the month or the year."""
    return len(day) < _DAY_LENGTH


@lru_cache(maxsize=4_096)
def parse_duration(duration: str) -> Span:
    """Return the span an ISO 8601 duration of years, months, weeks or days stands for; raise ValueError otherwise."""
    if _DURATION.fullmatch(duration) is None:
        raise ValueError("a duration is written like P6M, P1Y6M, P2W or P60D")
    parts = {unit: int(number) for number, unit in _PART.findall(duration)}
    return Span(years=parts.get("Y", 0), months=parts.get("M", 0), days=parts.get("D", 0) + 7 * parts.get("W", 0))


def check_line(text: str) -> str:
    """Accept one line of text: NFC, without control characters, not blank."""
    if text.isascii() and text.isprintable() and not text.isspace():
        return text
    return _check_text(text, _CONTROL_IN_LINE)


class _Given:
    """Take null out of an optional type: what is not known is left out, never null."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


@lru_cache(maxsize=65_536)
def _check_legal_day(day: str) -> str:
    _refuse_placeholder(day)
    if _LEGAL_DAY.fullmatch(day) is None:
        raise PydanticCustomError(
            "legal_day", "write the day as YYYY-MM-DD, YYYY-MM or YYYY, in the years 1000 to 2999"
        )
    if not is_approximate(day):
        _find_in_calendar(day)
    return day


def _read_exact_day(day: object) -> date:
    text = day.isoformat() if isinstance(day, date) else day
    if isinstance(text, str):
        _refuse_placeholder(text)
        if _EXACT_DAY.fullmatch(text):
            return _find_in_calendar(text)
    raise PydanticCustomError("exact_day", "write the day as YYYY-MM-DD, in the years 1000 to 2999")


def _refuse_placeholder(day: str) -> None:
    for placeholder in _PLACEHOLDERS:
        if day.startswith(placeholder):
            raise PydanticCustomError(
                "placeholder_day",
                "{placeholder} is a placeholder, not a day: leave the field out when the day is unknown",
                {"placeholder": placeholder},
            )


def _find_in_calendar(day: str) -> date:
    try:
        return date.fromisoformat(day)
    except ValueError:
        raise PydanticCustomError("calendar_day", "{day} is not in the calendar", {"day": day}) from None


def _check_month_day(day: str) -> str:
    try:
        if _MONTH_DAY.fullmatch(day):
            date.fromisoformat(f"2000-{day}")
            return day
    except ValueError:
        pass
    raise PydanticCustomError("month_day", "write a day of the year as MM-DD, for example 12-31")


def _check_duration(duration: str) -> str:
    if _DURATION.fullmatch(duration) is None:
        raise PydanticCustomError(
            "duration",
            "write the duration as years, months and days or as weeks: P6M, P1Y6M, P60D, P2W"
            " (at most 999 years, 9999 months, 9999 weeks, 99999 days)",
        )
    if parse_duration(duration) == Span():
        raise PydanticCustomError("empty_duration", "a duration of nothing is not a duration: leave it out")
    return duration


def _check_prose(text: str) -> str:
    if text.isascii() and text.isprintable() and not text.isspace():
        return text
    return _check_text(text, _CONTROL_IN_PROSE)


def _check_text(text: str, forbidden: re.Pattern[str]) -> str:
    if control := forbidden.search(text):
        code = f"U+{ord(control[0]):04X}"
        raise PydanticCustomError("control_character", "remove the control character {code}", {"code": code})
    if text.isspace():
        raise PydanticCustomError("blank_text", "write something, or leave the field out")
    if not unicodedata.is_normalized("NFC", text):
        raise PydanticCustomError("not_nfc", "normalise the text to Unicode NFC")
    return text


def _matching(pattern: str, detail: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if compiled.fullmatch(value) is None:
            raise PydanticCustomError("pattern", "{detail}", {"detail": detail})
        return value

    return check


Given = Annotated[T | None, _Given()]
"""An optional value that is left out when unknown; null is refused."""

TreatyId = Annotated[
    str,
    AfterValidator(_matching(SLUG_PATTERN, "use lower-case letters, digits and hyphens, at most 127, no hyphen first")),
    WithJsonSchema({"type": "string", "pattern": SLUG_PATTERN}),
]
"""The id of a treaty, which is the subject of its events."""

ParticipantCode = Annotated[
    str,
    AfterValidator(
        _matching(CODE_PATTERN, "use a participant's code: 2 to 40 upper-case letters, digits or hyphens, such as HUN")
    ),
    WithJsonSchema({"type": "string", "pattern": CODE_PATTERN}),
]
"""The code of a participant; whether it is a known one is another question."""

LegalDay = Annotated[
    str, AfterValidator(_check_legal_day), WithJsonSchema({"type": "string", "pattern": _LEGAL_DAY_PATTERN})
]
"""A calendar day, or one known only to the month or the year (EDTF)."""

ExactDay = Annotated[
    date,
    BeforeValidator(_read_exact_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": _EXACT_DAY_PATTERN}),
]
"""A calendar day that can be reckoned with."""

MonthDay = Annotated[
    str, AfterValidator(_check_month_day), WithJsonSchema({"type": "string", "pattern": _MONTH_DAY_PATTERN})
]
"""A day of every year, MM-DD; 02-29 is one."""

Duration = Annotated[
    str, AfterValidator(_check_duration), WithJsonSchema({"type": "string", "pattern": _DURATION_PATTERN})
]
"""A stretch of the calendar in ISO 8601."""

Url = Annotated[
    str,
    StringConstraints(max_length=2_000),
    AfterValidator(check_line),
    AfterValidator(_matching(_URL_PATTERN, "write an address that starts with https:// or http://")),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": _URL_PATTERN, "maxLength": 2_000}),
]
"""Where a source can be read."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=500), AfterValidator(check_line)]
"""One line of text."""

Title = Annotated[str, StringConstraints(min_length=1, max_length=1_000), AfterValidator(check_line)]
"""A title, which some treaties have of many words."""

Note = Annotated[str, StringConstraints(min_length=1, max_length=2_000), AfterValidator(_check_prose)]
"""A remark, of one line or several."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=4_000), AfterValidator(_check_prose)]
"""The wording of a statement, of one line or several."""
