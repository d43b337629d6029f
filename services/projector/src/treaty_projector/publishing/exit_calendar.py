"""Write notices of withdrawal as an iCalendar (RFC 5545, RFC 7986): one event of a whole day for each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from icalendar import Calendar, Event, vText

from treaty_contracts.envelope import parse_instant
from treaty_projector.publishing.notices import GONE
from treaty_projector.publishing.shapes import NoticeDocument, StalenessDocument
from treaty_projector.publishing.warnings import warnings

REVISION = 1
"""Counts up when the same notices are written differently, so that no client keeps what was written before."""

_UID_DOMAIN = "pending-exits.treaty-register"
_END = b"END:VCALENDAR\r\n"
_NOTHING = (
    b"BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
    b"TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)
"""A calendar holds at least one component (RFC 5545, 3.6); one without events holds the zone that nothing uses."""

_WHY_CANCELLED = {
    "revoked": "the notice was revoked",
    "superseded": "something else ended the membership first",
    "notified": "another exit takes effect first",
    "held": "an armed conflict keeps it from taking effect",
    "contested": "the notice is said to be suspended",
    GONE: "the record of the notice no longer counts",
}


def head(about: Iterable[str], staleness: StalenessDocument) -> bytes:
    """Return the beginning of a calendar about a treaty, a participant, both or everything."""
    name = vText(": ".join(["Pending exits", *about]))
    calendar = Calendar()
    calendar.add("prodid", "-//Treaty register//Pending exits//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    for warning in warnings(staleness):
        calendar.add("description", warning)
        calendar.add("x-wr-caldesc", warning)
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    written: bytes = calendar.to_ical()
    return written.removesuffix(_END)


def event(notice: NoticeDocument, *, base: str | None) -> bytes:
    """Return the event of one notice, on the first day on which the participant is no party any more.

    `base` is where clients find the projector.
    """
    day = dt.date.fromisoformat(notice["day"])
    changed_at = parse_instant(notice["changed_at"]).replace(microsecond=0)
    entry = Event()
    entry.add("uid", f"{notice['treaty']}.{notice['participant']}.{notice['position']}@{_UID_DOMAIN}")
    entry.add("sequence", notice["sequence"])
    entry.add("dtstamp", changed_at)
    entry.add("last-modified", changed_at)
    entry.add("created", parse_instant(notice["recorded_at"]).replace(microsecond=0))
    entry.add("dtstart", day)
    entry.add("dtend", day + dt.timedelta(days=1))
    entry.add("transp", "TRANSPARENT")
    entry.add("status", "CANCELLED" if notice["status"] == "cancelled" else "CONFIRMED")
    entry.add("summary", _summary(notice))
    entry.add("description", _description(notice))
    entry.add("categories", [f"{notice['status']} exit", notice["treaty"], notice["participant"]])
    if base is not None:
        entry.add("url", f"{base}/v1/treaties/{notice['treaty']}/members/{notice['participant']}")
    written: bytes = entry.to_ical()
    return written


def tail(*, has_events: bool) -> bytes:
    """Return the end of a calendar."""
    return _END if has_events else _NOTHING + _END


def _summary(notice: NoticeDocument) -> str:
    name, title = notice["name"], notice["title"]
    match notice["status"]:
        case "pending":
            return f"{name} leaves {title}"
        case "effective":
            return f"{name} has left {title}"
        case _:
            return f"Cancelled: {name} leaves {title}"


def _description(notice: NoticeDocument) -> str:
    exit_ = notice["exit"]
    lines = [f"First day without membership: {notice['day']}."]
    if notice["status"] == "cancelled":
        lines = [f"Former day: {notice['day']}; {_WHY_CANCELLED.get(notice['stage'], 'no day is known any more')}."]
    if exit_["notified_on"] is not None:
        lines.append(f"Notice received on {exit_['notified_on']}.")
    if exit_["rule"] is not None:
        article = "" if exit_["article"] is None else f", Article {exit_['article']}"
        lines.append(f"Rule: {exit_['rule']}{article}.")
    if exit_["stated_on"] is not None and exit_["stated_on"] != exit_["computed_on"]:
        lines.append(f"Stated day: {exit_['stated_on']}; by the clause: {exit_['computed_on'] or 'none'}.")
    if exit_["condition"] is not None:
        lines.append(f"Condition: {exit_['condition']}.")
    if exit_["conference"] is not None:
        lines.append(f"Conference from {exit_['conference']['from']} to {exit_['conference']['to']}.")
    if notice["contested"]:
        lines.append("Contested.")
    lines.append(f"As recorded in the entries {', '.join(map(str, exit_['basis']))}. No authority: ask the depositary.")
    lines += warnings(notice)
    return "\n".join(lines)
