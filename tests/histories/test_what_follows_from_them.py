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
        ("energy-charter-treaty", "DEU", "2023-12-19"),
        ("energy-charter-treaty", "DNK", "2025-09-04"),
        ("energy-charter-treaty", "ESP", "2025-04-16"),
        ("energy-charter-treaty", "EU", "2025-06-27"),
        ("energy-charter-treaty", "EURATOM", "2025-06-27"),
        ("energy-charter-treaty", "FRA", "2023-12-07"),
        ("energy-charter-treaty", "GBR", "2025-04-26"),
        ("energy-charter-treaty", "ITA", "2015-12-31"),
        ("energy-charter-treaty", "LUX", "2024-06-16"),
        ("energy-charter-treaty", "NLD", "2025-06-27"),
        ("energy-charter-treaty", "POL", "2023-12-28"),
        ("energy-charter-treaty", "PRT", "2025-02-01"),
        ("energy-charter-treaty", "SVN", "2024-10-13"),
        ("iccpr-optional-protocol", "BLR", "2023-02-07"),
        ("iccpr-optional-protocol", "JAM", "1998-01-22"),
        ("iccpr-optional-protocol", "TTO", "2000-06-26"),
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
        ("single-convention-1961", "BOL", "2011-12-31"),
        ("treaty-on-european-union", "GBR", "2020-01-31"),
        ("unesco-constitution", "GBR", "1985-12-31"),
        ("unesco-constitution", "ISR", "2018-12-31"),
        ("unesco-constitution", "SGP", "1985-12-31"),
        ("unesco-constitution", "USA", "1984-12-31"),
        ("unesco-constitution", "USA", "2018-12-31"),
        ("whaling-convention", "CAN", "1982-06-30"),
        ("whaling-convention", "ECU", "1994-06-30"),
        ("whaling-convention", "EGY", "1989-06-30"),
        ("whaling-convention", "ISL", "1992-06-30"),
        ("whaling-convention", "JPN", "2019-06-30"),
        ("whaling-convention", "PHL", "1988-06-30"),
        ("whaling-convention", "SLB", "1990-06-30"),
        ("whaling-convention", "SYC", "1995-06-30"),
        ("whaling-convention", "URY", "1991-06-30"),
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
        ("upu-constitution", "USA", "2019-10-17"),
    ],
)
def test_notices_taken_back_or_suspended_and_mere_words_end_nothing(treaty: str, participant: str, day: str) -> None:
    assert participant in those(treaty, Consent.PARTY, on=day)


@pytest.mark.parametrize(
    ("treaty", "participant", "first_day_bound"),
    [
        ("council-of-europe-statute", "GRC", "1974-11-28"),
        ("iccpr-optional-protocol", "TTO", "1998-11-26"),
        ("paris-agreement", "USA", "2021-02-19"),
        ("single-convention-1961", "BOL", "2013-02-10"),
        ("unesco-constitution", "GBR", "1997-07-01"),
        ("unesco-constitution", "SGP", "2007-10-08"),
        ("unesco-constitution", "USA", "2003-10-01"),
        ("unesco-constitution", "USA", "2023-07-10"),
        ("whaling-convention", "ECU", "2007-05-10"),
        ("whaling-convention", "ISL", "2002-10-14"),
        ("whaling-convention", "SLB", "1993-05-10"),
    ],
)
def test_whoever_comes_back_is_bound_from_its_new_day_of_effect(
    treaty: str, participant: str, first_day_bound: str
) -> None:
    day_before = (dt.date.fromisoformat(first_day_bound) - dt.timedelta(days=1)).isoformat()
    assert participant not in those(treaty, Consent.PARTY, on=day_before)
    assert participant in those(treaty, Consent.PARTY, on=first_day_bound)


