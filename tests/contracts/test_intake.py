"""Check what is accepted, and that every refusal points at what to change."""

import json
from itertools import pairwise

import pytest
import rfc8785
from contracts.facts import errors, event, example, notice, registration
from contracts.strategies import json_values
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON
from treaty_contracts.events import CATALOGUE, WithdrawalNotified
from treaty_contracts.intake import (
    AcceptedEvent,
    InvalidEvent,
    MalformedJson,
    UnknownEventType,
    accept,
    parse_event,
)

REQUIRED = "add this field: it is required"


def test_what_is_accepted_is_kept_as_it_was_posted() -> None:
    posted = notice(received_on="2020-05-22", note="Türkiye")
    accepted = parse_event(json.dumps(posted, indent=4).encode())
    assert accepted.canonical == rfc8785.dumps(posted)
    assert accepted.event.as_posted() == posted
    assert isinstance(accepted.data, WithdrawalNotified)
    assert accepted.data.received_on == "2020-05-22"


def test_defaults_are_not_written_into_what_was_posted() -> None:
    assert b"asserted_by" not in accept(notice(received_on="2020-05-22")).canonical


@pytest.mark.property
@given(st.binary(max_size=200))
def test_whatever_is_posted_is_accepted_or_refused(body: bytes) -> None:
    with pytest.raises((MalformedJson, InvalidEvent, UnknownEventType)):
        parse_event(body)


@pytest.mark.property
@given(st.sampled_from(sorted(CATALOGUE)), json_values, json_values, st.data())
def test_whatever_is_changed_in_an_event_is_accepted_or_refused(
    type_: str, name: JSON, value: JSON, data: st.DataObject
) -> None:
    posted = example(type_)
    here: JSON = posted
    while isinstance(here, dict | list) and here:
        place = data.draw(st.sampled_from(sorted(here) if isinstance(here, dict) else range(len(here))))
        parent, here = here, here[place]  # type: ignore[call-overload,index] # the place was drawn from it
        if data.draw(st.booleans()):
            break
    parent[place] = value  # type: ignore[call-overload,index] # the same
    if isinstance(parent, dict) and isinstance(name, str) and data.draw(st.booleans()):
        parent[name] = value
    outcome = judge(json.dumps(posted).encode())
    if isinstance(outcome, InvalidEvent):
        assert outcome.errors
        assert all(error.detail and leads_into(error.pointer, posted) for error in outcome.errors)
    elif isinstance(outcome, AcceptedEvent):
        assert outcome.canonical == rfc8785.dumps(posted)


def judge(body: bytes) -> AcceptedEvent | MalformedJson | InvalidEvent | UnknownEventType:
    try:
        return parse_event(body)
    except (MalformedJson, InvalidEvent, UnknownEventType) as refusal:
        return refusal


