"""Check what is told of one participant's whole history, field by field."""

from builders import SIMPLE_CLAUSES, acted, deposited, fact, folded, leaving, notified, registered, revoked, signed

from treaty_contracts.canonical import JsonObject
from treaty_projector.bitemporal.documents import standing_document
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import TreatyState

RUS = deposited("RUS", "2001-01-01")


def standing(state: TreatyState, participant: str = "RUS") -> JsonObject:
    return standing_document(state.standings[participant])


def test_a_standing_is_told_with_every_spell() -> None:
    document = standing(folded(registered(), signed("RUS", "1999-05"), RUS))

    assert document["spells"] == [
        {
            "consent": "signatory",
            "from": "1999-05-01",
            "until": "2001-01-01",
            "mode": "signature",
            "approximate": True,
            "basis": [1],
        },
        {
            "consent": "contracting",
            "from": "2001-01-01",
            "until": "2001-01-31",
            "mode": "accession",
            "approximate": False,
            "basis": [2],
        },
        {
            "consent": "party",
            "from": "2001-01-31",
            "until": None,
            "mode": "accession",
            "approximate": False,
            "basis": [2],
        },
    ]


def test_an_exit_is_told_from_its_notice_to_its_end() -> None:
    clauses = leaving(
        conference={"from": "P30D", "to": "P60D"}, companion_window="P1M", survival="P5Y", later_date_allowed=True
    )
    notice = notified("RUS", "2020-05-22", states_effective_on="2021-06-01", condition="unless the others follow")

    document = standing(folded(registered(clauses), RUS, notice))

    assert document["exits"] == [
        {
            "stage": "effective",
            "notified_on": "2020-05-22",
            "effective_on": "2021-06-01",
            "revoked_on": None,
            "closed_on": "2021-06-01",
            "computed_on": "2021-05-22",
            "stated_on": "2021-06-01",
            "rule": "period P1Y",
            "article": "10",
            "condition": "unless the others follow",
            "scope": None,
            "via": [],
            "companions_until": "2020-06-22",
            "survives_until": "2026-06-01",
            "alternatives": [],
            "conference": {"from": "2020-06-21", "to": "2020-07-21"},
            "steps": [{"stage": "notified", "from": "2020-05-22", "effective_on": "2021-06-01"}],
            "approximate": False,
            "basis": [2],
        }
    ]


def one_exit(state: TreatyState) -> JsonObject:
    exits = standing(state)["exits"]
    assert isinstance(exits, list)
    (found,) = exits
    assert isinstance(found, dict)
    return found


def test_an_exit_that_was_taken_back_is_told_with_the_day_of_that() -> None:
    found = one_exit(folded(registered(), RUS, notified("RUS", "2020-05-22"), revoked("RUS", "2020-08-01")))

    assert (found["stage"], found["revoked_on"], found["closed_on"]) == ("revoked", "2020-08-01", "2020-08-01")


def test_an_exit_that_is_open_is_told_by_its_last_step() -> None:
    suspended = acted("withdrawal.suspended", "RUS", received_on="2020-08-01")

    found = one_exit(folded(registered(), RUS, notified("RUS", "2020-05-22"), suspended))

    assert (found["stage"], found["closed_on"]) == ("contested", None)


def test_an_exit_that_is_void_is_told_as_premature() -> None:
    late = leaving(admissible_after={"period": "P30Y", "anchor": "entry_into_force"}, survival="P5Y")

    found = one_exit(folded(registered(late), RUS, notified("RUS", "2020-05-22")))

    assert (found["stage"], found["effective_on"], found["survives_until"]) == ("premature", None, None)


def test_a_part_that_is_left_is_told_by_name() -> None:
    assert one_exit(folded(registered(), RUS, notified("RUS", "2020-05-22", scope="Part II")))["scope"] == "Part II"


def test_a_suspension_is_told_with_its_scope_and_towards_whom() -> None:
    suspended = acted("operation.suspended", "RUS", effective_on="2007-12-12", towards=["POL"], scope="Art. 5")
    resumed = acted("operation.resumed", "RUS", effective_on="2010-01-01")

    assert standing(folded(registered(), RUS, suspended, resumed))["operation"] == [
        {
            "kind": "suspended",
            "from": "2007-12-12",
            "until": "2010-01-01",
            "towards": ["POL"],
            "scope": "Art. 5",
            "basis": [2, 3],
        }
    ]


