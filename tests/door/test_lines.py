"""Every request has a name, which its client gets and every line about it bears; lines tell no secrets."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from database import RunningService, running_ledger
from door.watched import Pair, lines_of, the_line_about
from register import running_projector

from treaty_door.visits import AccessLines

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
EVERY = {"SLOW_SECONDS": "0.000001", "LOG_FORMAT": "json"}
"""Settings with which every request is slow, and so has a line."""


@pytest.fixture(scope="module")
def pair(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    folder = Path(tmp_path_factory.mktemp("lines"))
    env = {f"TREATY_{service}_{name}": value for name, value in EVERY.items() for service in ("LEDGER", "PROJECTOR")}
    with (
        running_ledger(module_database_url, log=folder / "ledger.log", env=env) as ledger,
        running_projector(module_database_url, ledger.base_url, log=folder / "projector.log", env=env) as projector,
    ):
        yield Pair(ledger, projector)


@pytest.fixture(params=["ledger", "projector"])
def service(request: pytest.FixtureRequest, pair: Pair) -> RunningService:
    running: RunningService = getattr(pair, request.param)
    return running


def test_a_request_keeps_the_name_it_has(service: RunningService) -> None:
    name = f"audit-{service.process.pid}/1"
    asked = partial(httpx.get, f"{service.base_url}/problems/not-found", headers={"X-Request-Id": name})
    assert asked().headers["x-request-id"] == name
    line = the_line_about(service, name, asked)
    assert (line["method"], line["path"], line["status"]) == ("GET", "/problems/not-found", 200)
    assert line["level"] == "warning"


@pytest.mark.parametrize("given", [[], [""], ["a b"], ["x" * 129], ["\xff"], ["one", "two"]])
def test_a_name_that_will_not_do_gives_way_to_a_new_one(service: RunningService, given: list[str]) -> None:
    headers = [(b"X-Request-Id", name.encode("latin-1")) for name in given]
    names = {httpx.get(f"{service.base_url}/livez", headers=headers).headers["x-request-id"] for _ in range(2)}
    assert len(names) == 2
    assert not names & set(given)


def test_a_refusal_bears_the_name_too(service: RunningService) -> None:
    answer = httpx.post(f"{service.base_url}/livez", headers={"X-Request-Id": "refused"})
    assert (answer.status_code, answer.headers["x-request-id"]) == (405, "refused")


@pytest.mark.parametrize(
    ("traceparent", "trace"),
    [
        (f"00-{TRACE}-00f067aa0ba902b7-01", TRACE),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later", TRACE),
        (f"00-{TRACE}-00f067aa0ba902b7-01-more", None),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        ("nonsense", None),
    ],
)
def test_a_line_names_the_trace_of_its_request(service: RunningService, traceparent: str, trace: str | None) -> None:
    name = uuid4().hex
    headers = {"traceparent": traceparent, "X-Request-Id": name}
    line = the_line_about(service, name, partial(httpx.get, f"{service.base_url}/livez", headers=headers))
    assert line.get("trace_id") == trace


def test_lines_tell_neither_credentials_nor_bodies_nor_queries(pair: Pair) -> None:
    headers = {"Authorization": "Bearer a-secret-key", "Content-Type": "application/json", "X-Request-Id": "secrets"}
    post = partial(httpx.post, f"{pair.ledger.base_url}/v1/events", content=b'{"a-secret-body": 1}', headers=headers)
    query = partial(httpx.get, f"{pair.projector.base_url}/v1/treaties?q=a-secret-query", headers=headers)
    for service, asked in ((pair.ledger, post), (pair.projector, query)):
        assert the_line_about(service, "secrets", asked)
        assert "a-secret" not in service.log.read_text()


def test_a_path_stays_within_its_line(service: RunningService) -> None:
    odd = f"{service.base_url}/%0a%1b[31m/{'x' * 500}"
    asked = partial(httpx.get, odd, headers={"X-Request-Id": "odd-path"})
    assert asked().status_code == 404
    line = the_line_about(service, "odd-path", asked)
    assert str(line["path"]).startswith("/%0A%1B" if "%0A" in str(line["path"]) else "/%0a%1b")
    assert len(str(line["path"])) <= 200


def test_many_failures_make_few_lines(caplog: pytest.LogCaptureFixture) -> None:
    lines = AccessLines(slow_seconds=1.0)
    with caplog.at_level(logging.WARNING):
        for _ in range(10_000):
            lines.write({"method": "GET", "raw_path": b"/"}, 503, 0.1)
    assert 10 <= len(caplog.records) < 1_000


def test_each_entry_is_one_line_of_json(service: RunningService) -> None:
    lines = lines_of(service)
    assert {"timestamp", "level", "logger", "event"} <= set(lines[0])
    assert any(str(line["event"]).startswith("listening on") for line in lines)


@pytest.mark.parametrize("form", ["json", "text"])
def test_a_traceback_tells_no_values(form: str) -> None:
    program = (
        "import logging, os\n"
        "from treaty_door.lines import write_lines\n"
        f"write_lines(form={form!r}, level='info')\n"
        "def act(secret):\n"
        "    raise ValueError('broken')\n"
        "try:\n"
        "    act(os.environ['SECRET'])\n"
        "except ValueError:\n"
        "    logging.getLogger('x').exception('it failed')\n"
        "logging.getLogger('x').info('quiet')\n"
        "logging.getLogger('x').debug('not told')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env={"SECRET": "hush"}, capture_output=True, text=True, check=True
    )
    assert "ValueError: broken" in done.stderr
    assert "hush" not in done.stderr
    assert "not told" not in done.stderr
    if form == "json":
        assert len(done.stderr.splitlines()) == 2
