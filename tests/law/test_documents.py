"""Check what answers are made of, field by field: a reader relies on every name and every value."""

from builders import SIMPLE_CLAUSES, acted, deposited, fact, folded, leaving, notified, registered, revoked, signed
from law.reading import row

from treaty_contracts.canonical import JsonObject
from treaty_contracts.events import TreatyRegistered
from treaty_projector.bitemporal.documents import member_document, standing_document, treaty_document
from treaty_projector.law.cascade import carry
from treaty_projector.law.fold import Folding
from treaty_projector.law.state import TreatyState

RUS = deposited("RUS", "2001-01-01")
NOTHING_MORE: JsonObject = {
    "adopted_on": None,
    "adopted_at": None,
    "depositaries": [],
    "subjects": [],
    "identifiers": {},
    "parent": None,
    "note": None,
    "citation": None,
}
MORE: JsonObject = {
    "adopted_on": "1992-03-24",
    "adopted_at": "Helsinki",
    "depositaries": ["Canada", "Hungary"],
    "subjects": ["arms control"],
    "identifiers": {"unts": "I-53548"},
    "parent": "helsinki-final-act",
    "note": "Aerial observation.",
    "citation": "UNTS 3081",
}
UNSAID: JsonObject = {"falls_with": [], "bilateral_ends_on_exit": False}


def treaty(state: TreatyState) -> JsonObject:
    assert state.registration is not None
    assert isinstance(state.registration.data, TreatyRegistered)
    return treaty_document(state, state.registration.data)


def standing(state: TreatyState, participant: str = "RUS") -> JsonObject:
    return standing_document(state.standings[participant])


def member(state: TreatyState, *, on: str) -> JsonObject:
    found = row(state, "RUS", on=on)
    assert found is not None
    return member_document(found)


def test_a_treaty_is_told_with_everything_that_was_registered_of_it() -> None:
    document = treaty(folded(registered({}, **MORE)))

    assert document == {**MORE, "clauses": [{"from": None, "clauses": UNSAID}], "basis": [0]}


def test_what_was_not_registered_of_a_treaty_is_told_as_unknown() -> None:
    document = treaty(folded(registered({})))

    assert document == {**NOTHING_MORE, "clauses": [{"from": None, "clauses": UNSAID}], "basis": [0]}


def test_a_treaty_is_told_with_every_version_of_its_clauses() -> None:
    conference: JsonObject = {"from": "P30D", "to": "P60D"}
    amended: JsonObject = {"withdrawal": {"conference": conference}}

    document = treaty(
        folded(registered({}), ("treaty.clauses_amended", {"effective_on": "2005-06-01", "clauses": amended}))
    )

    withdrawal: JsonObject = {
        "notice": {"rule": "no_clause"},
        "receipt": "last",
        "later_date_allowed": False,
        "deferred_by_armed_conflict": False,
        "conference": conference,
        "addressees": [],
    }
    assert document["clauses"] == [
        {"from": None, "clauses": UNSAID},
        {"from": "2005-06-01", "clauses": {**UNSAID, "withdrawal": withdrawal}},
    ]


def test_a_member_is_told_with_its_consent_and_what_it_rests_on() -> None:
    assert member(folded(registered(), RUS), on="2001-01-15") == {
        "consent": "contracting",
        "since": "2001-01-01",
        "until": "2001-01-31",
        "mode": "accession",
        "provisional": False,
        "operation": "in_operation",
        "exit": None,
        "contested": False,
        "approximate": False,
        "basis": [1],
    }


def test_a_member_whose_day_is_known_to_the_month_is_told_as_approximate() -> None:
    assert member(folded(registered(), deposited("RUS", "2001-01")), on="2002-01-01")["approximate"] is True


def test_a_pending_exit_is_told_with_the_rule_and_the_days_it_gives() -> None:
    clauses = leaving(conference={"from": "P30D", "to": "P60D"})
    notice = notified("RUS", "2020-05-22", states_effective_on="2021-06-01", condition="unless the others follow")

    document = member(folded(registered(clauses), RUS, notice), on="2020-06-01")

    assert document["until"] == "2021-05-22"
    assert document["exit"] == {
        "stage": "notified",
        "since": "2020-05-22",
        "notified_on": "2020-05-22",
        "effective_on": "2021-05-22",
        "computed_on": "2021-05-22",
        "stated_on": "2021-06-01",
        "rule": "period P1Y",
        "article": "10",
        "condition": "unless the others follow",
        "conference": {"from": "2020-06-21", "to": "2020-07-21"},
        "contested": False,
        "basis": [2],
    }


def test_a_contested_exit_is_told_as_contested_and_so_is_the_member() -> None:
    contest = acted("contest.raised", "RUS", about=2, by="JPN", on="2020-06-01")

    document = member(folded(registered(), RUS, notified("RUS", "2020-05-22"), contest), on="2020-06-01")

    assert document["contested"] is True
    assert isinstance(document["exit"], dict)
    assert document["exit"]["contested"] is True


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
