"""What the rows of a table become, by the built-in mapping and by one's own."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from importing.tables import Event, action, rejected, translate, treaty

from treaty_contracts.canonical import JSON
from treaty_standalone.importing.account import Kind

INSTRUMENTS = [
    "ratification",
    "acceptance",
    "approval",
    "accession",
    "succession",
    "formal_confirmation",
    "consent_to_be_bound",
]


def one(folder: Path, *rows: dict[str, str], mapping: str | None = None) -> Event:
    """Return the only event that rows become."""
    (event,), _ = translate(folder, rows, mapping=mapping)
    return event


@pytest.mark.parametrize("instrument", INSTRUMENTS)
def test_each_instrument_is_a_deposit(tmp_path: Path, instrument: str) -> None:
    event = one(tmp_path, action("FRA", instrument, "1992-05-17"))
    assert event.type == "instrument.deposited"
    assert event.tells == {"participant": "FRA", "instrument": instrument, "received_on": "1992-05-17"}


@pytest.mark.parametrize(
    ("what", "detail", "type_", "tells"),
    [
        ("signature", "", "signature.affixed", {"signed_on": "1992"}),
        (
            "signature",
            "definitive signature (expresses consent)",
            "signature.affixed",
            {"signed_on": "1992", "definitive": True, "note": "definitive signature (expresses consent)"},
        ),
        (
            "signature",
            "signature ad referendum",
            "signature.affixed",
            {"signed_on": "1992", "ad_referendum": True, "note": "signature ad referendum"},
        ),
        ("withdrawal_notice", "", "withdrawal.notified", {"received_on": "1992"}),
        ("withdrawal_effective", "", "withdrawal.completed", {"effective_on": "1992"}),
        ("withdrawal_revoked", "", "withdrawal.revoked", {"received_on": "1992"}),
        ("provisional_application", "", "provisional_application.started", {"received_on": "1992"}),
        (
            "provisional_application",
            "Notification of non-provisional application",
            "declaration.made",
            {"received_on": "1992", "text": "Notification of non-provisional application"},
        ),
        ("reservation", "To Art. 5", "reservation.made", {"received_on": "1992", "text": "To Art. 5"}),
        ("objection", "To Art. 5", "objection.made", {"received_on": "1992", "text": "To Art. 5"}),
        ("declaration", "On Art. 5", "declaration.made", {"received_on": "1992", "text": "On Art. 5"}),
        (
            "territorial_application",
            "Aruba",
            "territory.extended",
            {"effective_on": "1992", "territory": "Aruba"},
        ),
        ("territorial_exclusion", "Aruba", "territory.excluded", {"effective_on": "1992", "territory": "Aruba"}),
        ("other", "Succession to signature", "signature.affixed", {"signed_on": "1992"}),
        (
            "other",
            "Provisional application under Article V",
            "provisional_application.started",
            {"received_on": "1992", "note": "Provisional application under Article V"},
        ),
        ("other", "Notification under article 25", "declaration.made", {"received_on": "1992"}),
    ],
)
def test_each_action_is_its_event(tmp_path: Path, what: str, detail: str, type_: str, tells: dict[str, JSON]) -> None:
    event = one(tmp_path, action("FRA", what, "1992", detail))
    assert event.type == type_
    assert event.tells.items() >= {"participant": "FRA", **tells}.items()


@pytest.mark.parametrize(
    ("detail", "instrument"),
    [
        ("Consent to be bound", "consent_to_be_bound"),
        ("Formal confirmation", "formal_confirmation"),
        ("Declaration/Notification of Succession", "succession"),
        ("Definitive signature of the Protocol, Acceptance of the Protocol", "consent_to_be_bound"),
        ("Participation", "consent_to_be_bound"),
        ("Simplified procedure", "consent_to_be_bound"),
        ("admission resolution 1 (I)", "consent_to_be_bound"),
    ],
)
def test_another_action_is_the_consent_that_its_detail_names(tmp_path: Path, detail: str, instrument: str) -> None:
    event = one(tmp_path, action("FRA", "other", "1992-05-17", detail))
    assert event.tells["instrument"] == instrument
    assert event.tells["note"] == detail


def test_an_action_that_no_rule_names_is_rejected(tmp_path: Path) -> None:
    events, account = translate(tmp_path, [action("FRA", "other", "1992", "a banquet"), action("FRA", "dance", "1992")])
    assert events == []
    assert rejected(account) == [(row, "no rule says what the action means") for row in (2, 3)]
    assert [each.detail for each in account.rejections] == ["other (a banquet)", "dance"]


def test_events_say_who_asserts_them_and_cite_their_row(tmp_path: Path) -> None:
    event = one(tmp_path, action("FRA", "accession", "1992-05-01", "by letter", precision="month"))
    assert event.source == "urn:status-table:lakes"
    assert event.asserted_by == "depositary"
    assert event.citation == "lakes: lake | FRA | accession | 1992-05-01 | by letter | month"
    assert event.tells["received_on"] == "1992-05"


def test_an_entry_into_force_is_the_effect_of_the_instrument_before_it(tmp_path: Path) -> None:
    rows = [
        action("FRA", "entry_into_force", "1993-01-01"),
        action("FRA", "entry_into_force", "2003-01-01"),
        action("FRA", "ratification", "1992-05-17"),
        action("FRA", "accession", "2002-05-17"),
        action("CHE", "ratification", "1992-05-17"),
    ]
    events, account = translate(tmp_path, rows)
    effects = {
        (event.tells["participant"], event.tells["received_on"]): event.tells.get("states_effective_on")
        for event in events
    }
    assert effects == {
        ("FRA", "1992-05-17"): "1993-01-01",
        ("FRA", "2002-05-17"): "2003-01-01",
        ("CHE", "1992-05-17"): None,
    }
    assert account.tallies[Kind.ACTIONS].joined == 2


def test_an_entry_into_force_may_precede_the_instrument_that_it_belongs_to(tmp_path: Path) -> None:
    rows = [action("HRV", "succession", "1993-04-23"), action("HRV", "entry_into_force", "1991-10-08")]
    assert one(tmp_path, *rows).tells["states_effective_on"] == "1991-10-08"


def test_an_entry_into_force_of_one_is_not_that_of_another(tmp_path: Path) -> None:
    rows = [
        action("FRA", "ratification", "1992-05-17"),
        action("CHE", "entry_into_force", "1993-01-01"),
        action("FRA", "entry_into_force", "1993-01-01", treaty="sea"),
    ]
    events, account = translate(tmp_path, rows, [treaty(), treaty("sea")])
    assert "states_effective_on" not in events[0].tells
    assert rejected(account) == [(row, "there is no instrument whose day of effect this could be") for row in (3, 4)]


def test_the_effect_of_a_denunciation_belongs_to_its_notice(tmp_path: Path) -> None:
    rows = [action("FRA", "withdrawal_effective", "1980-02-21"), action("FRA", "withdrawal_notice", "1979-02-20")]
    event = one(tmp_path, *rows)
    assert event.type == "withdrawal.notified"
    assert event.tells == {"participant": "FRA", "received_on": "1979-02-20", "states_effective_on": "1980-02-21"}


def test_an_effect_before_the_notice_is_a_fact_of_its_own(tmp_path: Path) -> None:
    rows = [action("FRA", "withdrawal_effective", "1978-02-21"), action("FRA", "withdrawal_notice", "1979-02-20")]
    events, _ = translate(tmp_path, rows)
    assert [event.type for event in events] == ["withdrawal.completed", "withdrawal.notified"]


def test_a_signature_without_reservation_that_is_printed_twice_is_one_act(tmp_path: Path) -> None:
    words = "signature without reservation as to ratification"
    rows = [
        action("FRA", "signature", "1992-05-17", words),
        action("FRA", "ratification", "1992-05-17", f"{words} (= consent)"),
        action("FRA", "entry_into_force", "1992-06-01"),
        action("CHE", "signature", "1992-05-17", words),
    ]
    (deposit, signature), account = translate(tmp_path, rows)
    assert deposit.tells["instrument"] == "consent_to_be_bound"
    assert deposit.tells["states_effective_on"] == "1992-06-01"
    assert signature.tells["definitive"] is True
    assert account.tallies[Kind.ACTIONS].joined == 2


def test_a_day_of_effect_may_stand_in_the_row_itself(tmp_path: Path) -> None:
    rows = [
        action("FRA", "ratification", "1992-05-17", effective_on="1992-06-01"),
        action("FRA", "withdrawal_notice", "1999-05-17", effective_on="1999-06-01"),
    ]
    events, _ = translate(tmp_path, rows)
    assert [event.tells["states_effective_on"] for event in events] == ["1992-06-01", "1999-06-01"]


def test_a_day_of_effect_where_none_can_be_is_rejected(tmp_path: Path) -> None:
    _, account = translate(tmp_path, [action("FRA", "signature", "1992-05-17", effective_on="1992-06-01")])
    assert rejected(account) == [(2, "signature.affixed has no field for a day of effect")]


def test_a_row_that_stands_twice_is_one_event(tmp_path: Path) -> None:
    rows = [action("FRA", "ratification", "1992-05-17"), action("FRA", "entry_into_force", "1992-06-01")]
    first, second = translate(tmp_path, [*rows, *rows])[0]
    assert first == second


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_the_order_of_rows_changes_no_event(tmp_path: Path, data: st.DataObject) -> None:
    days = st.sampled_from(["1990-01-01", "1990-06", "1991", "1992-05-17", "1993-01-01"])
    actions = st.sampled_from(
        ["signature", "ratification", "accession", "entry_into_force", "withdrawal_notice", "withdrawal_effective"]
    )
    rows = data.draw(st.lists(st.builds(action, st.sampled_from(["FRA", "CHE"]), actions, days), max_size=12))
    shuffled = data.draw(st.permutations(rows))
    events, account = translate(tmp_path, rows)
    others, another = translate(tmp_path, shuffled)
    assert {event.id: event for event in events} == {event.id: event for event in others}
    assert account.tallies == another.tallies


def test_every_row_is_posted_joined_or_rejected(tmp_path: Path) -> None:
    rows = [
        action("FRA", "ratification", "1992-05-17"),
        action("FRA", "entry_into_force", "1992-06-01"),
        action("FRA", "ratification", "1900-01-01"),
        action("???", "ratification", "1992-05-17", participant_name="Atlantis"),
        action("CHE", "entry_into_force", "1992-06-01"),
        action("CHE", "ratification", "1992-05-17", treaty=""),
    ]
    events, account = translate(tmp_path, rows)
    tally = account.tallies[Kind.ACTIONS]
    assert tally.read == len(rows) == len(events) + tally.joined + tally.rejected
    assert [row for row, _ in rejected(account)] == [4, 5, 6, 7]
    assert account.unknown == {("???", "Atlantis"): 1}


def test_a_rule_may_speak_of_the_treaty_itself_and_choose_the_day_and_the_detail(tmp_path: Path) -> None:
    mapping = """
    [[rules]]
    action = "end"
    type = "treaty.terminated"
    data = { reason = "later_treaty" }
    detail_as = ""

    [[rules]]
    action = "applied*"
    type = "provisional_application.started"
    day = "effective_on"
    """
    rows = [action("", "end", "1999-01-01", "see the other"), action("FRA", "Applied from", "1992-05-17", "Art. 3")]
    end, applied = translate(tmp_path, rows, mapping=mapping)[0]
    assert end.type == "treaty.terminated"
    assert end.tells == {"effective_on": "1999-01-01", "reason": "later_treaty"}
    assert applied.tells == {"participant": "FRA", "effective_on": "1992-05-17", "note": "Art. 3"}
