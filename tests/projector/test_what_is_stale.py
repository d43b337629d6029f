"""Whoever takes a list away, or follows what changes, sees which treaties are quarantined."""

import json
from collections.abc import Iterator
from pathlib import Path

import feedparser
import icalendar
import pytest
from builders import deposited
from projector.following import Message, following
from projector.receivers import make_webhook, receiving
from projector.releases import Releases, healed, healed_now, named, quarantined, releases, staleness
from register import Register

from treaty_contracts.canonical import JSON, JsonObject

YESTERDAY = "unknown:signature.affixed"
REASON = "signature.affixed is no type that this release knows"
WARNING = f"Not up to date: left out from entry 14 of the log on, since {REASON}."
LISTS = [
    "/v1/members?as_of=2020-01-01",
    "/v1/memberships?as_of=2020-01-01",
    "/v1/treaties?as_of=2020-01-01",
    "/v1/pending-exits?as_of=2020-01-01",
    "/v1/participants/FRA/treaties?as_of=2020-01-01",
    "/v1/changes?from_size=0",
    "/v1/treaties/exit/members?as_of=2020-01-01",
    "/v1/treaties/exit/history?as_of=2020-01-01",
]


@pytest.fixture(scope="module")
def run(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Releases]:
    with releases(module_database_url, Path(tmp_path_factory.mktemp("stale"))) as running:
        running.post(("exit", deposited("FRA", "2001-02-01")))  # the second of its kind is an anomaly
        yield running


@pytest.fixture(scope="module")
def old(run: Releases, module_database_url: str) -> Iterator[Register]:
    """Run a release that cannot read an entry of the treaty `exit`."""
    with run.deployed(module_database_url, yesterday=YESTERDAY) as register:
        assert quarantined(register) == {"exit": 14}
        yield register


def lines(register: Register, path: str) -> list[JsonObject]:
    """Return the rows of a list, each as JSON Lines have it."""
    answer = register.get(path, headers={"Accept": "application/jsonl"})
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize("path", LISTS)
def test_every_row_of_a_table_says_whether_its_treaty_is_quarantined(old: Register, path: str) -> None:
    rows = lines(old, path)

    assert {staleness(row) for row in rows if row["treaty"] == "exit"} == {(True, 14)}
    assert {staleness(row) for row in rows if row["treaty"] != "exit"} <= {(False, None)}


@pytest.mark.parametrize("path", LISTS)
def test_rows_about_what_was_known_before_are_not_stale(old: Register, path: str) -> None:
    size = "to_size" if "changes" in path else "known_size"

    assert {staleness(row) for row in lines(old, f"{path}&{size}=14")} == {(False, None)}


@pytest.mark.parametrize("path", ["/v1/changes?from_size=0", "/v1/members", "/v1/memberships"])
def test_lists_over_all_treaties_say_it_of_themselves_and_of_each_item(old: Register, path: str) -> None:
    told = old.ask(path)
    items = named(told, path[4:].partition("?")[0])

    assert staleness(told) == (True, 14)
    assert {staleness(item) for item in items if item["treaty"] == "exit"} == {(True, 14)}
    assert {staleness(item) for item in items if item["treaty"] != "exit"} == {(False, None)}


def test_anomalies_say_it_too(database_url: str, run: Releases) -> None:
    with run.deployed(database_url, failpoints="folding:raise:exit@26") as register:
        register.ask("/v1/projection")
        run.post(("exit", deposited("FRA", "2001-03-01")))
        register.size = run.size
        (found,) = named(register.ask("/v1/anomalies?treaty=exit"), "anomalies")

        assert staleness(found)[0] is True


def test_a_reader_of_the_news_sees_what_is_left_out(old: Register) -> None:
    def subtitle_and_summaries(query: str) -> tuple[str, set[str]]:
        feed = feedparser.parse(old.get(f"/v1/changes.atom?{query}").content)
        return feed.feed.subtitle, {entry.summary for entry in feed.entries}

    subtitle, summaries = subtitle_and_summaries("treaty=exit")
    assert subtitle.endswith(WARNING)
    assert all(summary.endswith(WARNING) for summary in summaries)
    subtitle, summaries = subtitle_and_summaries("treaty=well")
    assert "Not up to date" not in subtitle + "".join(summaries)


def test_a_calendar_and_its_events_say_what_is_left_out(old: Register) -> None:
    def read(query: str) -> tuple[str, list[str]]:
        calendar = icalendar.Calendar.from_ical(old.get(f"/v1/pending-exits.ics?as_of=2020-01-01&{query}").text)
        return str(calendar.get("description", "")), [str(each["description"]) for each in calendar.events]

    about, events = read("treaty=exit")
    assert about == WARNING
    assert [event.splitlines()[-1] for event in events] == [WARNING]
    about, events = read("treaty=ill")
    assert (about, "Not up to date" in "".join(events)) == ("", False)


def stale_among(messages: Iterator[Message]) -> JSON:
    """Return what the next message says that tells of a treaty that is stale, or is no longer."""
    told: JSON = json.loads(next(message for message in messages if message.get("event") == "stale")["data"])
    return told


def test_those_who_follow_hear_who_is_quarantined_and_who_is_healed(database_url: str, run: Releases) -> None:
    """Also while nothing is recorded."""
    with run.deployed(database_url, yesterday=YESTERDAY, heartbeat_seconds="0.5") as register:
        assert quarantined(register) == {"exit": 14}
        with following(register, "?from_size=0&treaty=exit") as messages, following(register, "?from_size=0") as others:
            stale = {"treaty": "exit", "stale": True, "stale_since": 14, "stale_reason": REASON}
            assert (stale_among(messages), stale_among(others)) == (stale, stale)

            assert healed_now(database_url)[0] == 0

            fresh = {"treaty": "exit", "stale": False, "stale_since": None, "stale_reason": None}
            assert (stale_among(messages), stale_among(others)) == (fresh, fresh)


def test_a_webhook_tells_who_is_quarantined_where_the_entry_stands(database_url: str, run: Releases) -> None:
    loopback = {"webhook_allow": "127.0.0.0/8", "webhook_http": "true"}
    with receiving() as receiver, run.deployed(database_url, yesterday=YESTERDAY, **loopback) as register:
        assert quarantined(register) == {"exit": 14}
        make_webhook(database_url, receiver.url, "--treaty", "exit", "--from-size", "14")
        (told,) = receiver.wait_for(lambda received: len(received) == 1)

        assert told.said["type"] == "treaty.quarantined"
        assert told.data["quarantined"] == [{"treaty": "exit", "since": 14, "reason": REASON}]
        assert told.changes == []
        assert told.data["to_size"] == run.size

        assert healed_now(database_url)[0] == 0
        _, told = receiver.wait_for(lambda received: len(received) == 2)
        assert told.said["type"] == "treaty.healed"
        assert told.data["healed"] == [{"treaty": "exit", "since": 14}]
        assert told.data["from_size"] == told.data["to_size"] == run.size


def test_a_table_that_the_client_has_from_before_the_healing_is_sent_anew(database_url: str, run: Releases) -> None:
    path = f"/v1/treaties/exit/members?as_of=2020-01-01&consent=all&format=csv&known_size={run.size}"
    with run.deployed(database_url, yesterday=YESTERDAY) as register:
        assert quarantined(register) == {"exit": 14}
        held = {"If-None-Match": register.get(path).headers["etag"]}
        assert register.get(path, headers=held).status_code == 304
    with run.deployed(database_url) as register:
        healed(register, {})
        assert register.get(path, headers=held).status_code == 200
