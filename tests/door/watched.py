"""Read what services say of themselves: lines, and metrics."""

import json
from dataclasses import dataclass

import httpx
from database import RunningService
from prometheus_client.parser import text_string_to_metric_families


@dataclass(frozen=True, slots=True)
class Pair:
    """Hold both services."""

    ledger: RunningService
    projector: RunningService


def lines_of(service: RunningService) -> list[dict[str, object]]:
    """Return the lines a service wrote."""
    return [json.loads(line) for line in service.log.read_text().splitlines()]


def lines_about(service: RunningService, request_id: str) -> list[dict[str, object]]:
    """Return the lines about one request."""
    return [line for line in lines_of(service) if line.get("request_id") == request_id]


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
