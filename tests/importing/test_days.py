"""A day counts as precisely as it is known, and never where it stands for none."""

import pytest

from treaty_standalone.importing.days import read_day
from treaty_standalone.importing.errors import RowRejected


@pytest.mark.parametrize(
    ("text", "precision", "day"),
    [
        ("1992-05-17", "day", "1992-05-17"),
        ("1992-05-17", "", "1992-05-17"),
        ("1992-05-01", "month", "1992-05"),
        ("1992-01-01", "Year", "1992"),
        ("1992-05", "", "1992-05"),
        ("1992-05", "month", "1992-05"),
        ("1992", "", "1992"),
        ("1992", "day", "1992"),
    ],
)
def test_a_day_is_as_precise_as_its_row_says(text: str, precision: str, day: str) -> None:
    assert read_day(text, precision=precision) == day


def test_days_may_be_written_otherwise() -> None:
    assert read_day("17.05.1992", written="%d.%m.%Y") == "1992-05-17"
    assert read_day("01/05/1992", precision="month", written="%d/%m/%Y") == "1992-05"


@pytest.mark.parametrize("text", ["0001-01-01", "1900-01-01", "9999-12-31", "1993-02-30", "1993-13-01", "17.5.1992"])
def test_a_placeholder_or_a_day_outside_the_calendar_is_rejected_in_its_own_words(text: str) -> None:
    with pytest.raises(RowRejected, match="the day cannot be used") as error:
        read_day(text)
    assert text in error.value.said


def test_a_missing_day_is_rejected() -> None:
    with pytest.raises(RowRejected, match="the row has no day"):
        read_day("")


def test_a_precision_of_another_kind_is_rejected() -> None:
    with pytest.raises(RowRejected, match="precision"):
        read_day("1992-05-17", precision="decade")


def test_a_day_that_is_not_written_as_agreed_is_rejected() -> None:
    with pytest.raises(RowRejected, match="not written as %d"):
        read_day("1992-05-17", written="%d.%m.%Y")
