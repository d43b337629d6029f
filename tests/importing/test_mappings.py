"""What a mapping file may say, and how it is told what is wrong with it."""

from pathlib import Path

import pytest

from treaty_standalone.importing.errors import BadMapping
from treaty_standalone.importing.mapping import load_mapping


def own(folder: Path, text: str) -> Path:
    path = folder / "mapping.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_rule_of_ones_own_is_tried_before_the_built_in_ones(tmp_path: Path) -> None:
    mapping = load_mapping(own(tmp_path, '[[rules]]\naction = "signature"\nreject = "not wanted"'))
    assert mapping.rule("Signature", "anything") == mapping.rules[0]
    assert mapping.rule("accession", "") in load_mapping().rules


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[rules]]\naction = 'x'", "give a type, part_of, or the words to reject"),
        ("[[rules]]\naction = 'x'\ntype = 'treaty.signed'", "'treaty.signed' is no type of event"),
        ("[[rules]]\naction = 'x'\ntype = 'signature.affixed'\nreject = 'no'", "give a type, part_of, or the words"),
        ("[[rules]]\naction = 'x'\ntype = 'signature.affixed'\ndata = { kind = 'a' }", "has no field kind"),
        ("[[rules]]\naction = 'x'\ntype = 'signature.affixed'\nday = 'received_on'", "has no field received_on"),
        ("[[rules]]\naction = 'x'\ntype = 'signature.affixed'\ndetail_as = 'text'", "has no field text for the detail"),
        ("[[rules]]\naction = 'x'\ntype = 'record.superseded'", "has no field for the day of a row"),
        ("[column]\ntreaty = 'x'", "column: "),
        ("[aliases]\nAtlantis = 'ATL'", "aliases.Atlantis: ATL is no known code"),
        ("[constants]\nasserted_by = 'me'", "constants.asserted_by"),
        ("[format]\ndelimiter = ''", "format.delimiter"),
        ("columns = ", "Invalid value"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said_in_one_line(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BadMapping) as error:
        load_mapping(own(tmp_path, text))
    assert reason in str(error.value)
    assert "\n" not in str(error.value)


def test_a_mapping_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadMapping, match="No such file"):
        load_mapping(tmp_path / "none.toml")


def test_a_mapping_in_another_encoding_is_said_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "mapping.toml"
    path.write_bytes(b'[aliases]\n"T\xfcrkei" = "TUR"')
    with pytest.raises(BadMapping, match="codec"):
        load_mapping(path)
