"""Check what answers are made of, field by field: a reader relies on every name and every value."""

from builders import acted, deposited, folded, leaving, notified, registered
from law.reading import row

from treaty_contracts.canonical import JsonObject
from treaty_contracts.events import TreatyRegistered
from treaty_projector.bitemporal.documents import member_document, treaty_document
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
