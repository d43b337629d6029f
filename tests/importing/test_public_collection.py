"""A whole public collection of status tables, where the checkout has it beside it: in one go, twice, and backwards."""

import csv
import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import httpx
import orjson
import pytest
from database import running_ledger
from importing.runs import Done, run_import
from register import Register, running_register

from treaty_contracts.canonical import canonical_bytes
from treaty_projector.entries import fact_of
from treaty_projector.law.fold import fold
from treaty_projector.law.state import Fact, TreatyState

COLLECTION = Path(__file__).parents[3] / "shared" / "data"
FILES = COLLECTION / "actions.csv.gz", COLLECTION / "treaties.csv.gz"
SAMPLE = [
    ("coe-conventionfortheprotectionofhumanrightsandfundamentalfreedoms", "1955-01-01"),
    ("coe-europeanconventionrelatingtotheformalitiesrequiredforpatentapplications", "1977-06-01"),
    ("wipo-berne", "1992-01-01"),
    ("wipo-madrid", "2020-01-01"),
    ("27-7-d", "2016-11-04"),
    ("untc-18-10", "2015-01-01"),
]

pytestmark = pytest.mark.skipif(not COLLECTION.exists(), reason="the collection is not beside this checkout")


@pytest.fixture(scope="module")
def register(module_database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Register]:
    with running_register(module_database_url, tmp_path_factory.mktemp("register")) as both:
        yield both


@pytest.fixture(scope="module")
def imported(register: Register) -> Done:
    done = run_import(FILES, register.ledger, register.projector)
    register.size = sum(done.count(kind, "posted") for kind in ("treaties", "actions"))
    return done


@pytest.fixture(scope="module")
def folded(imported: Done, register: Register) -> dict[str, TreatyState]:
    assert imported.code == 0
    return fold_everything(register.ledger)


def test_every_row_is_posted_or_told_within_another_or_rejected_with_its_reason(imported: Done) -> None:
    assert imported.code == 0
    for kind, path in (("actions", FILES[0]), ("treaties", FILES[1])):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
            rows = sum(1 for _ in csv.DictReader(table))
        assert imported.count(kind, "read") == rows
        assert rows == sum(imported.count(kind, what) for what in ("posted", "joined", "rejected"))
    rejected = imported.report["rejected"]
    assert isinstance(rejected, list)
    assert len(rejected) == imported.count("actions", "rejected") == 2
    assert imported.report["unknown_participants"] == []


def test_the_anomalies_are_those_that_the_page_explains(imported: Done) -> None:
    anomalies = imported.report["anomalies"]
    assert isinstance(anomalies, dict)
    reasons = anomalies["by_reason"]
    assert isinstance(reasons, dict)
    counts = {reason: found["count"] for reason, found in reasons.items() if isinstance(found, dict)}
    page = (Path(__file__).parents[2] / "docs" / "importing.md").read_text("utf-8")
    assert counts
    for reason, count in counts.items():
        assert f"| `{reason}` | {count} |" in page


def test_a_second_import_is_all_replays_and_leaves_the_same_read_model(imported: Done, register: Register) -> None:
    before = register.ask("/v1/projection")
    again = run_import(FILES, register.ledger, register.projector)
    for kind in ("treaties", "actions"):
        assert again.count(kind, "posted") == 0
        assert again.count(kind, "already_there") == imported.count(kind, "posted")
    assert again.report["anomalies"] == imported.report["anomalies"]
    after = register.ask("/v1/projection")
    assert (after["size"], after["digest"]) == (before["size"], before["digest"])


@pytest.mark.parametrize(("treaty", "day"), SAMPLE)
def test_the_services_answer_what_the_facts_fold_to(
    folded: dict[str, TreatyState], register: Register, treaty: str, day: str
) -> None:
    answer = register.ask(f"/v1/treaties/{treaty}/members?as_of={day}&consent=all&limit=500")
    members = answer["members"]
    assert isinstance(members, list)
    asked = {
        (member["participant"], member["consent"], member["since"], member["until"])
        for member in members
        if isinstance(member, dict)
    }
    assert asked == {
        (code, consent, since, until)
        for code, consent, since, until in spells_of(folded[treaty])
        if since <= day and (until is None or day < until)
    }
    assert asked


def test_rows_in_the_reverse_order_fold_to_the_same_standings(
    folded: dict[str, TreatyState], database_url: str, tmp_path: Path
) -> None:
    files = tuple(reversed_copy(path, tmp_path) for path in FILES)
    with running_ledger(database_url, log=tmp_path / "ledger.log") as ledger:
        done = run_import((files[0], files[1]), ledger.base_url, "http://127.0.0.1:1")
        assert done.code == 0
        backwards = fold_everything(ledger.base_url)
    assert set(backwards) == set(folded)
    for treaty, state in folded.items():
        assert spells_of(backwards[treaty]) == spells_of(state)
        assert exits_of(backwards[treaty]) == exits_of(state)


def reversed_copy(path: Path, folder: Path) -> Path:
    """Write a table again with its last row first."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as table:
        heading, *rows = csv.reader(table)
    copy = folder / path.name
    with gzip.open(copy, "wt", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([heading, *reversed(rows)])
    return copy


def fold_everything(ledger: str) -> dict[str, TreatyState]:
    """Return what all that a ledger holds folds to, by treaty."""
    facts: defaultdict[str, list[Fact]] = defaultdict(list)
    with httpx.stream("GET", f"{ledger}/v1/events", headers={"Accept": "application/jsonl"}, timeout=60) as answer:
        for line in answer.iter_lines():
            recorded = orjson.loads(line)
            event = recorded["event"]
            data = canonical_bytes(event["data"])
            facts[event["subject"]].append(fact_of(recorded["position"], event["type"], event["source"], 1, data))
    return {treaty: fold(treaty, found, successions={}) for treaty, found in facts.items()}


def spells_of(state: TreatyState) -> set[tuple[str, str, str, str | None]]:
    """Return who stood where from when to when."""
    return {
        (
            code,
            spell.consent.value,
            str(spell.period.from_),
            None if spell.period.until is None else str(spell.period.until),
        )
        for code, standing in state.standings.items()
        for spell in standing.spells
    }


def exits_of(state: TreatyState) -> set[tuple[str, str]]:
    """Return who left, and how."""
    return {
        (code, json.dumps([str(exit_.notified_on), str(exit_.effective_on), str(exit_.outcome)]))
        for code, standing in state.standings.items()
        for exit_ in standing.exits
    }
