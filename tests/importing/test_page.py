"""The page about importing shows a complete example; it does what the page says."""

import re
from pathlib import Path

import pytest
from standalone.commands import treaty

PAGE = Path(__file__).parents[2] / "docs" / "importing.md"


def blocks(language: str) -> list[str]:
    """Return the page's blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)


@pytest.fixture
def lake(tmp_path: Path) -> list[str]:
    """Write the files of the example; return the arguments that name them."""
    paths = [tmp_path / name for name in ("lake.csv", "lake-treaty.csv", "lake.toml")]
    for path, text in zip(paths, [*blocks("csv"), *blocks("toml")], strict=True):
        path.write_text(text, encoding="utf-8")
    actions, treaties, mapping = map(str, paths)
    return ["import", actions, "--treaties", treaties, "--mapping", mapping]


def test_the_example_says_what_the_page_says(lake: list[str]) -> None:
    done = treaty(*lake, "--dry-run")
    assert done.returncode == 0, done.stderr
    assert [done.stdout] == blocks("text")