def leads_into(pointer: str, value: JSON) -> bool:
    """Tell whether a pointer leads to a value or to a place just beside what is there."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    for step, following in pairwise([*steps, None]):
        if isinstance(value, list) and step is not None and step.isdigit():
            value = value[int(step)]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return following is None
    return True


@pytest.mark.parametrize("value", [[], "text", 1, None, True, [notice(received_on="2020-05-22")]])
def test_an_event_is_an_object(value: JSON) -> None:
    assert errors(value) == {"": "post an event as a JSON object"}


def test_every_missing_attribute_is_named() -> None:
    names = ("specversion", "id", "source", "type", "subject", "data")
    assert errors({}) == {f"/{name}": REQUIRED for name in names}


def test_a_type_outside_the_catalogue_is_unknown() -> None:
    with pytest.raises(UnknownEventType, match=r"'treaty.left' is not a type of the catalogue") as refusal:
        accept(event("treaty.left", {}))
    assert refusal.value.type == "treaty.left"


@pytest.mark.parametrize("name", ["position", "version", "recorded_at", "recorded_by", "leaf_hash"])
def test_what_the_ledger_sets_nobody_else_does(name: str) -> None:
    posted = event("treaty.extended", {"until_on": "2026-02-05"}, **{name: 7})
    assert errors(posted) == {f"/{name}": f"leave {name} out: the ledger sets it"}


@pytest.mark.parametrize(
    ("attribute", "value", "detail"),
    [
        ("specversion", "0.3", "use '1.0'"),
        ("specversion", 1, "use '1.0'"),
        ("id", "", "write at least one character"),
        ("id", "a\nb", "remove the control character U+000A"),
        ("id", "a" * 501, "write at most 500 characters"),
        ("id", 7, "write a text"),
        ("source", "a b", "write a URI reference without spaces, such as urn:ministry:xyz"),
        ("type", None, "leave the field out: null is no value here"),
        ("subject", "Open Skies", "use lower-case letters, digits and hyphens, at most 127, no hyphen first"),
        ("time", "2020-05-22", "write a real instant with its offset, such as 2020-05-22T14:00:00Z"),
        ("time", "2020-05-22T14:00:60Z", "write a real instant with its offset, such as 2020-05-22T14:00:00Z"),
        ("time", "9999-12-31T23:59:59-23:59", "write a real instant with its offset, such as 2020-05-22T14:00:00Z"),
        ("time", None, "leave the field out: null is no value here"),
        ("datacontenttype", "text/plain", "use 'application/json'"),
        ("data", [], "write an object"),
        ("data", None, "leave the field out: null is no value here"),
        ("data_base64", "", "give data as a JSON object; data_base64 is not accepted"),
        ("comexample", {}, "give a text of at most 500 characters, a boolean or an integer of 32 bits"),
        ("comexample", 2**31, "give a text of at most 500 characters, a boolean or an integer of 32 bits"),
        ("comexample", "a" * 501, "give a text of at most 500 characters, a boolean or an integer of 32 bits"),
        ("comexample", "\x1b", "remove the control character U+001B"),
    ],
)
def test_an_attribute_is_refused_where_it_stands(attribute: str, value: JSON, detail: str) -> None:
    assert errors({**notice(received_on="2020-05-22"), attribute: value}) == {f"/{attribute}": detail}


@pytest.mark.parametrize("name", ["Extension", "with_underscore", "with-hyphen", "a" * 21, "é", ""])
def test_an_attribute_of_another_name_is_unknown(name: str) -> None:
    [(pointer, detail)] = errors({**notice(received_on="2020-05-22"), name: "x"}).items()
    assert pointer == f"/{name}"
    assert detail.startswith("remove this unknown attribute")


def test_ten_extension_attributes_are_kept_and_no_more() -> None:
    posted = {**notice(received_on="2020-05-22"), **{f"extension{number}": number for number in range(10)}}
    assert accept(posted).event.as_posted() == posted
    assert errors({**posted, "another": True}) == {"": "carry at most 10 extension attributes"}


@pytest.mark.parametrize(
    "reference", ["/v1/schemas/withdrawal.notified/1", "https://ledger.example/v1/schemas/withdrawal.notified/1"]
)
def test_an_event_may_name_its_schema(reference: str) -> None:
    posted = notice(received_on="2020-05-22") | {"dataschema": reference}
    assert accept(posted).event.dataschema == reference


@pytest.mark.parametrize(
    "reference",
    [
        "/v1/schemas/withdrawal.notified/2",
        "/v1/schemas/withdrawal.revoked/1",
        "/v1/schemas/withdrawal.notified/1/",
        "/v1/schemas/withdrawal.notified",
        "urn:v1/schemas/withdrawal.notified/1",
        "withdrawal.notified",
    ],
)
def test_an_event_names_no_other_schema(reference: str) -> None:
    assert errors(notice(received_on="2020-05-22") | {"dataschema": reference}) == {
        "/dataschema": "name the schema of this type, /v1/schemas/withdrawal.notified/1, or leave the field out"
    }


def test_participants_have_a_stream_of_their_own() -> None:
    assert list(errors(example("participant.registered") | {"subject": "open-skies"})) == ["/subject"]
    assert list(errors(notice(received_on="2020-05-22") | {"subject": "participants"})) == ["/subject"]


def test_a_pointer_leads_into_lists_and_escapes_names() -> None:
    found = errors(notice(received=[{"by": "CAN", "on": "2020-05-22"}, {"by": "", "on": "22 May", "a/b~c": 1}]))
    assert found == {
        "/data/received/1/by": "write at least one character",
        "/data/received/1/on": "write the day as YYYY-MM-DD, YYYY-MM or YYYY, in the years 1000 to 2999",
        "/data/received/1/a~1b~0c": "remove this unknown field",
    }


def test_a_pointer_leads_through_a_choice_of_clauses() -> None:
    notice_clause: JSON = {"rule": "period", "period": "6M", "period_": "P6M"}
    found = errors(registration(withdrawal={"notice": notice_clause}, duration={"period": "P0D"}))
    assert list(found) == [
        "/data/clauses/withdrawal/notice/period",
        "/data/clauses/withdrawal/notice/period_",
        "/data/clauses/duration/period",
    ]


@pytest.mark.parametrize("delay", [{"rule": "sometimes"}, {"period": "P60D"}, {}])
def test_an_unknown_rule_is_told_the_known_ones(delay: JSON) -> None:
    [(pointer, detail)] = errors(registration(joining={"delay": delay})).items()
    assert pointer == "/data/clauses/joining/delay/rule"
    assert "no_clause" in detail or detail == REQUIRED


def test_null_is_no_value() -> None:
    assert errors(notice(received_on="2020-05-22", note=None)) == {
        "/data/note": "leave the field out: null is no value here"
    }


def test_all_that_is_wrong_is_said_at_once() -> None:
    posted = notice(received_on="1900-01-01", participant="us", whatever=1) | {"id": "", "version": 1}
    assert list(errors(posted)) == ["/id", "/version", "/data/participant", "/data/received_on", "/data/whatever"]


def test_no_more_errors_are_said_than_one_can_read() -> None:
    assert len(errors(notice(received=[{}] * 500))) == 50


def test_a_replacement_is_checked_like_an_event() -> None:
    replacement: JSON = {"type": "withdrawal.notified", "data": {"participant": "USA", "received_on": "2020-13"}}
    assert list(errors(event("record.superseded", {"position": 1, "reason": "r", "replacement": replacement}))) == [
        "/data/replacement/data/received_on"
    ]


@pytest.mark.parametrize("type_", ["record.superseded", "treaty.left", "", 7, None])
def test_a_replacement_is_any_fact_but_another_replacement(type_: JSON) -> None:
    replacement: JSON = {"type": type_, "data": {"position": 1, "reason": "r"}}
    posted = event("record.superseded", {"position": 1, "reason": "r", "replacement": replacement})
    assert list(errors(posted)) == ["/data/replacement/type"]


def test_a_replacement_belongs_to_the_stream_it_corrects() -> None:
    data: JSON = {"position": 1, "reason": "r", "replacement": {"type": "withdrawal.revoked", "data": {}}}
    right: JSON = {"type": "participant.registered", "data": example("participant.registered")["data"]}
    posted = event("record.superseded", {"position": 1, "reason": "r", "replacement": right}, subject="participants")
    assert accept(posted).event.subject == "participants"
    assert list(errors(posted | {"subject": "open-skies"})) == ["/data/replacement/type"]
    assert "/data/replacement/data/participant" in errors(event("record.superseded", data))
