"""A participant is found by code or by name, and never guessed."""

from pathlib import Path

import pytest

from treaty_contracts.participants import KNOWN
from treaty_standalone.importing.errors import RowRejected, UnknownParticipant
from treaty_standalone.importing.mapping import load_mapping
from treaty_standalone.importing.names import Participants

NAMES = Participants(load_mapping())


@pytest.mark.parametrize(
    ("code", "name", "found"),
    [
        ("FRA", "", "FRA"),
        ("", "France", "FRA"),
        ("FRA", "French Republic", "FRA"),
        ("FRA", "whatever it is called", "FRA"),
        ("?", "France", "FRA"),
        ("France", "", "FRA"),
        ("", "CÔTE  D\u2019IVOIRE", "CIV"),
        ("", "The former Yugoslav Republic of Macedonia", "MKD"),
        ("", "Congo", "COG"),
        ("", "Democratic Republic of the Congo", "COD"),
        ("", "European Union", "EU"),
        ("", "Czechoslovakia", "CSK"),
    ],
)
def test_a_code_or_a_name_finds_the_participant(code: str, name: str, found: str) -> None:
    assert NAMES.find(code, name) == found


def test_every_name_of_the_reference_list_is_found_unless_an_alias_takes_it() -> None:
    aliases = {name.casefold() for name in load_mapping().aliases}
    named = [each for each in KNOWN.values() if each.name.casefold() not in aliases]
    assert [each.code for each in named if NAMES.find("", each.name) != each.code] == []


@pytest.mark.parametrize(("code", "name"), [("", "Atlantis"), ("XYZ", ""), ("XYZ", "Atlantis"), ("", "Franc")])
def test_who_is_not_known_is_not_guessed(code: str, name: str) -> None:
    with pytest.raises(UnknownParticipant) as error:
        NAMES.find(code, name)
    assert (error.value.code, error.value.name) == (code, name)


def test_a_code_and_a_name_of_two_participants_are_rejected() -> None:
    with pytest.raises(RowRejected, match="two participants: COG, Democratic Republic of the Congo"):
        NAMES.find("COG", "Democratic Republic of the Congo")


def test_a_row_must_name_a_participant() -> None:
    with pytest.raises(RowRejected, match="names no participant"):
        NAMES.find("", "")


def test_a_mapping_adds_names_and_participants(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(
        """
        [aliases]
        "The Republic" = "FRA"
        [[participants]]
        code = "XKX"
        kind = "state"
        name = "Kosovo"
        """,
        encoding="utf-8",
    )
    names = Participants(load_mapping(path))
    assert names.find("", "the republic") == "FRA"
    assert names.find("", "Kosovo") == names.find("XKX", "") == "XKX"
