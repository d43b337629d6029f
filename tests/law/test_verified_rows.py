"""Exits whose receipt and effect are verified in public sources come out of the real clauses, to the day."""

import datetime as dt
import json

import pytest
from builders import deposited, folded, notified, registered
from database import ROOT

from treaty_contracts.canonical import JSON
from treaty_projector.law.state import Consent, Stage

ROWS = ROOT.parent / "shared" / "law" / "histories.jsonl"
EXITS = {"notification_of_withdrawal", "notification_of_withdrawal+suspension", "denunciation", "withdrawal"}
CLAUSES: dict[str, dict[str, JSON]] = {
    "Treaty on Open Skies": {"rule": "period", "period": "P6M"},
    "INF": {"rule": "period", "period": "P6M"},
    "ABM": {"rule": "period", "period": "P6M"},
    "CFE": {"rule": "period", "period": "P150D", "day": "next"},
    "Paris Agreement": {"rule": "period", "period": "P1Y"},
    "Kyoto Protocol": {"rule": "period", "period": "P1Y"},
    "Rome Statute": {"rule": "period", "period": "P1Y"},
    "Ottawa (APMBC)": {"rule": "period", "period": "P6M"},
    "CCM": {"rule": "period", "period": "P6M"},
    "WHO Constitution": {"rule": "no_clause"},
    "ICCPR": {"rule": "no_clause"},
    "American Convention HR": {"rule": "period", "period": "P1Y"},
    "ECOWAS Treaty": {"rule": "period", "period": "P1Y"},
    "Spectator Violence (CETS 120)": {"rule": "first_of_month_after_period", "period": "P6M"},
    "Commodity study group (FCDO item 72826)": {"rule": "period", "period": "P60D"},
}
"""How each treaty counts, by its own clause."""


def verified_exits() -> list[dict[str, str]]:
    """Return the rows with a verified receipt and one verified day of effect, or none at all."""
    if not ROWS.is_file():
        return []
    rows = [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["mark"] == "V" and row["action"] in EXITS and row["date_of_receipt"]]


def told(row: dict[str, str]) -> tuple[str, dict[str, JSON]]:
    """Tell of the notice; where the treaty has no clause, with the day the depositary states."""
    states = row["treaty"] == "WHO Constitution"
    more: dict[str, JSON] = {"states_effective_on": row["date_of_effect"]} if states else {}
    return notified(row["party"], row["date_of_receipt"], **more)


@pytest.mark.skipif(not ROWS.is_file(), reason="the table of real histories lies outside the repository")
@pytest.mark.parametrize("row", verified_exits(), ids=lambda row: f"{row['id']} {row['treaty']} {row['party']}")
def test_a_verified_exit_takes_effect_on_its_verified_day(row: dict[str, str]) -> None:
    clauses: dict[str, JSON] = {
        "entry_into_force": {"rule": "on_date", "date": "1950-01-01"},
        "withdrawal": {"notice": CLAUSES[row["treaty"]]},
    }

    state = folded(registered(clauses), deposited(row["party"], "1960-01-01"), told(row))

    (exit_,) = state.standings[row["party"]].exits
    last = state.standings[row["party"]].spells[-1]
    assert (exit_.outcome, exit_.closed_on) == (Stage.EFFECTIVE, dt.date.fromisoformat(row["date_of_effect"]))
    assert (last.consent, last.period.from_) == (Consent.FORMER, dt.date.fromisoformat(row["date_of_effect"]))


@pytest.mark.skipif(not ROWS.is_file(), reason="the table of real histories lies outside the repository")
def test_every_treaty_with_a_verified_exit_is_looked_at() -> None:
    assert {row["treaty"] for row in verified_exits()} <= set(CLAUSES)
