"""Pending exits as a calendar: another library opens it, and it follows what happens to a notice."""

import datetime as dt

import pytest
from builders import deposited, notified, registered, revoked, superseded
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event
from projector.histories import post_history
from register import Register, event
from standalone.processes import wait_until

from treaty_contracts.canonical import JSON
from treaty_contracts.participants import KNOWN

CALENDAR = "/v1/pending-exits.ics"


def calendar_of(register: Register, query: str = "") -> Calendar:
    """Return the calendar as another library reads it."""
    answer = register.get_applied(f"{CALENDAR}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    return IcsCalendarStream.calendar_from_ics(answer.text)


def events_of(register: Register, query: str = "") -> list[tuple[str, str, int, str]]:
    """Return the day, the status, the sequence and the summary of each event."""
    return [
        (str(event.dtstart), event.status or "", event.sequence or 0, event.summary or "")
        for event in calendar_of(register, query).events
    ]


def only_event(register: Register, query: str = "") -> Event:
    (event,) = calendar_of(register, query).events
    return event


@pytest.fixture(scope="module")
def open_skies(register: Register) -> Register:
    """Tell of the Treaty on Open Skies."""
    post_history(register, "open-skies")
    return register


def test_an_exit_stands_on_its_day_as_pending_exits_says(open_skies: Register) -> None:
    event = only_event(open_skies, "treaty=open-skies&as_of=2020-08-01")
    (listed,) = exits(open_skies, "treaty=open-skies&as_of=2020-08-01")

    assert event.dtstart == dt.date(2020, 11, 22) == dt.date.fromisoformat(str(listed["effective_on"]))
    assert event.dtend == dt.date(2020, 11, 23)
    assert event.summary == "United States of America leaves Treaty on Open Skies"
    assert event.description is not None
    assert "Notice received on 2020-05-22." in event.description
    assert str(event.url) == f"{open_skies.projector}/v1/treaties/open-skies/members/USA"
    assert event.transparency == "TRANSPARENT"
    assert (event.status, event.categories) == ("CONFIRMED", ["pending exit", "open-skies", "USA"])


def exits(register: Register, query: str) -> list[dict[str, JSON]]:
    listed = register.ask(f"/v1/pending-exits?{query}")["pending_exits"]
    assert isinstance(listed, list)
    return [exit_ for exit_ in listed if isinstance(exit_, dict)]


@pytest.mark.parametrize("day", ["2020-05-21", "2020-05-22", "2020-11-21", "2020-11-22", "2021-07-01", "2022-01-01"])
def test_what_is_confirmed_is_what_is_pending(open_skies: Register, day: str) -> None:
    confirmed = {str(event.dtstart) for event in calendar_of(open_skies, f"as_of={day}").events}

    assert confirmed == {str(exit_["effective_on"]) for exit_ in exits(open_skies, f"as_of={day}")}


def test_a_calendar_may_remember_what_took_effect(open_skies: Register) -> None:
    query = "treaty=open-skies&as_of=2021-07-01&effective_from=2020-01-01"

    assert events_of(open_skies, query) == [
        ("2021-12-18", "CONFIRMED", 0, "Russian Federation leaves Treaty on Open Skies"),
        ("2020-11-22", "CONFIRMED", 1, "United States of America has left Treaty on Open Skies"),
    ]


def test_before_a_notice_was_recorded_no_calendar_had_it(open_skies: Register) -> None:
    query = "treaty=open-skies&as_of=2020-08-01"
    notice = int(only_event(open_skies, query).uid.partition("@")[0].rpartition(".")[2])

    assert events_of(open_skies, f"{query}&known_size={notice}") == []
    assert len(events_of(open_skies, f"{query}&known_size={notice + 1}")) == 1


def test_a_calendar_without_events_opens_too(open_skies: Register) -> None:
    answer = open_skies.get(f"{CALENDAR}?as_of=1999-01-01")

    assert IcsCalendarStream.calendar_from_ics(answer.text).events == []
    assert answer.text.count("BEGIN:V") == 2


def test_a_calendar_tells_what_it_is_and_how_often_to_look(open_skies: Register) -> None:
    text = open_skies.get(f"{CALENDAR}?treaty=open-skies&participant=USA").text

    assert text.startswith("BEGIN:VCALENDAR\r\n")
    for line in (
        "VERSION:2.0",
        "PRODID:-//Treaty register//Pending exits//EN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Pending exits: Treaty on Open Skies: United States of America",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ):
        assert f"\r\n{line}\r\n" in text.replace("\r\n ", "")


def test_an_event_moves_and_is_cancelled_under_one_name(register: Register) -> None:
    register.post(registered(), deposited("GMB", "2001-01-01"), subject="moves")
    register.post(notified("GMB", "2016-11-10"), subject="moves")
    query = "treaty=moves&as_of=2017-02-20"
    given = only_event(register, query)
    register.post(
        ("withdrawal.extended", {"participant": "GMB", "decided_on": "2017-01-05", "effective_on": "2017-12-01"}),
        subject="moves",
    )
    moved = only_event(register, query)
    register.post(revoked("GMB", "2017-02-10"), subject="moves")
    taken_back = only_event(register, query)

    assert [str(event.dtstart) for event in (given, moved, taken_back)] == [
        "2017-11-10",
        "2017-12-01",
        "2017-12-01",
    ]
    assert [event.status for event in (given, moved, taken_back)] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert given.uid == moved.uid == taken_back.uid
    assert 0 == (given.sequence or 0) < (moved.sequence or 0) < (taken_back.sequence or 0)
    assert given.dtstamp <= moved.dtstamp <= taken_back.dtstamp
    assert taken_back.summary == "Cancelled: Gambia leaves A treaty"
    assert "the notice was revoked" in (taken_back.description or "")


def test_a_cancelled_exit_is_shown_until_a_year_after_its_former_day(register: Register) -> None:
    register.post(registered(), deposited("GMB", "2001-01-01"), subject="cancelled")
    register.post(notified("GMB", "2016-11-10"), revoked("GMB", "2017-02-10"), subject="cancelled")

    def shown(day: str) -> list[str]:
        return [status for _, status, _, _ in events_of(register, f"treaty=cancelled&as_of={day}")]

    assert shown("2017-02-09") == ["CONFIRMED"]
    assert shown("2017-02-10") == shown("2018-11-10") == ["CANCELLED"]
    assert shown("2018-11-12") == []


def test_a_corrected_record_moves_the_event_of_the_notice_it_corrects(register: Register) -> None:
    receipts = register.post(
        registered(), deposited("GMB", "2001-01-01"), notified("GMB", "2016-11-10"), subject="corrected"
    )
    before = only_event(register, "treaty=corrected&as_of=2017-02-20")
    position = receipts[-1]["position"]
    assert isinstance(position, int)
    register.post(superseded(position, notified("GMB", "2016-12-24")), subject="corrected")
    after = only_event(register, "treaty=corrected&as_of=2017-02-20")

    assert (after.uid, after.dtstart) == (before.uid, dt.date(2017, 12, 24))
    assert (after.sequence or 0) > (before.sequence or 0)


def test_a_notice_whose_record_was_a_mistake_is_cancelled(register: Register) -> None:
    receipts = register.post(
        registered(), deposited("GMB", "2001-01-01"), notified("GMB", "2016-11-10"), subject="mistake"
    )
    before = only_event(register, "treaty=mistake&as_of=2017-02-20")
    position = receipts[-1]["position"]
    assert isinstance(position, int)
    register.post(superseded(position), subject="mistake")
    after = only_event(register, "treaty=mistake&as_of=2017-02-20")

    assert (after.uid, after.dtstart, after.status) == (before.uid, before.dtstart, "CANCELLED")
    assert (after.sequence or 0) > (before.sequence or 0)


def test_text_that_means_something_to_calendars_survives(register: Register) -> None:
    title = 'A; treaty, with "signs" \\ and ünïcödé ' + "長" * 60
    register.post(registered(title=title), deposited("GMB", "2001-01-01"), subject="signs")
    register.post(notified("GMB", "2016-11-10"), subject="signs")

    assert (only_event(register, "treaty=signs&as_of=2017-01-01").summary or "").endswith(f" leaves {title}")


def test_a_calendar_that_is_at_hand_is_not_sent_again(open_skies: Register) -> None:
    query = f"{CALENDAR}?treaty=open-skies&as_of=2020-08-01"
    first = open_skies.get(query)
    open_skies.post(registered(), subject="at-hand")
    open_skies.ask("/v1/projection")
    again = open_skies.get(query, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert int(again.headers["treaty-log-size"]) > int(first.headers["treaty-log-size"])


def test_more_participants_than_are_read_at_once_make_one_calendar(register: Register) -> None:
    codes = sorted(code for code in KNOWN if len(code) == 3)[:230]
    facts = [registered(), *(deposited(code, "2001-01-01") for code in codes)]
    facts += [notified(code, "2016-11-10") for code in codes]
    register.post_lines(event(*fact, subject="crowd") for fact in facts)
    wait_until(lambda: register.get(f"/v1/projection?min_size={register.size}").status_code == 200)
    query = "treaty=crowd&as_of=2017-01-01"

    assert len({event.uid for event in calendar_of(register, query).events}) == 230
    tag = register.get(f"{CALENDAR}?{query}").headers["etag"]
    assert register.get(f"{CALENDAR}?{query}", headers={"If-None-Match": tag}).status_code == 304


def test_what_a_calendar_cannot_show_is_not_asked_for(register: Register) -> None:
    for query in ("stage=signals", "limit=10", "cursor=x", "as-of=2020-01-01", "known_at=x", "effective_from=2020"):
        answer = register.get(f"{CALENDAR}?{query}")
        assert answer.json()["type"] == "/problems/malformed-parameter", query
    assert register.get(f"{CALENDAR}?treaty=nothing-such").json()["type"] == "/problems/not-found"
    assert register.get(f"{CALENDAR}?participant=XYZ1").json()["type"] == "/problems/not-found"
