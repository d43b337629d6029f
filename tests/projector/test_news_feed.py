"""What changed last as an Atom feed: another library reads it, and nothing in it moves."""

from collections.abc import Mapping
from typing import Any, cast

import feedparser
import pytest
from builders import deposited, notified, registered, revoked, superseded
from projector.histories import post_history
from register import Register

from treaty_contracts.canonical import JSON

FEED = "/v1/changes.atom"


def feed_of(register: Register, query: str = "") -> Mapping[str, Any]:
    """Return the feed as another library reads it."""
    answer = register.get_applied(f"{FEED}?{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["content-type"]})
    assert not read.bozo
    assert read.version == "atom10"
    return cast("Mapping[str, Any]", read)


def titles_of(register: Register, query: str = "") -> list[str]:
    return [entry.title for entry in feed_of(register, query)["entries"]]


@pytest.fixture(scope="module")
def open_skies(register: Register) -> Register:
    """Tell of the Treaty on Open Skies."""
    post_history(register, "open-skies")
    return register


def test_a_newsroom_reads_who_leaves_and_when(open_skies: Register) -> None:
    titles = titles_of(open_skies, "treaty=open-skies&participant=USA")

    assert titles[:2] == [
        "United States of America: still party until 2020-11-22 to Treaty on Open Skies",
        "United States of America: party until 2020-11-22 to Treaty on Open Skies",
    ]
    assert titles[-1] == "United States of America: signatory since 1992-03-24 to Treaty on Open Skies"


def test_an_entry_says_what_was_known_before_and_where_to_read_on(open_skies: Register) -> None:
    feed = feed_of(open_skies, "treaty=open-skies&participant=RUS")
    entry = feed["entries"][1]
    (change,) = (
        change
        for change in listed(open_skies, "treaty=open-skies&participant=RUS")
        if change["type"] == "withdrawal.notified"
    )

    assert "Before: party since 2002-01-01. Now: party until 2021-12-18." in entry.summary
    assert f"Recorded as entry {change['position']} of the log: withdrawal.notified." in entry.summary
    assert entry.link == f"{open_skies.projector}/v1/treaties/open-skies/members/RUS"
    assert entry.updated == entry.published == change["recorded_at"]
    assert {tag.term for tag in entry.tags} == {"withdrawal.notified", "open-skies", "RUS"}
    assert feed["feed"].title == "Who is bound by what: Treaty on Open Skies: Russian Federation"
    assert feed["feed"].updated == feed["entries"][0].updated


def listed(register: Register, query: str) -> list[dict[str, Any]]:
    answer = register.ask(f"/v1/changes?limit=500&{query}")
    assert answer["next"] is None
    return cast("list[dict[str, Any]]", answer["changes"])


@pytest.mark.parametrize("query", ["", "treaty=open-skies&", "participant=USA&", "treaty=open-skies&participant=RUS&"])
def test_pages_lead_through_everything_that_changed_the_newest_first(open_skies: Register, query: str) -> None:
    size = open_skies.size
    entries: list[Any] = []
    address = f"{FEED}?{query}limit=7&to_size={size}"
    while address:
        feed = feed_of_address(open_skies, address)
        entries += feed["entries"]
        links = {link.rel: link.href for link in feed["feed"].links}
        assert links["self"] == f"{open_skies.projector}{address}"
        address = links.get("next", "").removeprefix(open_skies.projector)
    changes = listed(open_skies, f"{query}to_size={size}")

    assert [entry.updated for entry in entries] == [change["recorded_at"] for change in reversed(changes)]
    assert len({entry.id for entry in entries}) == len(changes) > 0


def feed_of_address(register: Register, address: str) -> Mapping[str, Any]:
    answer = register.get(address)
    assert answer.status_code == 200, answer.text
    return cast("Mapping[str, Any]", feedparser.parse(answer.content))


def test_names_of_entries_stay_while_the_record_grows(register: Register) -> None:
    register.post(registered(), deposited("GMB", "2001-01-01"), notified("GMB", "2016-11-10"), subject="grows")
    before = feed_of(register, "treaty=grows")
    register.post(revoked("GMB", "2017-02-10"), subject="grows")
    after = feed_of(register, "treaty=grows")

    assert after["feed"].id == before["feed"].id
    assert after["feed"].id != feed_of(register, "participant=GMB")["feed"].id
    assert [tuple(map(entry.get, ("id", "title", "updated", "summary"))) for entry in after["entries"][1:]] == [
        tuple(map(entry.get, ("id", "title", "updated", "summary"))) for entry in before["entries"]
    ]
    assert after["entries"][0].title == "Gambia: notice of withdrawal from A treaty taken back; party since 2001-01-31"
    assert all(entry.id.startswith("urn:uuid:") for entry in after["entries"])


def test_what_happens_to_an_exit_is_told(register: Register) -> None:
    silent: dict[str, JSON] = {"entry_into_force": {"rule": "on_date", "date": "2000-01-01"}}
    register.post(registered(silent), deposited("GMB", "2001-01-01"), notified("GMB", "2016-11-10"), subject="told")
    (notice, *_) = titles_of(register, "treaty=told")
    position = register.receipts[-1]["position"]
    assert isinstance(position, int)
    register.post(superseded(position), subject="told")
    (mistake, *_) = titles_of(register, "treaty=told")

    assert notice == "Gambia: notice of withdrawal from A treaty, without a day of effect; party since 2001-01-01"
    assert mistake == "Gambia: still party since 2001-01-01 to A treaty"


def test_text_that_means_something_to_xml_survives(register: Register) -> None:
    title = 'A <b>treaty</b> & "signs" ]]> ünïcödé \U0001f54a'
    register.post(registered(title=title), deposited("GMB", "2001-01-01"), subject="signs")
    answer = register.get_applied(f"{FEED}?treaty=signs")

    (entry,) = feedparser.parse(answer.content, sanitize_html=False).entries
    assert entry.title_detail.type == "text/plain"
    assert entry.title == f"Gambia: party since 2001-01-31 to {title}"


def test_a_feed_that_is_at_hand_is_not_sent_again(open_skies: Register) -> None:
    first = open_skies.get(f"{FEED}?treaty=open-skies")
    open_skies.post(registered(), subject="at-hand")
    open_skies.ask("/v1/projection")
    again = open_skies.get(f"{FEED}?treaty=open-skies", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_treaty_of_which_nothing_is_told_yet_has_an_empty_feed(register: Register) -> None:
    feed = feed_of(register, "treaty=not-yet")

    assert feed["entries"] == []
    assert feed["feed"].updated


def test_parameters_that_are_not_understood_are_refused(open_skies: Register) -> None:
    for query in ("limit=0", "limit=501", "cursor=x", "as_of=2020", "from_size=999999", "treaty=Open"):
        answer = open_skies.get(f"{FEED}?{query}")
        assert answer.json()["type"] == "/problems/malformed-parameter", query
