"""Check how days, durations, codes and texts are read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from treaty_contracts.names import (
    Duration,
    ExactDay,
    LegalDay,
    Line,
    MonthDay,
    Note,
    ParticipantCode,
    Span,
    TreatyId,
    Url,
    first_day,
    is_approximate,
    parse_duration,
)

LEGAL_DAY: TypeAdapter[str] = TypeAdapter(LegalDay)
EXACT_DAY: TypeAdapter[date] = TypeAdapter(ExactDay)
MONTH_DAY: TypeAdapter[str] = TypeAdapter(MonthDay)
DURATION: TypeAdapter[str] = TypeAdapter(Duration)
TREATY_ID: TypeAdapter[str] = TypeAdapter(TreatyId)
CODE: TypeAdapter[str] = TypeAdapter(ParticipantCode)
LINE: TypeAdapter[str] = TypeAdapter(Line)
NOTE: TypeAdapter[str] = TypeAdapter(Note)
URL: TypeAdapter[str] = TypeAdapter(Url)

days = st.dates(date(1000, 1, 1), date(2999, 12, 31)).filter(lambda day: day != date(1900, 1, 1))


def refused(adapter: TypeAdapter[str] | TypeAdapter[date], value: object) -> str:
    with pytest.raises(ValidationError) as refusal:
        adapter.validate_python(value)
    return refusal.value.errors()[0]["msg"]


@pytest.mark.property
@given(days)
def test_every_day_of_two_thousand_years_is_a_legal_day(day: date) -> None:
    text = day.isoformat()
    assert first_day(LEGAL_DAY.validate_python(text)) == day
    assert EXACT_DAY.validate_python(text) == day
    assert not is_approximate(text)


@pytest.mark.property
@given(days)
def test_a_month_or_a_year_begins_on_its_first_day(day: date) -> None:
    month, year = f"{day:%Y-%m}", f"{day:%Y}"
    assert first_day(LEGAL_DAY.validate_python(month)) == day.replace(day=1)
    assert first_day(LEGAL_DAY.validate_python(year)) == day.replace(month=1, day=1)
    assert is_approximate(month)
    assert is_approximate(year)


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01", "0001-01-01", "0001"])
def test_a_placeholder_is_no_day(day: str) -> None:
    assert "leave the field out" in refused(LEGAL_DAY, day)


@pytest.mark.parametrize("day", ["9999-12-31", "1900-01-01", "0001-01-01"])
def test_a_placeholder_is_no_exact_day(day: str) -> None:
    assert "leave the field out" in refused(EXACT_DAY, day)


@pytest.mark.parametrize(
    "day",
    [
        "2020-5-22",
        "22.05.2020",
        "20200522",
        "2020-05-22T00:00:00Z",
        "2020-05-22\n",
        "2020-13",
        "2020-00",
        "2020-05-32",
        "0999-01-01",
        "3000-01-01",
        "202",
        "",
        "\uff11992-05-01",
        "199X",
        "1992~",
    ],
)
def test_a_day_has_one_spelling(day: str) -> None:
    assert refused(LEGAL_DAY, day) == "write the day as YYYY-MM-DD, YYYY-MM or YYYY, in the years 1000 to 2999"


@pytest.mark.parametrize("day", ["2021-02-29", "2020-04-31", "1900-02-29"])
def test_a_day_is_in_the_calendar(day: str) -> None:
    assert refused(LEGAL_DAY, day) == f"{day} is not in the calendar"
    assert refused(EXACT_DAY, day) == f"{day} is not in the calendar"


@pytest.mark.parametrize("day", ["1992-05", "1992", 19920501, None, "2020-05-22T00:00:00"])
def test_an_exact_day_is_known_to_the_day(day: object) -> None:
    assert refused(EXACT_DAY, day) == "write the day as YYYY-MM-DD, in the years 1000 to 2999"


@pytest.mark.parametrize("day", [20200522, None, True, 1992.0])
def test_a_legal_day_is_a_text(day: object) -> None:
    refused(LEGAL_DAY, day)


@pytest.mark.parametrize("day", ["12-31", "01-01", "02-29"])
def test_a_day_of_the_year_may_be_a_leap_day(day: str) -> None:
    assert MONTH_DAY.validate_python(day) == day


@pytest.mark.parametrize("day", ["02-30", "04-31", "13-01", "00-10", "1-1", "--12-31", "12-31\n"])
def test_a_day_of_the_year_is_in_some_year(day: str) -> None:
    assert "MM-DD" in refused(MONTH_DAY, day)


@pytest.mark.parametrize(
    ("duration", "span"),
    [
        ("P6M", Span(months=6)),
        ("P1Y6M", Span(years=1, months=6)),
        ("P2W", Span(days=14)),
        ("P60D", Span(days=60)),
        ("P1Y2M3D", Span(years=1, months=2, days=3)),
        ("P1Y3D", Span(years=1, days=3)),
        ("P999Y9999M99999D", Span(years=999, months=9999, days=99999)),
        ("P9999W", Span(days=69_993)),
    ],
)
def test_a_duration_keeps_its_units_and_weeks_are_seven_days(duration: str, span: Span) -> None:
    assert parse_duration(DURATION.validate_python(duration)) == span


@pytest.mark.parametrize(
    "duration",
    ["", "P", "6M", "P6", "PT6H", "P1YT1H", "P1.5Y", "-P6M", "P6M1Y", "P1W2D", "P1000Y", "P10000M", "P6M\n", "p6m"],
)
def test_a_duration_has_one_spelling(duration: str) -> None:
    assert "write the duration as" in refused(DURATION, duration)
    with pytest.raises(ValueError, match="a duration is written like"):
        parse_duration(duration)


@pytest.mark.parametrize("duration", ["P0D", "P0Y", "P0M0D", "P0W"])
def test_nothing_is_no_duration(duration: str) -> None:
    assert "leave it out" in refused(DURATION, duration)


@pytest.mark.parametrize("slug", ["open-skies", "a", "1", "a" * 127, "a-"])
def test_a_treaty_is_named_by_a_slug(slug: str) -> None:
    assert TREATY_ID.validate_python(slug) == slug


@pytest.mark.parametrize("slug", ["", "-a", "Open-skies", "a_b", "a b", "a" * 128, "é", "a\n", "a/b"])
def test_a_slug_holds_lower_case_letters_digits_and_hyphens(slug: str) -> None:
    refused(TREATY_ID, slug)


@pytest.mark.parametrize("code", ["USA", "EU", "EURATOM", "X-1", "A" * 40])
def test_a_participant_is_named_by_a_code(code: str) -> None:
    assert CODE.validate_python(code) == code


@pytest.mark.parametrize("code", ["", "U", "usa", "U S", "-US", "A" * 41, "É1", "USA\n"])
def test_a_code_holds_upper_case_letters_digits_and_hyphens(code: str) -> None:
    refused(CODE, code)


@pytest.mark.parametrize("text", ["Türkiye", "Côte d'Ivoire", "条約", "a" * 500, " padded "])
def test_a_line_holds_any_script(text: str) -> None:
    assert LINE.validate_python(text) == text


@pytest.mark.parametrize("character", ["\x00", "\n", "\t", "\x1b", "\x7f", "\x85", "\u2028"])
def test_a_line_holds_no_control_character(character: str) -> None:
    assert refused(LINE, f"a{character}b") == f"remove the control character U+{ord(character):04X}"


def test_a_note_may_have_several_lines() -> None:
    text = "first\n\tsecond — third"
    assert NOTE.validate_python(text) == text
    assert refused(NOTE, "a\rb") == "remove the control character U+000D"


@pytest.mark.parametrize("text", [" ", "\u3000"])
def test_a_blank_text_says_nothing(text: str) -> None:
    assert "leave the field out" in refused(LINE, text)


def test_a_text_is_in_normal_form() -> None:
    assert refused(LINE, "Tu\u0308rkiye") == "normalise the text to Unicode NFC"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "https://a b", "https://", "//a"])
def test_a_source_is_reached_by_http(url: str) -> None:
    refused(URL, url)


def test_a_web_address_is_a_source() -> None:
    assert URL.validate_python("https://treaties.un.org/doc?x=1#y") == "https://treaties.un.org/doc?x=1#y"
