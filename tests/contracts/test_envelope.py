"""Check instants, leaves and what is served of a recorded event."""

import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta, timezone
from typing import cast

import pytest
import rfc8785
from contracts.strategies import json_values, texts
from hypothesis import given
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON, canonical_bytes
from treaty_contracts.envelope import RecordedEvent, format_instant, leaf, parse_instant, recorded_json
from treaty_contracts.merkle import leaf_hash

INSTANT = "2026-11-23T07:15:00.123456Z"


@pytest.mark.property
@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_reads_back_as_it_was_written(instant: datetime) -> None:
    assert parse_instant(format_instant(instant)) == instant


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2020-05-22T14:00:00Z", "2020-05-22T14:00:00.000000Z"),
        ("2020-05-22t14:00:00.5z", "2020-05-22T14:00:00.500000Z"),
        ("2020-05-22T14:00:00.1234569Z", "2020-05-22T14:00:00.123456Z"),
        ("2020-05-22T14:00:00+02:00", "2020-05-22T12:00:00.000000Z"),
        ("2020-05-22T14:00:00-00:00", "2020-05-22T14:00:00.000000Z"),
    ],
)
def test_an_instant_is_told_in_utc_with_six_digits(text: str, instant: str) -> None:
    assert format_instant(parse_instant(text)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2020-05-22",
        "2020-05-22T14:00:00",
        "2020-05-22 14:00:00Z",
        "2020-05-22T14:00Z",
        "2020-05-22T14:00:60Z",
        "2020-05-22T24:00:00Z",
        "2020-02-30T14:00:00Z",
        "2020-05-22T14:00:00+24:00",
        "2020-05-22T14:00:00+0200",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2020-05-22T14:00:00Z\n",
        "\uff12020-05-22T14:00:00Z",
    ],
)
def test_what_names_no_instant_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


def test_an_instant_without_offset_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        format_instant(datetime(2020, 5, 22))  # noqa: DTZ001 - the very thing refused


def test_an_instant_of_another_zone_is_told_in_utc() -> None:
    assert (
        format_instant(datetime(2020, 5, 22, 1, tzinfo=timezone(timedelta(hours=2)))) == "2020-05-21T23:00:00.000000Z"
    )


@pytest.mark.property
@given(json_values, texts)
def test_a_leaf_is_the_canonical_form_of_its_parts(event: JSON, recorded_by: str) -> None:
    parts: dict[str, JSON] = {"v": 1, "event": event, "recorded_at": INSTANT, "recorded_by": recorded_by}
    assert leaf(canonical_bytes(event), INSTANT, recorded_by) == rfc8785.dumps(parts)


@pytest.mark.property
@given(json_values, texts, st.integers(0, 2**53 - 1), st.integers(1, 2**53 - 1))
def test_a_recorded_event_is_served_around_what_was_accepted(
    event: JSON, recorded_by: str, position: int, version: int
) -> None:
    digest = leaf_hash(leaf(canonical_bytes(event), INSTANT, recorded_by))
    served = recorded_json(
        canonical_bytes(event),
        position=position,
        version=version,
        recorded_at=INSTANT,
        recorded_by=recorded_by,
        leaf_hash=digest,
    )
    assert canonical_bytes(event) in served
    assert json.loads(served) == {
        "position": position,
        "version": version,
        "recorded_at": INSTANT,
        "recorded_by": recorded_by,
        "leaf_hash": b64encode(digest).decode(),
        "event": event,
    }


def test_what_is_served_reads_as_a_recorded_event() -> None:
    posted: dict[str, JSON] = {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:test",
        "type": "text.rectified",
        "subject": "open-skies",
        "data": {"on": "1992", "description": "a comma"},
        "traceparent": "00-ab",
    }
    served = recorded_json(
        canonical_bytes(posted),
        position=0,
        version=1,
        recorded_at=INSTANT,
        recorded_by="key:demo",
        leaf_hash=leaf_hash(b""),
    )
    recorded = RecordedEvent.model_validate(cast("JSON", json.loads(served)))
    assert recorded.event.as_posted() == posted
    assert (recorded.position, recorded.version, recorded.recorded_at) == (0, 1, INSTANT)
