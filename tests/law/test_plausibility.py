"""Check that two spells at once, and two signatures, are kept and flagged, in whatever order they were recorded."""

import datetime as dt
from collections.abc import Sequence

import pytest
from builders import (
    SIMPLE_CLAUSES,
    Event,
    acted,
    ceased,
    deposited,
    fact,
    folded,
    notified,
    registered,
    signed,
    succeeded,
)
from hypothesis import given
from hypothesis import strategies as st
from law.reading import reasons, spells
from law.strategies import in_another_order

from treaty_contracts.canonical import JSON
from treaty_projector.law.fold import fold

JOINED = deposited("CZE", "1970-01-01")
LEFT = notified("CZE", "1992-06-01")
SINCE_1950: dict[str, JSON] = {**SIMPLE_CLAUSES, "entry_into_force": {"rule": "on_date", "date": "1950-01-01"}}
CLAUSES = registered(SINCE_1950)


def test_a_succession_that_would_reach_into_an_earlier_spell_begins_where_that_ended() -> None:
    state = folded(CLAUSES, JOINED, LEFT, succeeded("CZE", "1996-01-01", states_effective_on="1993-01-01"))
    assert spells(state, "CZE") == [
        ("contracting", "1970-01-01", "1970-01-31"),
        ("party", "1970-01-31", "1993-06-01"),
        ("party", "1993-06-01", None),
    ]
    assert reasons(state) == ["overlapping_spells"]


def test_what_the_overlap_was_is_said() -> None:
    state = folded(CLAUSES, JOINED, LEFT, succeeded("CZE", "1996-01-01", states_effective_on="1993-01-01"))
    (anomaly,) = state.standings["CZE"].anomalies
    assert anomaly.position == 3
    assert anomaly.detail.endswith("It would begin on 1993-01-01; it begins on 1993-06-01.")


def test_a_succession_to_the_day_on_which_a_spell_ended_overlaps_nothing() -> None:
    state = folded(CLAUSES, JOINED, LEFT, succeeded("CZE", "1996-01-01", states_effective_on="1993-06-01"))
    assert spells(state, "CZE")[-1] == ("party", "1993-06-01", None)
    assert reasons(state) == []


def test_a_succession_that_waits_for_an_exit_overlaps_the_spell_which_that_ends() -> None:
    state = folded(CLAUSES, JOINED, LEFT, succeeded("CZE", "1993-02-01", states_effective_on="1993-01-01"))
    assert spells(state, "CZE")[-1] == ("party", "1993-06-01", None)
    assert reasons(state) == ["overlapping_spells"]


def test_a_deposit_that_waits_for_an_exit_looks_back_to_nothing() -> None:
    state = folded(CLAUSES, JOINED, LEFT, deposited("CZE", "1993-02-01"))
    assert reasons(state) == []


def test_a_succession_that_takes_back_days_as_a_signatory_overlaps_no_consent() -> None:
    state = folded(
        CLAUSES, signed("CZE", "1994-01-01"), succeeded("CZE", "1996-01-01", states_effective_on="1993-01-01")
    )
    assert spells(state, "CZE") == [("party", "1993-01-01", None)]
    assert reasons(state) == []


def test_whoever_signed_already_stays_a_signatory_since_the_first_day() -> None:
    state = folded(CLAUSES, signed("FRA", "1991-01-01"), signed("FRA", "1993-01-01"))
    assert spells(state, "FRA") == [("signatory", "1991-01-01", None)]
    assert reasons(state) == ["signed_already"]


def test_several_reports_of_one_signature_are_no_second_signature() -> None:
    told = [
        fact("treaty.registered", 0, CLAUSES[1]),
        fact("signature.affixed", 1, signed("FRA", "1991-01-01")[1], source="urn:a"),
        fact("signature.affixed", 2, signed("FRA", "1991-01-20")[1], source="urn:b"),
    ]
    assert reasons(fold("test", told, successions={})) == []


def test_a_signature_ad_referendum_may_be_confirmed_once() -> None:
    first, second, third = (
        signed("FRA", "1991-01-01", ad_referendum=True),
        signed("FRA", "1993-01-01"),
        signed("FRA", "1994-01-01"),
    )
    assert reasons(folded(CLAUSES, first, second)) == []
    assert reasons(folded(CLAUSES, first, second, third)) == ["signed_already"]


