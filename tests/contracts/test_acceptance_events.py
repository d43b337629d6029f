"""Check that the events of the black-box acceptance cases are accepted, where the cases are at hand."""

import json
from pathlib import Path

import pytest

from treaty_contracts.canonical import JSON
from treaty_contracts.intake import accept, parse_json

CASES = Path(__file__).parents[3] / "shared" / "acceptance" / "cases.jsonl"


def resolved(value: JSON) -> JSON:
    match value:
        case {"$position": position, **rest} if not rest:
            return position
        case dict():
            return {name: resolved(item) for name, item in value.items()}
        case list():
            return [resolved(item) for item in value]
        case _:
            return value


@pytest.mark.skipif(not CASES.exists(), reason="the acceptance cases are not part of this repository")
def test_the_events_of_every_acceptance_case_are_accepted() -> None:
    for line in CASES.read_text().splitlines():
        events = resolved(json.loads(line)["events"])
        assert isinstance(events, list)
        for number, event in enumerate(events):
            assert isinstance(event, dict)
            whole = {"specversion": "1.0", "source": "urn:acceptance", "id": str(number), **event}
            assert accept(whole).event.as_posted() == parse_json(json.dumps(whole).encode())
