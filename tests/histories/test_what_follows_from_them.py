"""Check what the law makes of the bundled histories, at the days on which something changes."""

import datetime as dt
from pathlib import Path

import pytest

from treaty_contracts.intake import parse_event
from treaty_projector.law.fold import fold
from treaty_projector.law.membership import PENDING, MemberRow, member_rows
from treaty_projector.law.state import Consent, Fact, TreatyState

FOLDER = Path(__file__).parents[2] / "services" / "standalone" / "histories"
TREATIES = sorted(file.stem for file in FOLDER.glob("*.jsonl") if file.stem != "participants")


def concluded(treaty: str) -> TreatyState:
    lines = (FOLDER / f"{treaty}.jsonl").read_bytes().splitlines()
    accepted = [parse_event(line) for line in lines]
    facts = [
        Fact(position, each.event.type, each.data, each.event.source, each.canonical.decode())
        for position, each in enumerate(accepted)
    ]
    return fold(treaty, facts, successions={})


def rows_on(treaty: str, day: str) -> list[MemberRow]:
    legal_day = dt.date.fromisoformat(day)
    standings = concluded(treaty).standings.values()
    return [row for standing in standings for row in member_rows(standing) if row.period.contains(legal_day)]


def those(treaty: str, consent: Consent, *, on: str) -> set[str]:
    return {row.participant for row in rows_on(treaty, on) if row.consent is consent}


def pending(treaty: str, *, on: str) -> dict[str, str | None]:
    return {
        row.participant: row.exit.effective_on.isoformat() if row.exit.effective_on else None
        for row in rows_on(treaty, on)
        if row.exit is not None and row.exit.stage in PENDING
    }


@pytest.mark.parametrize(
    ("day", "parties"),
    [
        ("2001-12-31", 0),
        ("2002-01-01", 26),
        ("2002-08-26", 26),
        ("2002-08-27", 27),
        ("2020-11-21", 34),
        ("2020-11-22", 33),
        ("2021-12-17", 33),
        ("2021-12-18", 32),
        ("2026-11-23", 32),
    ],
)
def test_open_skies_has_as_many_parties_as_its_status_list_gives(day: str, parties: int) -> None:
    assert len(those("open-skies", Consent.PARTY, on=day)) == parties


def test_a_predecessor_that_ended_before_entry_into_force_was_never_a_party() -> None:
    assert {spell.consent for spell in concluded("open-skies").standings["CSK"].spells} == {
        Consent.SIGNATORY,
        Consent.CONTRACTING,
    }


def test_russia_had_signalled_its_exit_from_open_skies_before_a_clock_ran() -> None:
    assert pending("open-skies", on="2021-02-01") == {}
    assert pending("open-skies", on="2021-07-01") == {"RUS": "2021-12-18"}


@pytest.mark.parametrize(
    ("treaty", "participant", "last_day_bound"),
    [
        ("abm", "RUS", "2002-06-12"),
        ("cfe", "RUS", "2023-11-06"),
        ("cluster-munitions", "LTU", "2025-03-05"),
        ("council-of-europe-statute", "GRC", "1970-12-31"),
        ("council-of-europe-statute", "RUS", "2022-03-15"),
        ("echr", "GRC", "1970-06-12"),
        ("echr", "RUS", "2022-09-15"),
        ("ecowas-treaty", "NER", "2025-01-28"),
        ("inf", "USA", "2019-08-01"),
        ("kyoto-protocol", "CAN", "2012-12-14"),
        ("new-start", "USA", "2026-02-04"),
        ("npt", "PRK", "2003-04-09"),
        ("ottawa-convention", "EST", "2025-12-26"),
        ("ottawa-convention", "POL", "2026-02-19"),
        ("paris-agreement", "USA", "2020-11-03"),
        ("paris-agreement", "USA", "2026-01-26"),
        ("rome-statute", "BDI", "2017-10-26"),
        ("rome-statute", "PHL", "2019-03-16"),
        ("unesco-constitution", "GBR", "1985-12-31"),
        ("unesco-constitution", "USA", "2018-12-31"),
        ("who-constitution", "ARG", "2026-03-16"),
    ],
)
def test_a_party_is_bound_up_to_the_day_before_its_exit(treaty: str, participant: str, last_day_bound: str) -> None:
    next_day = (dt.date.fromisoformat(last_day_bound) + dt.timedelta(days=1)).isoformat()
    assert participant in those(treaty, Consent.PARTY, on=last_day_bound)
    assert participant in those(treaty, Consent.FORMER, on=next_day)


@pytest.mark.parametrize(
    ("treaty", "participant", "day"),
    [
        ("rome-statute", "GMB", "2017-11-10"),
        ("rome-statute", "ZAF", "2017-10-19"),
        ("rome-statute", "BFA", "2026-11-23"),
        ("who-constitution", "USA", "2021-07-06"),
        ("ottawa-convention", "UKR", "2026-11-23"),
        ("npt", "PRK", "1993-06-12"),
        ("unfccc", "USA", "2026-11-23"),
    ],
)
def test_notices_taken_back_or_suspended_and_mere_words_end_nothing(treaty: str, participant: str, day: str) -> None:
    assert participant in those(treaty, Consent.PARTY, on=day)


def test_the_consent_that_russia_took_back_before_entry_into_force_leaves_it_a_signatory() -> None:
    assert "RUS" in those("ctbt", Consent.CONTRACTING, on="2023-11-02")
    assert "RUS" in those("ctbt", Consent.SIGNATORY, on="2023-11-03")


def test_two_exits_are_pending_at_the_end_of_2026() -> None:
    found = {treaty: exits for treaty in TREATIES if (exits := pending(treaty, on="2026-11-23"))}
    assert found == {"unesco-constitution": {"NIC": "2027-01-01", "USA": "2027-01-01"}}


def test_the_law_finds_nothing_odd_but_a_stated_day_that_is_too_early() -> None:
    odd = {
        (treaty, standing.participant, found.reason.value)
        for treaty in TREATIES
        for standing in concluded(treaty).standings.values()
        for found in standing.anomalies
    }
    assert odd == {("npt", "PRK", "stated_before_earliest")}
