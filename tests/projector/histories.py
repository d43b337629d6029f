"""Post bundled histories, whole or in part."""

import json
from collections.abc import Callable
from pathlib import Path

from register import Register

from treaty_contracts.canonical import JsonObject

FOLDER = Path(__file__).parents[2] / "services" / "standalone" / "histories"


def lines_of(treaty: str) -> list[JsonObject]:
    """Return the events of one bundled history."""
    return [json.loads(line) for line in (FOLDER / f"{treaty}.jsonl").read_text(encoding="utf-8").splitlines()]


def post_history(register: Register, treaty: str, *, until: Callable[[str], bool] = lambda _: False) -> None:
    """Post the events of one history, up to but not including the first one whose id `until` names."""
    lines = lines_of(treaty)
    end = next((number for number, line in enumerate(lines) if until(str(line["id"]))), len(lines))
    said = register.post_lines(lines[:end])
    assert all("position" in line for line in said)
    register.ask("/v1/projection")
