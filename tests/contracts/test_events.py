"""Check every type of event against its golden example, and the rules that bind its fields."""

import json

import pytest
from contracts.facts import CONTRACTS, errors, event, example, notice
from pydantic import ValidationError

import treaty_contracts.events
from treaty_contracts.canonical import JSON, canonical_bytes
from treaty_contracts.events import (
    CATALOGUE,
    REPLACEABLE,
    InstrumentDeposited,
    ParticipantRelated,
    Receipt,
    RecordSuperseded,
    SignatureAffixed,
    TreatyRegistered,
    WithdrawalNotified,
    parse_data,
    participant_codes,
)
from treaty_contracts.intake import accept

TYPES = sorted(CATALOGUE)
ONE_DAY = "give exactly one of effective_on and received_on"
ONE_RECEIPT = "give exactly one of received_on (one receipt by the depositary) and received (a list of by and on)"


def test_the_catalogue_lists_all_types() -> None:
    assert len(CATALOGUE) == 42
    assert set(CATALOGUE) - set(REPLACEABLE) == {"record.superseded"}


@pytest.mark.parametrize("type_", TYPES)
def test_a_model_is_named_like_its_type(type_: str) -> None:
    name = "".join(word.capitalize() for word in type_.replace(".", "_").split("_"))
    assert CATALOGUE[type_].__name__ == name
    assert getattr(treaty_contracts.events, name) is CATALOGUE[type_]


@pytest.mark.parametrize("type_", TYPES)
def test_the_golden_example_is_accepted(type_: str) -> None:
    posted = example(type_)
    accepted = accept(posted)
    assert type(accepted.data) is CATALOGUE[type_]
    assert accepted.canonical == canonical_bytes(posted)


@pytest.mark.parametrize("type_", TYPES)
def test_an_unknown_field_is_refused(type_: str) -> None:
    posted = example(type_)
    assert isinstance(posted["data"], dict)
    posted["data"]["effectve_on"] = "2020-11-22"
    assert errors(posted) == {"/data/effectve_on": "remove this unknown field"}


@pytest.mark.parametrize("type_", TYPES)
def test_every_fact_may_say_where_it_comes_from(type_: str) -> None:
    posted = example(type_)
    assert isinstance(posted["data"], dict)
    posted["data"] |= {
        "citation": "C.N.1.2020",
        "source_url": "https://treaties.un.org/",
        "asserted_by": "press",
        "note": "line\nline",
    }
    data = accept(posted).data
    assert (data.citation, data.source_url) == ("C.N.1.2020", "https://treaties.un.org/")
    assert (data.asserted_by, data.note) == ("press", "line\nline")


def test_a_fact_is_official_unless_it_says_otherwise() -> None:
    assert accept(notice(received_on="2020-05-22")).data.asserted_by == "official"
    assert errors(notice(received_on="2020-05-22", asserted_by="rumour")) == {
        "/data/asserted_by": "use 'depositary', 'official', 'party' or 'press'"
    }


@pytest.mark.parametrize(
    ("field", "limit"), [("citation", 500), ("note", 2_000), ("scope", 500), ("condition", 500), ("source_url", 2_000)]
)
def test_a_text_is_limited(field: str, limit: int) -> None:
    start = "https://a/" if field == "source_url" else ""
    longest = notice(received_on="2020-05-22", **{field: start.ljust(limit, "a")})
    assert accept(longest).event.as_posted() == longest
    assert errors(notice(received_on="2020-05-22", **{field: start.ljust(limit + 1, "a")})) == {
        f"/data/{field}": f"write at most {limit} characters"
    }


def test_a_list_is_limited() -> None:
    receipt: JSON = {"by": "CAN", "on": "2020-05-22"}
    assert errors(notice(received=[receipt] * 501)) == {"/data/received": "list at most 500"}
    assert errors(notice(received=[])) == {"/data/received": "list at least 1, or leave the field out"}


@pytest.mark.parametrize("value", ["1", 1.0, True, None, [], {}])
def test_a_number_is_written_as_a_number(value: JSON) -> None:
    assert list(errors(event("record.superseded", {"position": value, "reason": "r"}))) == ["/data/position"]


@pytest.mark.parametrize("value", ["true", 1, 0, None])
def test_a_truth_is_written_as_true_or_false(value: JSON) -> None:
    data: JSON = {"participant": "KGZ", "signed_on": "1992-12-15", "definitive": value}
    assert list(errors(event("signature.affixed", data))) == ["/data/definitive"]


def test_a_signature_is_simple_unless_it_says_otherwise() -> None:
    data = parse_data("signature.affixed", {"participant": "KGZ", "signed_on": "1992-12-15"})
    assert isinstance(data, SignatureAffixed)
    assert not data.definitive


@pytest.mark.parametrize("type_", ["instrument.deposited", "withdrawal.notified"])
def test_an_act_is_received_one_way(type_: str) -> None:
    instrument: dict[str, JSON] = {"instrument": "accession"} if type_ == "instrument.deposited" else {}
    data: dict[str, JSON] = {"participant": "USA", **instrument}
    received: JSON = [{"by": "CAN", "on": "2020-05-22"}]
    assert errors(event(type_, data)) == {"/data/received_on": ONE_RECEIPT}
    assert errors(event(type_, {**data, "received": received, "received_on": "2020-05-22"})) == {
        "/data/received_on": ONE_RECEIPT
    }


