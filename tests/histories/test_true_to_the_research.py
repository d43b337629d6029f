"""The bundled histories say what the research they rest on says."""

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from histories.bundled import FOLDER, ROOT, everything, read

from treaty_contracts.events import (
    EventData,
    InstrumentDeposited,
    SignatureAffixed,
    WithdrawalNotified,
)

RESEARCH = ROOT.parent / "shared" / "law"
FROM_MEMORY = re.compile(r"From memory; to be checked against the depositary\.")


@dataclass(frozen=True)
class PartyRow:
    """One participant of the Treaty on Open Skies as its status list prints it."""

    signature: str
    consent: str
    succeeded: bool
    notice: str
    effect: str


def row_file(name: str) -> Path:
    path = RESEARCH / name
    if not path.exists():
        pytest.skip(f"the research file {name} is not beside this checkout")
    return path


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
