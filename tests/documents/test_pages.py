"""Check that the pages name what the code has, and that their links lead somewhere."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from treaty_contracts.events import CATALOGUE
from treaty_contracts.final_clauses import FinalClauses
from treaty_contracts.problems import PROBLEMS
from treaty_ledger.settings import Settings
from treaty_projector.law.anomalies import Reason
from treaty_projector.settings import ProjectorSettings

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("services/standalone/histories/*.md")])
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def named_in(text: str) -> set[str]:
    return set(re.findall(r"`([A-Za-z0-9_-]+)`", text))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_within_the_checkout_leads_somewhere(path: Path) -> None:
    missing = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if not (path.parent / link).exists()]
    assert not missing


@pytest.mark.parametrize(("prefix", "settings"), [("LEDGER", Settings), ("PROJECTOR", ProjectorSettings)])
def test_every_setting_has_its_row_and_no_other_has_one(prefix: str, settings: type[BaseSettings]) -> None:
    variables = {f"TREATY_{prefix}_{name.upper()}" for name in settings.model_fields}
    addresses_for_clients = {"TREATY_LEDGER_URL", "TREATY_PROJECTOR_URL"}
    rows = set(re.findall(rf"^\| `(TREATY_{prefix}_\w+)` \|", page("docs/operations/settings.md"), re.MULTILINE))
    assert rows - addresses_for_clients == variables


@pytest.mark.parametrize(("prefix", "settings"), [("LEDGER", Settings), ("PROJECTOR", ProjectorSettings)])
def test_every_default_is_the_one_that_holds(prefix: str, settings: type[BaseSettings]) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| `([^`]+)` \|", page("docs/operations/settings.md"), re.MULTILINE))
    for name, field in settings.model_fields.items():
        if name != "database_url" and field.default is not None:
            assert rows[f"TREATY_{prefix}_{name.upper()}"] == str(field.default).lower()


def test_the_law_page_names_every_reason_of_an_anomaly() -> None:
    assert {reason.value for reason in Reason} <= named_in(page("docs/law.md"))


def test_the_law_page_names_every_delay() -> None:
    schema = FinalClauses.model_json_schema()["$defs"]
    rules = {
        each["properties"]["rule"]["const"] for name, each in schema.items() if "rule" in each.get("properties", {})
    }
    of_entry_into_force = {"on_date", "after_deposits", "on_signature"}
    assert rules - of_entry_into_force <= named_in(page("docs/law.md"))


def test_the_law_page_names_only_functions_that_exist() -> None:
    folder = ROOT / "services" / "projector" / "src" / "treaty_projector" / "law"
    named = set(re.findall(r"`([a-z_]+)\.([A-Za-z_]+)[.`]", page("docs/law.md")))
    functions = {(module, name) for module, name in named if f"{module}.{name}" not in CATALOGUE}
    assert functions
    for module, name in functions:
        source = (folder / f"{module}.py").read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE), (module, name)


def test_the_messages_page_names_every_problem_that_is_in_use() -> None:
    assert set(PROBLEMS) <= named_in(page("docs/operations/messages.md"))
