"""Check that the bundled histories are acceptable, and whole where they say so."""

import json
import re
from pathlib import Path

import pytest
from histories.bundled import FILES, FOLDER, everything, read

from treaty_contracts.events import (
    InstrumentDeposited,
    TreatyRegistered,
    WithdrawalNotified,
)
from treaty_contracts.participants import find

SOURCE = "urn:treaty-register:bundled"
COMPLETE = {"open-skies", "cfe", "new-start", "treaty-on-european-union"}


def test_the_folder_holds_the_treaties_that_the_readme_names() -> None:
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert named == {file.stem for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_line_is_an_acceptable_event_of_its_treaty(file: Path) -> None:
    for accepted in read(file):
        assert accepted.event.subject == file.stem
        assert accepted.event.source == SOURCE
        assert accepted.event.id.startswith(f"{file.stem}/")
        assert accepted.data.citation


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_lines_are_compact_and_end_with_a_newline(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert text == "".join(f"{line}\n" for line in lines)
    assert lines == [json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")) for line in lines]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_history_begins_with_its_only_registration(file: Path) -> None:
    types = [accepted.event.type for accepted in read(file)]
    registrations = [place for place, type_ in enumerate(types) if type_ == "treaty.registered"]
    assert registrations == ([] if file.stem == "participants" else [0])


def test_ids_are_unique_over_all_histories() -> None:
    ids = [accepted.event.id for file in FILES for accepted in read(file)]
    assert len(ids) == len(set(ids))


def test_every_participant_is_known_without_being_registered() -> None:
    for accepted in everything().values():
        for name in ("participant", "against", "succeeds", "from_"):
            code = getattr(accepted.data, name, None)
            assert code is None or find(code) is not None, accepted.event.id


def test_no_event_points_at_a_position_that_it_cannot_know() -> None:
    positioned = {"contest.raised", "contest.closed", "record.superseded"}
    assert not [id_ for id_, accepted in everything().items() if accepted.event.type in positioned]


def test_an_incomplete_history_says_so_where_it_is_registered() -> None:
    partial = set()
    for file in FILES:
        first = read(file)[0].data
        if isinstance(first, TreatyRegistered) and "Participants named here only; not the full list." in (
            first.note or ""
        ):
            partial.add(file.stem)
    assert partial == {file.stem for file in FILES} - COMPLETE - {"participants"}


def test_whoever_gives_notice_had_consented_before() -> None:
    for file in FILES:
        bound = set()
        for accepted in read(file):
            if isinstance(accepted.data, InstrumentDeposited):
                bound.add(accepted.data.participant)
            if isinstance(accepted.data, WithdrawalNotified):
                assert accepted.data.participant in bound, accepted.event.id


def test_enough_parties_remain_for_a_multilateral_treaty_to_live_on() -> None:
    for file in FILES:
        first, *rest = (accepted.data for accepted in read(file))
        if not isinstance(first, TreatyRegistered) or first.kind == "bilateral":
            continue
        bound = {data.participant for data in rest if isinstance(data, InstrumentDeposited)}
        leaving = {data.participant for data in rest if isinstance(data, WithdrawalNotified)}
        assert len(bound - leaving) > 1, file.stem
