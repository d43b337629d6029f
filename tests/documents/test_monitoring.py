"""The page, the dashboard and the alert rules speak of metrics that the services have, and of all of them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import yaml
from builders import deposited, registered
from prometheus_client.parser import text_string_to_metric_families
from register import Register, running_register

FOLDER = Path(__file__).parents[2] / "docs" / "operations"
METRIC = re.compile(r"\b(?:treaty|process|python)_[a-z_]+\b")


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with running_register(module_database_url, Path(tmp_path_factory.mktemp("monitoring"))) as running:
        running.post(registered(), deposited("AUT", "2001-01-01"))
        running.ask("/v1/treaties")
        yield running


@pytest.fixture(scope="module")
def metrics(register: Register) -> dict[str, set[str]]:
    """Return the names of all metrics, each with the names under which its values are found."""
    found = {}
    for url in (register.ledger, register.projector):
        text = httpx.get(f"{url}/metrics").raise_for_status().text
        for family in text_string_to_metric_families(text):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            found[name] = {sample.name for sample in family.samples}
            assert family.documentation.endswith(".") or not name.startswith("treaty_"), name
    return found


def used_in(expressions: list[str]) -> set[str]:
    return {name for expression in expressions for name in METRIC.findall(expression)}


def test_the_alert_rules_are_about_metrics_that_exist(metrics: dict[str, set[str]]) -> None:
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["summary"]
    used = used_in([rule["expr"] for rule in rules])
    assert used
    assert used <= set().union(*metrics.values())


def test_every_alert_has_its_row(metrics: dict[str, set[str]]) -> None:
    assert metrics
    groups = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    rows = set(re.findall(r"^\| `(Treaty\w+)` \|", (FOLDER / "monitoring.md").read_text(), re.MULTILINE))
    assert rows == {rule["alert"] for group in groups for rule in group["rules"]}


def test_the_dashboard_is_about_metrics_that_exist(metrics: dict[str, set[str]]) -> None:
    dashboard = json.loads((FOLDER / "grafana-dashboard.json").read_text())
    panels = [panel for panel in dashboard["panels"] if panel["type"] != "row"]
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])
    used = used_in([target["expr"] for panel in panels for target in panel["targets"]])
    assert {"treaty_ledger_size", "treaty_projector_size"} <= used
    assert used <= set().union(*metrics.values())


def test_the_page_has_a_row_for_every_metric_and_for_no_other(metrics: dict[str, set[str]]) -> None:
    rows = set(re.findall(r"^\| `(treaty_\w+)` \|", (FOLDER / "monitoring.md").read_text(), re.MULTILINE))
    assert rows == {name for name in metrics if name.startswith("treaty_")}


def test_no_label_takes_what_clients_invent(register: Register) -> None:
    for url in (register.ledger, register.projector):
        before = len(httpx.get(f"{url}/metrics").text.splitlines())
        for number in range(15):
            httpx.get(f"{url}/invented/{number}")
            httpx.get(f"{url}/v1/treaties/invented-{number}")
            httpx.request(f"INVENTED{number}", url)
        after = httpx.get(f"{url}/metrics").text.splitlines()
        assert not [line for line in after if "invented" in line.lower()]
        assert len(after) < before + 100
