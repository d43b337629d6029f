"""Check the reference list of participants."""

import re

import pytest

from treaty_contracts.names import CODE_PATTERN
from treaty_contracts.participants import KNOWN, Participant, find


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("USA", "state", "United States of America"),
        ("RUS", "state", "Russian Federation"),
        ("GBR", "state", "United Kingdom of Great Britain and Northern Ireland"),
        ("IRN", "state", "Iran (Islamic Republic of)"),
        ("TUR", "state", "Türkiye"),
        ("NLD", "state", "Netherlands (Kingdom of the)"),
        ("VAT", "state", "Holy See"),
        ("PSE", "state", "State of Palestine"),
        ("COK", "state", "Cook Islands"),
        ("HKG", "territory", "Hong Kong"),
        ("SUN", "state", "Union of Soviet Socialist Republics"),
        ("CSK", "state", "Czechoslovakia"),
        ("YUG", "state", "Yugoslavia"),
        ("DDR", "state", "German Democratic Republic"),
        ("SCG", "state", "Serbia and Montenegro"),
        ("ATF", "territory", "French Southern Territories"),
        ("EU", "organisation", "European Union"),
        ("EURATOM", "organisation", "European Atomic Energy Community"),
        ("NATO", "organisation", "North Atlantic Treaty Organization"),
        ("AU", "organisation", "African Union"),
    ],
)
def test_a_participant_has_the_name_treaty_tables_print(code: str, kind: str, name: str) -> None:
    participant = find(code)
    assert participant is not None
    assert (participant.code, participant.kind, participant.name) == (code, kind, name)


@pytest.mark.parametrize("code", ["XKX", "XXX", "usa", "US", "", "DE"])
def test_another_code_is_unknown(code: str) -> None:
    assert find(code) is None


def test_every_code_has_the_shape_of_a_code() -> None:
    assert all(re.fullmatch(CODE_PATTERN, code) for code in KNOWN)


def test_no_two_participants_share_a_name() -> None:
    assert len({participant.name for participant in KNOWN.values()}) == len(KNOWN)


def test_no_name_is_turned_round() -> None:
    assert not [name for name in names_of("state") if ", " in name]


def test_all_states_may_take_part() -> None:
    assert len(names_of("state")) == 197 + 12  # those of the "all States" formula today, and those that were


def names_of(kind: str) -> list[str]:
    participants: list[Participant] = list(KNOWN.values())
    return [participant.name for participant in participants if participant.kind == kind]
