"""Build posted events, right and wrong, for the tests of the contracts."""

from pathlib import Path

import pytest

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.intake import accept, parse_json
from treaty_contracts.refusals import InvalidEvent

CONTRACTS = Path(__file__).parents[2] / "contracts"
EXAMPLES = sorted((CONTRACTS / "examples").glob("*.json"))


def example(type_: str) -> JsonObject:
    value = parse_json((CONTRACTS / "examples" / f"{type_}.v1.json").read_bytes())
    assert isinstance(value, dict)
    return value


def notice(**data: JSON) -> JsonObject:
    return event("withdrawal.notified", {"participant": "USA", **data})


def registration(**clauses: JSON) -> JsonObject:
    return event("treaty.registered", {"title": "Treaty on Open Skies", "kind": "multilateral", "clauses": clauses})


def event(type_: str, data: JSON, **attributes: JSON) -> JsonObject:
    subject = "participants" if type_.startswith("participant.") else "open-skies"
    envelope: JsonObject = {"specversion": "1.0", "id": "1", "source": "urn:test", "type": type_, "subject": subject}
    return {**envelope, "data": data, **attributes}


def errors(value: JSON) -> dict[str, str]:
    """Return what is wrong with an event that is refused: detail by pointer."""
    with pytest.raises(InvalidEvent) as refusal:
        accept(value)
    return {error.pointer: error.detail for error in refusal.value.errors}
