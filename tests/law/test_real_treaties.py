"""Check real treaties at the days on which something changed.

Sources: the treaties' final clauses, depositaries' status lists and notifications, and ministries' statements, as
named beside each test. The complete histories are checked with the bundled files.
"""

import datetime as dt

from builders import Event, acted, ceased, deposited, folded, notified, registered, revoked
from law.reading import consent, exits, parties, pending, reasons, spells

from treaty_contracts.canonical import JSON

IN_60_DAYS: JSON = {"rule": "period", "period": "P60D"}
IN_6_MONTHS: JSON = {"rule": "period", "period": "P6M"}
IN_A_YEAR: JSON = {"rule": "period", "period": "P1Y"}
AT_ONCE: JSON = {"delay": {"rule": "immediate"}}

RATIFIED_OPEN_SKIES = {
    "1992-07-21": "CAN",
    "1993-01-21": "DNK",
    "1993-07-14": "NOR",
    "1993-07-30": "FRA",
    "1993-08-11": "HUN",
    "1993-09-09": "GRC",
    "1993-11-18": "ESP",
    "1993-12-03": "USA",
    "1993-12-08": "GBR",
    "1994-01-27": "DEU",
    "1994-04-15": "BGR",
    "1994-06-05": "ROU",
    "1994-08-25": "ISL",
    "1994-10-28": "ITA",
    "1994-11-22": "PRT",
    "1994-11-30": "TUR",
    "1995-05-17": "POL",
    "1995-06-28": "BEL LUX NLD",
    "1998-08-31": "GEO",
    "2000-04-20": "UKR",
    "2001-11-02": "BLR RUS",
}
ACCEDED_TO_OPEN_SKIES = {
    "2002-06-28": "SWE",
    "2002-12-12": "FIN",
    "2002-12-13": "LVA",
    "2003-08-21": "BIH",
    "2004-09-25": "SVN",
    "2004-11-02": "HRV",
    "2005-03-24": "EST",
    "2005-05-09": "LTU",
}


def in_force(since: str, withdrawal: dict[str, JSON], joining: JSON = AT_ONCE) -> dict[str, JSON]:
    return {"entry_into_force": {"rule": "on_date", "date": since}, "joining": joining, "withdrawal": withdrawal}


def open_skies() -> list[Event]:
    """Status list of the Treaty on Open Skies, Art. XV and XVII; Dutch treaty database, no. 004920."""
    entry: JSON = {"rule": "after_deposits", "count": 20, "required": ["CAN", "HUN", "BLR", "RUS"], "delay": IN_60_DAYS}
    clauses: dict[str, JSON] = {
        "entry_into_force": entry,
        "joining": {"delay": IN_60_DAYS},
        "withdrawal": {"article": "XV(2)", "notice": IN_6_MONTHS, "conference": {"from": "P30D", "to": "P60D"}},
    }
    successors = [
        deposited(code, "1992-12-21", instrument="succession", states_effective_on="2002-01-01")
        for code in ("CZE", "SVK")
    ]
    return [
        registered(clauses),
        acted("signature.affixed", "KGZ", signed_on="1992-12-15"),
        deposited("CSK", "1992-12-21"),
        ceased("CSK", "1993-01-01", "extinction"),
        *(deposited(code, day) for day, codes in RATIFIED_OPEN_SKIES.items() for code in codes.split()),
        *(deposited(code, day) for day, code in ACCEDED_TO_OPEN_SKIES.items()),
        *successors,
        notified("USA", "2020-05-22"),
        acted("withdrawal.procedure_step", "RUS", step="launched", on="2021-01-15"),
        notified("RUS", "2021-06-18"),
    ]


def test_the_parties_to_open_skies_are_as_many_as_its_list_gives() -> None:
    state = folded(*open_skies())
    days = (
        "2001-12-31",
        "2002-01-01",
        "2002-08-27",
        "2020-11-21",
        "2020-11-22",
        "2021-12-17",
        "2021-12-18",
        "2026-01-01",
    )
    assert [len(parties(state, on=day)) for day in days] == [0, 26, 27, 34, 33, 33, 32, 32]
    assert reasons(state) == []


def test_the_deposits_of_russia_and_belarus_brought_open_skies_into_force() -> None:
    assert folded(*open_skies()).rules.in_force_from == dt.date(2002, 1, 1)


