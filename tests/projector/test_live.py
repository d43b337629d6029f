"""Those who follow are told every change once, in order, from where they say."""

import json
import socket
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from builders import SIMPLE_CLAUSES, deposited, notified, registered, revoked
from database import running_ledger
from projector.following import Message, following
from projector.histories import post_history
from register import Register, event, running_projector, running_register
from standalone.processes import wait_until

from treaty_contracts.canonical import JSON


def changes_among(messages: Iterator[Message], count: int) -> list[Message]:
    """Return the next messages that tell of a change."""
    found: list[Message] = []
    while len(found) < count:
        message = next(messages)
        if "data" in message:
            assert message["event"] == "changed"
            found.append(message)
    return found


def data_of(messages: list[Message]) -> list[object]:
    return [json.loads(message["data"]) for message in messages]


def listed(register: Register, query: str) -> list[object]:
    """Return every change that /v1/changes lists, page by page."""
    answer = register.ask(f"/v1/changes?limit=500&{query}")
    found = [*_changes(answer)]
    while answer["next"]:
        answer = register.ask(f"/v1/changes?limit=500&{query}&cursor={answer['next']}")
        found += _changes(answer)
    return found


def _changes(answer: Mapping[str, object]) -> list[object]:
    changes = answer["changes"]
    assert isinstance(changes, list)
    return changes


@pytest.fixture(scope="module")
def told(register: Register) -> Register:
    """Tell of the Treaty on Open Skies, up to Russia's notice."""
    post_history(register, "open-skies", until=lambda id_: id_ == "open-skies/rus-notice")
    return register


def test_what_changes_is_told_at_once_as_changes_lists_it(told: Register) -> None:
    before = told.size
    with following(told) as messages:
        told.post(registered(), deposited("FRA", "2001-01-01"), subject="at-once")
        assert data_of(changes_among(messages, 1)) == listed(told, f"from_size={before}")


def test_a_stream_from_the_beginning_tells_all_that_changed_and_goes_on(told: Register) -> None:
    expected = listed(told, "from_size=0")
    assert len(expected) > 60
    with following(told, "?from_size=0") as messages:
        assert data_of(changes_among(messages, len(expected))) == expected
        before = told.size
        told.post(registered(), deposited("FRA", "2001-01-01"), subject="goes-on")
        assert data_of(changes_among(messages, 1)) == listed(told, f"from_size={before}")


def test_a_stream_resumes_after_any_change_of_many_that_one_record_made(told: Register) -> None:
    on_tenth: JSON = {"rule": "after_deposits", "count": 10, "delay": {"rule": "period", "period": "P90D"}}
    codes = ("AUT", "BEL", "CHE", "DEU", "DNK", "ESP", "FRA", "GBR", "ITA", "LUX")
    clauses = {**SIMPLE_CLAUSES, "entry_into_force": on_tenth}
    told.post(registered(clauses), *(deposited(code, "2001-01-01") for code in codes), subject="many")
    expected = listed(told, "from_size=0&treaty=many")
    with following(told, "?from_size=0&treaty=many") as messages:
        whole = changes_among(messages, len(expected))
    assert len({message["id"] for message in whole}) == len(whole)
    assert [message["id"].partition("/")[0] for message in whole].count(str(told.size)) == 10
    for number, message in enumerate(whole[:-1]):
        with following(told, "?treaty=many", Last_Event_ID=message["id"]) as messages:
            assert changes_among(messages, 1) == [whole[number + 1]]


def test_only_those_who_are_asked_for_are_told_of(told: Register) -> None:
    for query in ("participant=USA", "treaty=open-skies&participant=RUS"):
        expected = listed(told, f"from_size=0&{query}")
        assert expected
        with following(told, f"?from_size=0&{query}") as messages:
            assert data_of(changes_among(messages, len(expected))) == expected
    with following(told, "?participant=GMB") as messages:
        told.post(registered(), deposited("FRA", "2001-01-01"), deposited("GMB", "2001-01-01"), subject="asked-for")
        (change,) = data_of(changes_among(messages, 1))
    assert isinstance(change, dict)
    assert change["participant"] == "GMB"


def test_a_place_that_is_not_understood_is_refused(told: Register) -> None:
    for last in ("x", "-1", "1.5", "7/", "7/open-skies", "0/open-skies/USA", "7/open-skies/usa", str(10**15) * 2):
        answer = told.get("/v1/changes/live", headers={"Last-Event-ID": last})
        assert answer.json()["errors"][0]["pointer"] == "/Last-Event-ID", last
        assert answer.status_code == 400
    for query in ("from_size=x", "from=0", "limit=3", "treaty=Open", "as_of=2020-01-01"):
        assert told.get(f"/v1/changes/live?{query}").json()["type"] == "/problems/malformed-parameter", query


@pytest.fixture
def narrow(database_url: str, tmp_path: Path) -> Iterator[Register]:
    """Run a register with room for one stream, and little patience."""
    env = {
        "TREATY_PROJECTOR_LIVE_STREAMS": "1",
        "TREATY_PROJECTOR_HEARTBEAT_SECONDS": "0.1",
        "TREATY_PROJECTOR_UNREAD_SECONDS": "0.3",
    }
    with running_register(database_url, tmp_path, env=env) as running:
        yield running


def test_a_silent_stream_shows_that_it_is_alive_and_from_where_to_resume(narrow: Register) -> None:
    narrow.post(registered(), deposited("FRA", "2001-01-01"))
    narrow.ask("/v1/projection")
    with following(narrow, "?from_size=0&participant=USA") as messages:
        sign = next(messages)
        while sign != {"id": "2"}:
            sign = next(messages)
        narrow.post(deposited("GBR", "2001-01-01"))
        while sign != {"id": "3"}:
            assert "data" not in sign
            sign = next(messages)


def test_a_client_that_does_not_read_loses_its_place(narrow: Register) -> None:
    narrow.post(registered(), deposited("FRA", "2001-01-01"))
    pairs = [(notified("FRA", f"{year}-01-01"), revoked("FRA", f"{year}-02-01")) for year in range(2002, 2072)]
    narrow.post_lines(event(*fact) for pair in pairs for fact in pair)
    wait_until(lambda: narrow.get(f"/v1/projection?min_size={narrow.size}").status_code == 200)
    address = httpx.URL(narrow.projector)
    with socket.socket() as unread:
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        unread.connect((address.host, address.port))
        unread.sendall(b"GET /v1/changes/live?from_size=0 HTTP/1.1\r\nHost: projector\r\n\r\n")
        wait_until(lambda: _live_status(narrow) == 503)
        wait_until(lambda: _live_status(narrow) == 200)


def _live_status(register: Register) -> int:
    with register.client.stream("GET", f"{register.projector}/v1/changes/live") as answer:
        return answer.status_code


def test_there_are_only_so_many_places(narrow: Register) -> None:
    with following(narrow):
        answer = narrow.get("/v1/changes/live")
        assert answer.status_code == 503
        assert answer.json()["type"] == "/problems/unavailable"
        assert int(answer.headers["retry-after"]) > 0


def test_streams_end_when_the_service_is_told_to_stop(database_url: str, tmp_path: Path) -> None:
    with (
        running_ledger(database_url, log=tmp_path / "ledger.log") as ledger,
        running_projector(database_url, ledger.base_url, log=tmp_path / "projector.log") as projector,
        httpx.Client(timeout=30) as client,
        following(Register(ledger.base_url, projector.base_url, client)) as messages,
        ThreadPoolExecutor() as beside,
    ):
        stopped = beside.submit(projector.stop)
        assert list(messages) == []
        assert stopped.result() == 0