def test_a_reservation_is_told_in_the_words_it_was_made_in() -> None:
    made = acted(
        "reservation.made",
        "RUS",
        received_on="2001-02",
        text="Not Article 5.",
        provisions=["5", "6(1)"],
        citation="C.N.1",
        source_url="https://example.org/1",
        note="A remark.",
        asserted_by="depositary",
    )

    assert standing(folded(registered(), RUS, made))["reservations"] == [
        {
            "kind": "reservation.made",
            "on": "2001-02",
            "position": 2,
            "says": {"text": "Not Article 5.", "provisions": "5; 6(1)"},
        }
    ]


def test_a_territory_is_told_with_the_day_it_was_left_out() -> None:
    excluded = acted("territory.excluded", "RUS", territory="FRO", effective_on="2001-03-01")

    assert standing(folded(registered(), RUS, excluded))["territories"] == [
        {
            "kind": "territory.excluded",
            "on": "2001-03-01",
            "position": 2,
            "says": {"territory": "FRO", "effective_on": "2001-03-01"},
        }
    ]


def test_an_appeal_is_told_with_who_made_it() -> None:
    appeal = acted("appeal.made", "RUS", by="EU", on="2020-05-22")

    assert standing(folded(registered(), RUS, appeal))["remarks"] == [
        {"kind": "appeal.made", "on": "2020-05-22", "position": 2, "says": {"by": "EU", "on": "2020-05-22"}}
    ]


def test_a_contest_is_told_with_what_it_claims_and_when_it_was_closed() -> None:
    raised = acted("contest.raised", "RUS", about=2, by="JPN", on="2003-02", claims_effective_on="2003-04-10")
    closed = acted("contest.closed", "RUS", about=2, by="JPN", on="2003-03-01")

    assert standing(folded(registered(), RUS, notified("RUS", "2003-01-10"), raised, closed))["disputes"] == [
        {
            "kind": "contest",
            "by": "JPN",
            "on": "2003-02",
            "closed_on": "2003-03-01",
            "about": 2,
            "against": None,
            "claims_effective_on": "2003-04-10",
            "provisions": [],
            "position": 3,
        }
    ]


def test_a_breach_is_told_with_who_is_said_to_have_broken_what() -> None:
    alleged = acted("breach.alleged", "USA", against="RUS", on="2014-07", provisions=["IV", "VI"])

    assert standing(folded(registered(), alleged), "USA")["disputes"] == [
        {
            "kind": "breach_alleged",
            "by": "USA",
            "on": "2014-07",
            "closed_on": None,
            "about": None,
            "against": "RUS",
            "claims_effective_on": None,
            "provisions": ["IV", "VI"],
            "position": 1,
        }
    ]


def test_signals_are_told_with_the_days_between_which_they_stood() -> None:
    announced = acted("withdrawal.announced", "RUS", announced_on="2020-12-22")
    launched = acted("withdrawal.procedure_step", "RUS", step="launched", on="2021-01-15")

    assert standing(folded(registered(), RUS, announced, launched))["signals"] == [
        {"stage": "announced", "since": "2020-12-22", "until": "2021-01-15", "basis": [2]},
        {"stage": "domestic", "since": "2021-01-15", "until": None, "basis": [2, 3]},
    ]


def test_an_exit_that_follows_another_names_the_treaty_it_follows() -> None:
    parent, child = Folding("parent", successions={}), Folding("child", successions={})
    told = [
        (parent, registered()),
        (parent, RUS),
        (parent, notified("RUS", "2020-05-22")),
        (child, registered({**SIMPLE_CLAUSES, "falls_with": ["parent"]})),
        (child, RUS),
    ]
    for position, (folding, (type_, data)) in enumerate(told):
        folding.step(fact(type_, position, data))
    carry({"parent": parent, "child": child}, ["parent", "child"])

    assert one_exit(child.state)["via"] == ["parent"]
