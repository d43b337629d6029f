"""Read the bundled histories."""

from collections.abc import Mapping
from pathlib import Path

from treaty_contracts.intake import AcceptedEvent, parse_event

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "services" / "standalone" / "histories"
FILES = sorted(FOLDER.glob("*.jsonl"))


def read(file: Path) -> list[AcceptedEvent]:
    """Return the events of one history."""
    return [parse_event(line) for line in file.read_bytes().splitlines()]


def everything() -> Mapping[str, AcceptedEvent]:
    """Return the events of all, by id."""
    return {accepted.event.id: accepted for file in FILES for accepted in read(file)}
