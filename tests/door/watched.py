"""Read what services say of themselves: lines, and metrics."""

import json
from collections.abc import Callable
from dataclasses import dataclass

import httpx
from database import RunningService
from prometheus_client.parser import text_string_to_metric_families
from standalone.processes import wait_until


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold both services."""

    ledger: RunningService
    projector: RunningService


def lines_of(service: RunningService) -> list[dict[str, object]]:
    """Return the lines a service wrote, without one that it is still writing."""
    return [json.loads(line) for line in service.log.read_text().splitlines(keepends=True) if line.endswith("\n")]


def lines_about(service: RunningService, request_id: str) -> list[dict[str, object]]:
    """Return the lines about one request."""
    return [line for line in lines_of(service) if line.get("request_id") == request_id]


def the_line_about(service: RunningService, request_id: str, ask: Callable[[], object]) -> dict[str, object]:
    """Ask until there is a line about that request, and return the newest: only a few a second are written."""

    def is_written() -> bool:
        ask()
        return lines_about(service, request_id) != []

    wait_until(is_written)
    return lines_about(service, request_id)[-1]


def samples(service: RunningService) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Return the metrics of a service by name and labels."""
    text = httpx.get(f"{service.base_url}/metrics", timeout=30).raise_for_status().text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def problem(answer: httpx.Response) -> str:
    """Return the name of the problem an answer reports."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    name: str = answer.json()["type"]
    return name.removeprefix("/problems/")
