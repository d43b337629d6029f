"""The page on exports names every column of every table, in order, with its type."""

import re

import pytest
from database import ROOT

from treaty_projector.exports import tables
from treaty_projector.exports.tables import Table

Named = list[tuple[str, str]]
PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")


def named_under(heading: str) -> Named:
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section is not None
    return re.findall(r"^\| `(\w+)` \| (\w+) \|", section[1], re.MULTILINE)


CLOCKS = named_under("What every row says")
MEMBERS = named_under("Members")
STANDING = MEMBERS[MEMBERS.index(("consent", "text")) :]


@pytest.mark.parametrize(
    ("table", "named"),
    [
        (tables.MEMBERS, MEMBERS),
        (
            tables.MEMBERSHIPS,
            [*named_under("Memberships"), *(one for one in STANDING if one[0] != "exit_days_left")],
        ),
        (
            tables.TREATIES_OF,
            [*((name, "text") for name in ("participant", "name", "kind", "treaty", "title")), *STANDING],
        ),
        (tables.PENDING_EXITS, named_under("Pending exits")),
        (tables.HISTORY, named_under("History")),
        (tables.TREATIES, named_under("Treaties")),
        (tables.CHANGES, named_under("Changes")),
        (tables.ANOMALIES, named_under("Anomalies")),
    ],
    ids=["members", "memberships", "treaties of", "pending exits", "history", "treaties", "changes", "anomalies"],
)
def test_the_page_names_the_columns(table: Table, named: Named) -> None:
    assert [(column.name, column.kind.value) for column in table.columns] == named + CLOCKS