def test_a_signature_ad_referendum_confirms_no_other() -> None:
    twice = [signed("FRA", day, ad_referendum=True) for day in ("1991-01-01", "1993-01-01")]
    assert reasons(folded(CLAUSES, *twice)) == ["signed_already"]


def test_a_signature_ad_referendum_that_was_repeated_may_still_be_confirmed() -> None:
    twice = [signed("FRA", day, ad_referendum=True) for day in ("1991-01-01", "1993-01-01")]
    assert reasons(folded(CLAUSES, *twice, signed("FRA", "1994-01-01"))) == ["signed_already"]


def test_a_definitive_signature_after_another_is_a_consent() -> None:
    state = folded(CLAUSES, signed("FRA", "1991-01-01"), signed("FRA", "1993-01-01", definitive=True))
    assert [spell[0] for spell in spells(state, "FRA")] == ["signatory", "contracting", "party"]
    assert reasons(state) == []


def test_whoever_took_a_consent_back_has_still_signed() -> None:
    clauses: dict[str, JSON] = {}
    state = folded(
        registered(clauses),
        signed("FRA", "1991-01-01"),
        deposited("FRA", "1992-01-01"),
        acted("consent.withdrawn", "FRA", received_on="1993-01-01"),
        signed("FRA", "1994-01-01"),
    )
    assert reasons(state) == ["signed_already"]


def test_one_that_took_the_place_of_a_signatory_may_sign() -> None:
    state = folded(
        CLAUSES, signed("FRA", "1991-01-01"), ceased("FRA", "1992-01-01", "extinction"), signed("FRA", "1993-01-01")
    )
    assert reasons(state) == []


looking_back = st.builds(
    lambda days: [
        succeeded("CZE", max(days), states_effective_on=min(days)),
        notified("CZE", max(days)),
        signed("CZE", min(days)),
        deposited("CZE", min(days)),
    ],
    st.lists(st.dates(dt.date(1960, 1, 1), dt.date(1999, 12, 31)).map(str), min_size=2, max_size=2),
)
odd_histories = st.lists(looking_back.flatmap(st.sampled_from), min_size=2, max_size=8)


def told(events: Sequence[Event], order: Sequence[int]) -> list[tuple[int, str]]:
    """Return what is odd of facts recorded in this order, each by its place in the given order."""
    standings = fold("test", in_another_order(events, order), successions={}).standings.values()
    return sorted((order[found.position], found.reason.value) for standing in standings for found in standing.anomalies)


@pytest.mark.property
@given(odd_histories, st.data())
def test_the_order_of_recording_does_not_change_what_is_odd(done: list[Event], data: st.DataObject) -> None:
    events: list[Event] = [CLAUSES, *done]
    order = data.draw(st.permutations(range(len(events))))
    assert told(events, order) == told(events, range(len(events)))


@pytest.mark.property
@given(odd_histories)
def test_a_succession_that_is_not_flagged_begins_on_the_day_it_states(done: list[Event]) -> None:
    events: list[Event] = [CLAUSES, *done]
    state = fold("test", in_another_order(events, range(len(events))), successions={})
    flagged = {found.position for standing in state.standings.values() for found in standing.anomalies}
    for standing in state.standings.values():
        for spell in standing.spells:
            successions = [
                events[each][1] for each in spell.basis if each not in flagged and spell.mode == "succession"
            ]
            begun = [data["states_effective_on"] for data in successions if data.get("instrument") == "succession"]
            assert begun in ([], [str(spell.period.from_)])


@pytest.mark.property
@given(st.lists(st.dates(dt.date(1960, 1, 1), dt.date(1999, 12, 31)).map(str), min_size=1, max_size=6, unique=True))
def test_of_several_signatures_all_but_the_first_change_nothing(days: list[str]) -> None:
    state = folded(CLAUSES, *(signed("FRA", day) for day in days))
    assert spells(state, "FRA") == [("signatory", min(days), None)]
    assert reasons(state) == ["signed_already"] * (len(days) - 1)