def test_russias_exit_from_open_skies_began_with_its_notice_and_not_before() -> None:
    state = folded(*open_skies())
    assert pending(state, "RUS", on="2021-02-01") is None
    assert pending(state, "RUS", on="2021-07-01") == ("notified", "2021-12-18")


def test_kyrgyzstan_has_been_a_signatory_of_open_skies_since_1992() -> None:
    assert spells(folded(*open_skies()), "KGZ") == [("signatory", "1992-12-15", None)]


def test_the_united_states_were_out_of_the_paris_agreement_for_107_days() -> None:
    """Paris Agreement Art. 21 and 28; depositary notifications of the UN Secretary-General."""
    withdrawal: dict[str, JSON] = {
        "article": "28",
        "notice": IN_A_YEAR,
        "later_date_allowed": True,
        "admissible_after": {"period": "P3Y", "anchor": "entry_into_force_for_participant"},
    }
    in_30_days: JSON = {"delay": {"rule": "period", "period": "P30D"}}
    state = folded(
        registered(in_force("2016-11-04", withdrawal, in_30_days)),
        deposited("USA", "2016-09-03", instrument="acceptance"),
        acted("withdrawal.announced", "USA", announced_on="2017-06-01"),
        notified("USA", "2017-08-04"),
        notified("USA", "2019-11-04"),
        deposited("USA", "2021-01-20", instrument="acceptance"),
        notified("USA", "2025-01-27"),
    )
    as_party = [(start, end) for what, start, end in spells(state, "USA") if what == "party"]
    assert as_party == [("2016-11-04", "2020-11-04"), ("2021-02-19", "2026-01-27")]
    assert (dt.date(2021, 2, 19) - dt.date(2020, 11, 4)).days == 107
    assert pending(state, "USA", on="2018-01-01") is None
    assert reasons(state) == ["premature"]


def test_russia_left_the_cfe_treaty_on_the_day_after_the_150th() -> None:
    """CFE Treaty Art. XIX; Dutch treaty database, no. 004285."""
    notice: JSON = {"rule": "period", "period": "P150D", "day": "next"}
    state = folded(
        registered(in_force("1992-11-09", {"article": "XIX", "notice": notice})),
        deposited("RUS", "1992-09-03"),
        notified("RUS", "2023-06-09", states_effective_on="2023-11-07"),
    )
    assert consent(state, "RUS", on="2023-11-06") == "party"
    assert consent(state, "RUS", on="2023-11-07") == "former"


def test_the_committee_of_ministers_overtook_russias_notice() -> None:
    """Statute of the Council of Europe Art. 7 and 8; Resolution CM/Res(2022)2."""
    notice: JSON = {"rule": "fixed_day", "cutoff": "09-30", "effect": "12-31", "boundary": "end_of_day"}
    state = folded(
        registered(in_force("1949-08-03", {"article": "7", "notice": notice})),
        deposited("RUS", "1996-02-28"),
        notified("RUS", "2022-03-15"),
        ceased("RUS", "2022-03-16", "decision_of_organ"),
    )
    assert exits(state, "RUS") == [("superseded", "2023-01-01"), ("effective", "2022-03-16")]
    assert consent(state, "RUS", on="2022-03-16") == "former"


def test_the_united_states_belonged_to_unesco_to_the_end_of_2018() -> None:
    """UNESCO Constitution Art. II(6): notice takes effect on 31 December of the following year."""
    notice: JSON = {"rule": "fixed_day", "cutoff": "12-31", "effect": "12-31", "boundary": "end_of_day"}
    state = folded(
        registered(in_force("1946-11-04", {"article": "II(6)", "notice": notice})),
        deposited("USA", "2003-10-01"),
        notified("USA", "2017-10-12", states_effective_on="2018-12-31"),
    )
    assert consent(state, "USA", on="2018-12-31") == "party"
    assert consent(state, "USA", on="2019-01-01") == "former"


def test_bolivia_left_the_single_convention_on_new_years_day_and_came_back() -> None:
    """Single Convention on Narcotic Drugs Art. 41 and 46; received on or before 1 July, effect on 1 January next."""
    notice: JSON = {"rule": "fixed_day", "cutoff": "07-01", "effect": "01-01"}
    in_30_days: JSON = {"delay": {"rule": "period", "period": "P30D"}}
    state = folded(
        registered(in_force("1964-12-13", {"article": "46", "notice": notice}, in_30_days)),
        deposited("BOL", "1976-09-23"),
        notified("BOL", "2011-06-29"),
        deposited("BOL", "2013-01-11"),
    )
    as_party = [(start, end) for what, start, end in spells(state, "BOL") if what == "party"]
    assert as_party == [("1976-10-23", "2012-01-01"), ("2013-02-10", None)]