@pytest.mark.parametrize(
    ("treaty", "day", "leaving"),
    [
        ("treaty-on-european-union", "2017-03-28", {}),
        ("treaty-on-european-union", "2017-03-29", {"GBR": "2019-03-30"}),
        ("treaty-on-european-union", "2019-03-21", {"GBR": "2019-03-30"}),
        ("treaty-on-european-union", "2019-03-22", {"GBR": "2019-04-13"}),
        ("treaty-on-european-union", "2019-04-11", {"GBR": "2019-11-01"}),
        ("treaty-on-european-union", "2019-10-28", {"GBR": "2019-11-01"}),
        ("treaty-on-european-union", "2019-10-29", {"GBR": "2020-02-01"}),
        ("treaty-on-european-union", "2020-02-01", {}),
        ("whaling-convention", "1992-03-01", {"ISL": "1992-07-01"}),
        ("whaling-convention", "1994-06-15", {"ECU": "1994-07-01", "SYC": "1995-07-01"}),
        ("whaling-convention", "2019-03-01", {"JPN": "2019-07-01"}),
        ("unesco-constitution", "1985-06-01", {"GBR": "1986-01-01", "SGP": "1986-01-01"}),
        ("unesco-constitution", "2018-06-01", {"ISR": "2019-01-01", "USA": "2019-01-01"}),
        ("upu-constitution", "2019-10-14", {"USA": "2019-10-17"}),
        ("upu-constitution", "2019-10-15", {}),
        ("single-convention-1961", "2011-09-01", {"BOL": "2012-01-01"}),
        ("energy-charter-treaty", "2015-06-01", {"ITA": "2016-01-01"}),
        (
            "energy-charter-treaty",
            "2023-12-10",
            {"DEU": "2023-12-20", "LUX": "2024-06-17", "POL": "2023-12-29", "SVN": "2024-10-14"},
        ),
        (
            "energy-charter-treaty",
            "2025-05-01",
            {"DNK": "2025-09-05", "EU": "2025-06-28", "EURATOM": "2025-06-28", "NLD": "2025-06-28"},
        ),
        ("iccpr-optional-protocol", "1998-06-01", {"TTO": "1998-08-26"}),
        ("iccpr-optional-protocol", "1999-02-01", {"GUY": "1999-04-05"}),
        ("iccpr-optional-protocol", "2023-01-01", {"BLR": "2023-02-08"}),
    ],
)
def test_an_exit_is_pending_between_its_notice_and_its_effect(
    treaty: str, day: str, leaving: dict[str, str | None]
) -> None:
    assert pending(treaty, on=day) == leaving


@pytest.mark.parametrize(
    ("day", "members"),
    [
        ("1993-10-31", 0),
        ("1993-11-01", 12),
        ("1995-01-01", 15),
        ("2004-04-30", 15),
        ("2004-05-01", 25),
        ("2007-01-01", 27),
        ("2013-07-01", 28),
        ("2020-01-31", 28),
        ("2020-02-01", 27),
    ],
)
def test_the_european_union_has_as_many_members_as_everybody_counts(day: str, members: int) -> None:
    assert len(those("treaty-on-european-union", Consent.PARTY, on=day)) == members


def test_the_treaty_on_european_union_had_no_clause_on_leaving_before_lisbon() -> None:
    rules = concluded("treaty-on-european-union").rules
    assert rules.clauses(dt.date(2009, 11, 30)).withdrawal is None
    clause = rules.clauses(dt.date(2009, 12, 1)).withdrawal
    assert clause is not None
    assert clause.article == "50(3)"


def test_an_instrument_deposited_on_the_day_of_the_exit_leaves_a_gap_of_three_months() -> None:
    assert "TTO" in those("iccpr-optional-protocol", Consent.PARTY, on="1998-08-25")
    assert "TTO" in those("iccpr-optional-protocol", Consent.CONTRACTING, on="1998-08-26")
    assert "TTO" in those("iccpr-optional-protocol", Consent.CONTRACTING, on="1998-11-25")


def test_denouncing_and_coming_back_on_one_day_leaves_no_gap() -> None:
    stays = concluded("iccpr-optional-protocol").standings["GUY"].spells
    assert [(spell.consent, spell.period.from_.isoformat()) for spell in stays] == [
        (Consent.CONTRACTING, "1993-05-10"),
        (Consent.PARTY, "1993-08-10"),
        (Consent.PARTY, "1999-04-05"),
    ]


def test_iceland_was_no_member_while_its_instruments_were_not_accepted() -> None:
    for day in ("1992-07-01", "2001-06-08", "2002-05-10", "2002-10-09"):
        assert "ISL" in those("whaling-convention", Consent.FORMER, on=day)
    assert "ISL" in those("whaling-convention", Consent.CONTRACTING, on="2002-10-13")


@pytest.mark.parametrize(
    ("participant", "day", "operation"),
    [
        ("RUS", "2009-10-18", "provisionally_applied"),
        ("RUS", "2009-10-19", "in_operation"),
        ("BLR", "2022-06-23", "provisionally_applied"),
        ("BLR", "2022-06-24", "suspended"),
    ],
)
def test_a_signatory_of_the_energy_charter_treaty_applies_it_until_it_says_no_or_is_told_to_stop(
    participant: str, day: str, operation: str
) -> None:
    (row,) = (row for row in rows_on("energy-charter-treaty", day) if row.participant == participant)
    assert (row.consent, row.operation) == (Consent.SIGNATORY, operation)


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
