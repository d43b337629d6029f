"""Write small tables, and read what an import would make of them."""

import csv
import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from treaty_contracts.canonical import JSON
from treaty_contracts.intake import parse_event
from treaty_standalone.importing.account import Account
from treaty_standalone.importing.mapping import load_mapping
from treaty_standalone.importing.source import Source

ACTIONS = (
    "source",
    "treaty",
    "participant",
    "participant_name",
    "action",
    "date",
    "precision",
    "detail",
    "effective_on",
)
TREATIES = (
    "source",
    "treaty",
    "title",
    "adopted_on",
    "adopted_at",
    "in_force_on",
    "depositary",
    "subject",
    "kind",
)
Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """Hold what an event is, and what it tells without where it comes from."""

    id: str
    source: str
    type: str
    citation: JSON
    asserted_by: JSON
    tells: Mapping[str, JSON]


def action(who: str, what: str, on: str, detail: str = "", **more: str) -> dict[str, str]:
    """Return a row about the treaty `lake`."""
    return {
        "source": "lakes",
        "treaty": "lake",
        "participant": who,
        "action": what,
        "date": on,
        "detail": detail,
    } | more


def treaty(id_: str = "lake", **more: str) -> dict[str, str]:
    """Return a treaty's row."""
    return {"source": "lakes", "treaty": id_, "title": f"Treaty {id_}", "kind": "multilateral"} | more


def written(rows: Iterable[Cells], columns: Sequence[str]) -> str:
    """Return a table as text."""
    text = StringIO()
    writer = csv.DictWriter(text, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def write_tables(
    folder: Path, actions: Iterable[Cells], treaties: Iterable[Cells] = (treaty(),), *, compressed: bool = False
) -> tuple[Path, Path]:
    """Write both tables into a folder."""
    paths = folder / "actions.csv", folder / "treaties.csv"
    for path, text in zip(paths, (written(actions, ACTIONS), written(treaties, TREATIES)), strict=True):
        content = text.encode()
        path.write_bytes(gzip.compress(content) if compressed else content)
    return paths


def translate(
    folder: Path,
    actions: Iterable[Cells],
    treaties: Iterable[Cells] = (treaty(),),
    *,
    mapping: str | None = None,
) -> tuple[list[Event], Account]:
    """Return the events an import would post, without the registrations, and the account of the rows."""
    own = None
    if mapping is not None:
        own = folder / "mapping.toml"
        own.write_text(mapping, encoding="utf-8")
    source, account = Source(*write_tables(folder, actions, treaties), load_mapping(own)), Account()
    source.survey()
    events = [read(proposal.event) for proposal in source.proposals(account)]
    return [event for event in events if event.type != "treaty.registered"], account


def read(content: bytes) -> Event:
    """Return an event that follows its schema."""
    posted = parse_event(content).event
    tells = dict(posted.data)
    citation, asserted_by = tells.pop("citation"), tells.pop("asserted_by")
    return Event(posted.id, posted.source, posted.type, citation, asserted_by, tells)


def rejected(account: Account) -> list[tuple[int, str]]:
    """Return the rows that were rejected, with their reasons."""
    return [(rejection.row, rejection.reason) for rejection in account.rejections]