def test_venezuelas_denunciation_of_the_oas_charter_would_end_the_day_before_the_anniversary() -> None:
    """OAS Charter Art. 143; denunciation of 28 April 2017, effect stated for 27 April 2019."""
    notice: JSON = {"rule": "period", "period": "P2Y", "day": "previous"}
    state = folded(
        registered(in_force("1951-12-13", {"article": "143", "notice": notice})),
        deposited("VEN", "1952-01-21"),
        notified("VEN", "2017-04-28", states_effective_on="2019-04-27"),
    )
    assert pending(state, "VEN", on="2019-04-26") == ("notified", "2019-04-27")
    assert exits(state, "VEN") == [("effective", "2019-04-27")]


def test_japan_was_bound_by_the_whaling_convention_to_the_end_of_june() -> None:
    """ICRW Art. XI: notice by 1 January, withdrawal on 30 June."""
    notice: JSON = {"rule": "fixed_day", "cutoff": "01-01", "effect": "06-30", "boundary": "end_of_day"}
    state = folded(
        registered(in_force("1948-11-10", {"article": "XI", "notice": notice, "companion_window": "P1M"})),
        deposited("JPN", "1951-04-21"),
        notified("JPN", "2018-12-26", states_effective_on="2019-06-30"),
    )
    assert consent(state, "JPN", on="2019-06-30") == "party"
    assert consent(state, "JPN", on="2019-07-01") == "former"


def test_trinidad_left_and_came_back_on_one_day_and_waited_three_months() -> None:
    """Optional Protocol to the ICCPR Art. 9 and 12; re-accession received on the day of effect."""
    in_3_months: JSON = {"rule": "period", "period": "P3M"}
    state = folded(
        registered(in_force("1976-03-23", {"article": "12", "notice": in_3_months}, {"delay": in_3_months})),
        deposited("TTO", "1980-11-14"),
        notified("TTO", "1998-05-26"),
        deposited("TTO", "1998-08-26"),
        notified("TTO", "2000-03-27"),
    )
    as_party = [(start, end) for what, start, end in spells(state, "TTO") if what == "party"]
    assert as_party == [("1981-02-14", "1998-08-26"), ("1998-11-26", "2000-06-27")]


def test_the_united_states_took_their_postal_notice_back_two_days_before_its_effect() -> None:
    """UPU Constitution Art. 12: one year from the day of receipt; notice of 17 October 2018."""
    state = folded(
        registered(in_force("1966-01-01", {"article": "12", "notice": IN_A_YEAR})),
        deposited("USA", "1966-03-01"),
        notified("USA", "2018-10-17"),
        revoked("USA", "2019-10-15"),
    )
    assert exits(state, "USA") == [("revoked", "2019-10-17")]
    assert consent(state, "USA", on="2020-01-01") == "party"


def test_article_50_was_prolonged_three_times() -> None:
    """TEU Art. 50(3); European Council Decisions (EU) 2019/476, 2019/584 and 2019/1810."""
    decided = {"2019-03-22": "2019-04-12", "2019-04-11": "2019-11-01", "2019-10-29": "2020-02-01"}
    state = folded(
        registered(in_force("1993-11-01", {"article": "50(3)", "notice": {"rule": "negotiated", "long_stop": "P2Y"}})),
        deposited("GBR", "1993-08-02"),
        notified("GBR", "2017-03-29", states_effective_on="2019-03-30"),
        *(acted("withdrawal.extended", "GBR", decided_on=on, effective_on=until) for on, until in decided.items()),
        acted("withdrawal.completed", "GBR", effective_on="2020-02-01"),
    )
    days = ("2018-01-01", "2019-03-22", "2019-04-11", "2019-10-29")
    assert [pending(state, "GBR", on=day) for day in days] == [
        ("notified", "2019-03-30"),
        ("notified", "2019-04-12"),
        ("notified", "2019-11-01"),
        ("notified", "2020-02-01"),
    ]
    assert consent(state, "GBR", on="2020-02-01") == "former"
    assert reasons(state) == []