def test_one_day_of_receipt_is_one_receipt_by_the_depositary() -> None:
    data = parse_data("withdrawal.notified", {"participant": "USA", "received_on": "2020-05"})
    assert isinstance(data, WithdrawalNotified)
    assert data.receipts == (Receipt(by="depositary", on="2020-05"),)


def test_several_receipts_keep_their_order() -> None:
    receipts: JSON = [{"by": "HUN", "on": "2020-05-23"}, {"by": "CAN", "on": "2020-05-22"}]
    data = parse_data("withdrawal.notified", {"participant": "USA", "received": receipts})
    assert isinstance(data, WithdrawalNotified)
    assert [receipt.by for receipt in data.receipts] == ["HUN", "CAN"]


@pytest.mark.parametrize("type_", ["provisional_application.started", "provisional_application.ended"])
def test_provisional_application_is_dated_one_way(type_: str) -> None:
    for day in ("effective_on", "received_on"):
        stated: JSON = {"participant": "AUS", day: "1994-12-17"}
        assert accept(event(type_, stated)).event.data == stated
    both: JSON = {"participant": "AUS", "effective_on": "1994-12-17", "received_on": "1994-12-17"}
    assert errors(event(type_, {"participant": "AUS"})) == {"/data/effective_on": ONE_DAY}
    assert errors(event(type_, both)) == {"/data/effective_on": ONE_DAY}


def test_a_registration_needs_little() -> None:
    data = parse_data("treaty.registered", {"title": "INF Treaty", "kind": "bilateral"})
    assert isinstance(data, TreatyRegistered)
    assert (data.depositaries, data.subjects, data.identifiers) == ((), (), {})
    assert data.clauses.withdrawal is None


@pytest.mark.parametrize("identifiers", [{"": "1"}, {"untc": ""}, {"untc": 1}, {"a\n": "1"}, [], {"a" * 101: "1"}])
def test_an_identifier_is_a_named_text(identifiers: JSON) -> None:
    data: JSON = {"title": "INF Treaty", "kind": "bilateral", "identifiers": identifiers}
    [pointer] = errors(event("treaty.registered", data))
    assert pointer.startswith("/data/identifiers")


def test_from_is_written_as_from() -> None:
    related = example("participant.related")
    data = accept(related).data
    assert isinstance(data, ParticipantRelated)
    assert (data.from_, data.to) == ("DDR", "DEU")
    assert isinstance(related["data"], dict)
    related["data"]["from_"] = related["data"].pop("from")
    assert set(errors(related)) == {"/data/from", "/data/from_"}


def test_a_replacement_is_read_like_the_fact_it_states() -> None:
    data = accept(example("record.superseded")).data
    assert isinstance(data, RecordSuperseded)
    assert data.replacement is not None
    assert isinstance(data.replacement.data, WithdrawalNotified)
    assert data.replacement.data.receipts[0].on == "2021-06-18"


def test_data_is_written_as_it_was_read() -> None:
    posted = example("record.superseded")["data"]
    data = parse_data("record.superseded", posted)
    assert json.loads(data.model_dump_json(by_alias=True, exclude_unset=True)) == posted


def test_data_does_not_change() -> None:
    data = accept(notice(received_on="2020-05-22")).data
    with pytest.raises(ValidationError, match="frozen"):
        data.note = "other"  # type: ignore[misc] # the very thing refused


def test_data_of_no_known_type_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        parse_data("treaty.left", {})


@pytest.mark.parametrize(
    ("type_", "codes"),
    [
        ("treaty.registered", []),
        ("withdrawal.notified", [("/data/participant", "USA")]),
        ("instrument.deposited", [("/data/participant", "CZE"), ("/data/succeeds", "CSK")]),
        ("breach.alleged", [("/data/participant", "USA"), ("/data/against", "RUS")]),
        ("objection.made", [("/data/participant", "GBR"), ("/data/to", "USA")]),
        ("proposal.made", [("/data/participant", "RUS")]),
        ("participant.registered", []),
        ("participant.related", [("/data/from", "DDR"), ("/data/to", "DEU")]),
        ("record.superseded", [("/data/replacement/data/participant", "RUS")]),
    ],
)
def test_each_code_of_a_participant_is_listed_with_its_place(type_: str, codes: list[tuple[str, str]]) -> None:
    assert participant_codes(accept(example(type_)).data) == tuple(codes)


def test_an_absent_code_is_not_listed() -> None:
    data = InstrumentDeposited(participant="CZE", instrument="accession", received_on="1996-12-11")
    assert participant_codes(data) == (("/data/participant", "CZE"),)


def test_the_examples_are_one_a_type() -> None:
    assert sorted(path.name for path in (CONTRACTS / "examples").glob("*.v1.json")) == [f"{t}.v1.json" for t in TYPES]
