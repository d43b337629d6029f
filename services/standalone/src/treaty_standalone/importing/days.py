"""Read the days of a table: as they are precise, and never a placeholder."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from pydantic import TypeAdapter, ValidationError

from treaty_contracts.names import LegalDay
from treaty_standalone.importing.errors import RowRejected

_LENGTHS: Final = {"": 10, "day": 10, "month": 7, "year": 4}
_LEGAL_DAY: Final = TypeAdapter[str](LegalDay)


@lru_cache(maxsize=65_536)
def read_day(text: str, *, precision: str = "", written: str | None = None) -> str:
    """Return a cell's legal day: 1992-05-17, or 1992-05 or 1992 where no more is known. Raises RowRejected.

    `written` is how days are written, in the words of strptime; None is ISO 8601.
    """
    if not text:
        raise RowRejected("the row has no day")
    length = _LENGTHS.get(precision.casefold())
    if length is None:
        raise RowRejected("the precision is none of day, month and year", precision)
    try:
        day = text if written is None else datetime.strptime(text, written).date().isoformat()  # noqa: DTZ007 - a day
    except ValueError:
        raise RowRejected(f"the day is not written as {written}", text) from None
    try:
        return _LEGAL_DAY.validate_python(day[:length] if len(day) == _LENGTHS["day"] else day)
    except ValidationError as error:
        raise RowRejected("the day cannot be used", f"{text}: {error.errors()[0]['msg']}") from None
