"""Where a collector is named, a trace leads from a post over its commit to its projection."""

import os
import subprocess
import sys
from pathlib import Path

import httpx
from builders import registered
from database import running_ledger
from door.collector import running_collector
from door.watched import lines_about
from register import Register, event, running_projector

TRACE, CLIENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = f"00-{TRACE}-{CLIENT}-01"


def test_a_post_is_followed_to_its_projection(database_url: str, tmp_path: Path) -> None:
    fact = event(*registered(), subject="traced") | {"traceparent": TRACEPARENT}
    with running_collector() as collector:
        env = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "50", "NO_PROXY": "*"}
        with (
            running_ledger(database_url, log=tmp_path / "ledger.log", env=env) as ledger,
            running_projector(database_url, ledger.base_url, log=tmp_path / "projector.log", env=env) as projector,
            httpx.Client(timeout=30) as client,
        ):
            answer = client.post(f"{ledger.base_url}/v1/events", json=fact, headers={"traceparent": TRACEPARENT})
            assert answer.status_code == 201
            Register(ledger.base_url, projector.base_url, client, size=1).ask("/v1/treaties/traced")

            post = collector.wait_for(lambda span: span.name == "POST /v1/events")
            recorded = collector.wait_for(lambda span: span.name == "record" and bool(span.links))
            applied = collector.wait_for(lambda span: span.name == "apply" and bool(span.links))

            assert (post.service, post.trace, post.parent) == ("treaty-ledger", TRACE, CLIENT)
            assert post.attributes["http.response.status_code"] == 201
            assert post.attributes["treaty.request_id"] == answer.headers["x-request-id"]
            assert recorded.links == {(TRACE, post.id)}
            assert applied.links == {(TRACE, CLIENT)}
            assert (applied.service, applied.attributes["treaty.events"]) == ("treaty-projector", 1)
            recorded_event = client.get(f"{ledger.base_url}/v1/events/0").json()["event"]
            assert recorded_event == fact
    assert not lines_about(ledger, answer.headers["x-request-id"])


def test_a_collector_that_is_away_keeps_nobody_from_stopping(database_url: str, tmp_path: Path) -> None:
    env = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "NO_PROXY": "*"}
    with running_ledger(database_url, log=tmp_path / "ledger.log", env=env) as ledger:
        assert httpx.get(f"{ledger.base_url}/livez").status_code == 200
        assert ledger.stop() == 0


def test_without_a_collector_no_part_of_the_sdk_is_loaded() -> None:
    program = (
        "import sys, treaty_ledger.cli, treaty_projector.cli\n"
        "from treaty_door.traces import tracing_from_environment\n"
        "assert tracing_from_environment('x') is None\n"
        "assert not {'opentelemetry.sdk', 'opentelemetry.exporter', 'structlog'} & set(sys.modules)\n"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", program], env=env, check=True)
