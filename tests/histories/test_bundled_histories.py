"""Check that the bundled histories are acceptable, whole where they say so, and true to the research they rest on."""

import csv
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from treaty_contracts.events import (
    EventData,
    InstrumentDeposited,
    SignatureAffixed,
    TreatyRegistered,
    WithdrawalNotified,
)
from treaty_contracts.intake import AcceptedEvent, parse_event
from treaty_contracts.participants import find

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "services" / "standalone" / "histories"
RESEARCH = ROOT.parent / "shared" / "law"
FILES = sorted(FOLDER.glob("*.jsonl"))
SOURCE = "urn:treaty-register:bundled"
COMPLETE = {"open-skies", "cfe", "new-start", "treaty-on-european-union"}
FROM_MEMORY = re.compile(r"From memory; to be checked against the depositary\.")


@dataclass(frozen=True)
class PartyRow:
    """One participant of the Treaty on Open Skies as its status list prints it."""

    signature: str
    consent: str
    succeeded: bool
    notice: str
    effect: str


def read(file: Path) -> list[AcceptedEvent]:
    return [parse_event(line) for line in file.read_bytes().splitlines()]


def everything() -> Mapping[str, AcceptedEvent]:
    return {accepted.event.id: accepted for file in FILES for accepted in read(file)}


def row_file(name: str) -> Path:
    path = RESEARCH / name
    if not path.exists():
        pytest.skip(f"the research file {name} is not beside this checkout")
    return path


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


def test_open_skies_names_every_participant_of_its_status_list_with_the_same_days() -> None:
    with row_file("open_skies_parties.csv").open(encoding="utf-8", newline="") as lines:
        printed = {
            row["iso3"]: PartyRow(
                signature=row["signature"],
                consent=row["consent_deposit"],
                succeeded=row["mode"] == "continuity(VG)",
                notice=row["exit_notice"],
                effect=row["exit_effect"],
            )
            for row in csv.DictReader(lines)
        }
    assert open_skies_rows() == printed


def open_skies_rows() -> dict[str, PartyRow]:
    data = [accepted.data for accepted in read(FOLDER / "open-skies.jsonl")]
    signed = {each.participant: each.signed_on for each in data if isinstance(each, SignatureAffixed)}
    bound = {each.participant: each for each in data if isinstance(each, InstrumentDeposited)}
    left = {each.participant: each for each in data if isinstance(each, WithdrawalNotified)}
    return {
        code: PartyRow(
            signature=signed.get(code, ""),
            consent=(bound[code].received_on or "") if code in bound else "",
            succeeded=code in bound and bound[code].instrument == "succession",
            notice=left[code].receipts[-1].on if code in left else "",
            effect=(left[code].states_effective_on or "") if code in left else "",
        )
        for code in {*signed, *bound}
    }


def test_days_that_the_research_has_from_memory_only_are_marked() -> None:
    with row_file("open_skies_parties.csv").open(encoding="utf-8", newline="") as lines:
        remembered = {row["iso3"] for row in csv.DictReader(lines) if row["mark"] == "M"}
    marked = {
        accepted.data.participant
        for accepted in read(FOLDER / "open-skies.jsonl")
        if isinstance(accepted.data, InstrumentDeposited) and is_from_memory(accepted.data)
    }
    assert marked == remembered


def is_from_memory(data: EventData) -> bool:
    return FROM_MEMORY.search(data.note or "") is not None


