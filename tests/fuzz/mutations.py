"""Change events a little: some stay acceptable and odd, most become wrong, and some are no JSON any more."""

import json
from collections.abc import Callable
from itertools import count

from contracts.facts import example
from contracts.strategies import json_values
from hypothesis import strategies as st

from treaty_contracts.canonical import JSON, JsonObject
from treaty_contracts.events import CATALOGUE

KNOWN = ("open-skies", "inf")
ODD = tuple(f"odd-{number}" for number in range(1, 5))
_ids = count(1)

days = st.sampled_from(
    ["1000-01-01", "1000", "1992-03-24", "2000-02-29", "2020-05-22", "2020-05", "2999-12-31", "2999", "2021-02-29"]
)
periods = st.sampled_from(["P1D", "P6M", "P99Y", "P1Y6M30D", "P0D", "P10000Y", "PT1H", "P52W"])
texts = st.sampled_from(
    ["x", "ÅÖ", "\U0001f600", "\u202egnirts", "\uffff", "Tu\u0308rkiye", "\x7f", "a\nb", "", " ", "'; --", "x" * 3_000]
)
codes = st.sampled_from(["USA", "RUS", "HUN", "EU", "SUN", "XXX", "usa", "A" * 40])
numbers = st.sampled_from([0, 1, -1, 2, 57, 83, 2**31, 2**53 - 1, 2**53, 10**30])
nested = st.sampled_from([5, 31, 33, 500]).map(lambda depth: json.loads("[" * depth + "]" * depth))
anything: st.SearchStrategy[JSON] = st.one_of(
    days, days, periods, texts, codes, numbers, st.booleans(), st.none(), nested, json_values
)

_Change = Callable[[dict[str, JSON] | list[JSON], "str | int", JSON], None]


def _replace(parent: dict[str, JSON] | list[JSON], place: str | int, value: JSON) -> None:
    parent[place] = value  # type: ignore[index] # the place was drawn from the parent


def _remove(parent: dict[str, JSON] | list[JSON], place: str | int, _value: JSON) -> None:
    del parent[place]  # type: ignore[arg-type] # the same


def _repeat(parent: dict[str, JSON] | list[JSON], place: str | int, value: JSON) -> None:
    if isinstance(parent, list):
        parent.append(parent[int(place)])
    else:
        parent[f"{place}x"] = value


_CHANGES: tuple[_Change, ...] = (_replace, _replace, _replace, _remove, _repeat)


def _places(value: JSON) -> list[tuple[dict[str, JSON] | list[JSON], str | int]]:
    """Return every place inside a value."""
    if not isinstance(value, dict | list):
        return []
    items: list[tuple[str | int, JSON]] = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [(value, place) for place, _ in items] + [deeper for _, inner in items for deeper in _places(inner)]


@st.composite
def events(draw: st.DrawFn) -> JsonObject:
    """Generate an event of any type whose data are changed in a few places, under an id of its own."""
    event = example(draw(st.just("treaty.registered") | st.sampled_from(sorted(CATALOGUE))))
    event["id"] = f"mutated/{next(_ids):08}"
    if event["subject"] != "participants":
        event["subject"] = draw(st.sampled_from(ODD if event["type"] == "treaty.registered" else KNOWN * 2 + ODD))
    for _ in range(draw(st.integers(0, 2))):
        places = _places(event if draw(st.integers(0, 5)) == 0 else event.get("data"))
        if places:
            parent, place = draw(st.sampled_from(places))
            draw(st.sampled_from(_CHANGES))(parent, place, draw(anything))
    return event


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Generate the bytes of such an event, perhaps damaged."""
    body = bytearray(json.dumps(draw(events()), ensure_ascii=draw(st.booleans())).encode())
    for _ in range(draw(st.integers(0, 2)) if draw(st.integers(0, 7)) == 0 else 0):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 3))] = draw(st.binary(max_size=4) | st.sampled_from(_DAMAGE))
    return bytes(body)


_DAMAGE = [b"\\u0000", b"\\ud800", b"\x00", b"NaN", b"1e999", b'"', b"{", b"[" * 40, b",", b"\xff", b"\n", b"9" * 400]