COUNTERPARTS = {
    "H001": "open-skies/entered-into-force",
    "H002": "open-skies/kgz-signature",
    "H003": "open-skies/ukr-consent",
    "H004": "open-skies/usa-breach-alleged",
    "H005": "open-skies/usa-notice",
    "H006": "open-skies/usa-notice",
    "H007": "open-skies/usa-withdrawal-completed",
    "H008": "open-skies/rus-procedures-launched",
    "H009": "open-skies/rus-bill-submitted",
    "H010": "open-skies/rus-approved-lower-house",
    "H011": "open-skies/rus-approved-upper-house",
    "H012": "open-skies/rus-law-signed",
    "H013": "open-skies/rus-notice",
    "H014": "open-skies/rus-withdrawal-completed",
    "H015": "inf/usa-withdrawal-announced",
    "H016": "inf/usa-notice",
    "H017": "inf/rus-suspension-announced",
    "H018": "inf/rus-suspension",
    "H019": "inf/rus-suspension",
    "H020": "inf/usa-withdrawal-completed",
    "H021": "abm/usa-notice",
    "H023": "npt/prk-consent",
    "H024": "npt/prk-notice-1993",
    "H025": "npt/prk-notice-1993-suspended",
    "H026": "npt/prk-notice-2003",
    "H027": "ctbt/rus-signature",
    "H028": "ctbt/rus-consent",
    "H029": "ctbt/rus-consent-withdrawn",
    "H030": "cfe/rus-suspension",
    "H031": "cfe/rus-notice",
    "H032": "cfe/blr-suspension",
    "H033": "cfe/pol-objection",
    "H034": "cfe/can-suspension",
    "H035": "cfe/ita-suspension",
    "H036": "cfe/cze-consent",
    "H037": "cfe/svk-consent",
    "H038": "new-start/extended",
    "H039": "new-start/rus-suspension-announced",
    "H040": "new-start/rus-suspension",
    "H041": "new-start/usa-objection",
    "H042": "new-start/extended",
    "H043": "paris-agreement/usa-signature",
    "H044": "paris-agreement/usa-consent",
    "H045": "paris-agreement/usa-withdrawal-announced-2017",
    "H046": "paris-agreement/usa-intent-communicated-2017",
    "H047": "paris-agreement/usa-notice-2019",
    "H048": "paris-agreement/usa-consent-2021",
    "H049": "paris-agreement/usa-notice-2025",
    "H050": "unfccc/usa-memorandum",
    "H051": "kyoto-protocol/can-withdrawal-announced",
    "H052": "kyoto-protocol/can-notice",
    "H053": "rome-statute/bdi-notice",
    "H054": "rome-statute/zaf-notice",
    "H055": "rome-statute/zaf-revocation",
    "H056": "rome-statute/gmb-notice",
    "H057": "rome-statute/gmb-revocation",
    "H058": "rome-statute/phl-notice",
    "H059": "rome-statute/hun-withdrawal-announced",
    "H060": "rome-statute/hun-notice",
    "H061": "rome-statute/bfa-withdrawal-announced",
    "H062": "rome-statute/mli-withdrawal-announced",
    "H063": "rome-statute/ner-withdrawal-announced",
    "H064": "rome-statute/usa-intention-renounced",
    "H065": "rome-statute/isr-intention-renounced",
    "H066": "rome-statute/sdn-intention-renounced",
    "H067": "rome-statute/rus-intention-renounced",
    "H073": "ottawa-convention/est-notice",
    "H074": "ottawa-convention/lva-notice",
    "H075": "ottawa-convention/ltu-notice",
    "H076": "ottawa-convention/fin-notice",
    "H077": "ottawa-convention/pol-notice",
    "H078": "ottawa-convention/ukr-decree",
    "H079": "ottawa-convention/ukr-suspension",
    "H080": "ottawa-convention/meeting-appeal-to-ukr",
    "H081": "cluster-munitions/ltu-notice",
    "H114": "who-constitution/usa-notice-2020",
    "H115": "who-constitution/usa-revocation-2021",
    "H116": "who-constitution/usa-notice-2025",
    "H117": "who-constitution/arg-notice",
    "H141": "council-of-europe-statute/rus-representation-suspended",
    "H142": "council-of-europe-statute/rus-withdrawal-announced",
    "H143": "council-of-europe-statute/rus-notice",
    "H144": "council-of-europe-statute/rus-ceased",
    "H145": "echr/rus-ceased",
    "H146": "council-of-europe-statute/grc-notice",
    "H149": "ecowas-treaty/bfa-notice",
    "H150": "ecowas-treaty/mli-notice",
    "H151": "ecowas-treaty/ner-notice",
    "H155": "participants/ddr-absorbed-by-deu",
    "H156": "participants/bih-succeeds-yug",
    "H157": "participants/mne-succeeds-scg",
}
"""The row of the research file for each event that records it, for every treaty that is bundled."""

NOT_BUNDLED = {
    "START II",
    "ATT",
    "ICCPR",
    "American Convention HR",
    "UN Charter",
    "(UN treaties)",
    "Spectator Violence (CETS 120)",
    "Commodity study group (FCDO item 72826)",
}
ELSEWHERE = {
    ("H044", "date_of_effect"): "paris-agreement/entered-into-force",
}
"""Days of a row that another event of the same history states."""

ONLY_IN_THE_RESEARCH = {("H157", "date_of_act"), ("H157", "date_of_receipt")}
"""Days of one treaty's succession, where the bundled event is about the participant and every treaty."""


def test_every_act_of_the_research_has_its_counterpart_with_the_same_days() -> None:
    events = everything()
    for line in row_file("histories.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["treaty"] in NOT_BUNDLED:
            continue
        for field in ("date_of_act", "date_of_receipt", "date_of_effect"):
            if (row["id"], field) in ONLY_IN_THE_RESEARCH:
                continue
            told = events[ELSEWHERE.get((row["id"], field), COUNTERPARTS[row["id"]])].canonical.decode()
            missing = [day for day in re.findall(r"\d{4}-\d\d-\d\d", row[field] or "") if day not in told]
            assert not missing, (row["id"], field, missing)


def test_acts_that_the_research_has_from_memory_only_are_marked() -> None:
    events = everything()
    for line in row_file("histories.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["mark"] == "M" and row["treaty"] not in NOT_BUNDLED:
            assert is_from_memory(events[COUNTERPARTS[row["id"]]].data), row["id"]
